import Database
import Foundation
import ServiceCore
import Testing

struct ValuesTests {
    private enum Thing {}

    @Test func `an identifier made of others is always the same, and the one that Python's uuid5 makes`() {
        let dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
        #expect(DerivedIdentifier.uuid(of: "www.example.com", in: dns) == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
        #expect(DerivedIdentifier.uuid(of: "www.example.org", in: dns) != "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    @Test func `a UUID has the form and bits of version 4`() {
        for _ in 0..<100 {
            let text = ID<Thing>.random().text
            #expect(UUID(uuidString: text)?.uuidString.lowercased() == text)
            let digits = Array(text)
            #expect(digits[14] == "4")
            #expect("89ab".contains(digits[19]))
        }
        #expect(Set((0..<1000).map { _ in ID<Thing>.random() }).count == 1000)
        let hexadecimal = ID<Thing>.randomHex().text
        #expect(hexadecimal.count == 32 && hexadecimal.allSatisfy(\.isHexDigit))
    }

    @Test(arguments: ["", "a b", "../etc", "a/b", "é", "a\n", String(repeating: "a", count: 65), "'", "%00"])
    func `what cannot be an identifier is refused`(text: String) {
        #expect(ID<Thing>(untrusted: text) == nil)
    }

    @Test func `identifiers are texts in JSON and in the database`() throws {
        let id = ID<Thing>("abc")
        #expect(String(decoding: try JSONEncoder().encode([id]), as: UTF8.self) == "[\"abc\"]")
        #expect(try JSONDecoder().decode([ID<Thing>].self, from: Data("[\"abc\"]".utf8)) == [id])
        #expect(ID<Thing>(databaseValue: id.databaseValue) == id)
        #expect(ID<Thing>(databaseValue: .integer(1)) == nil)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_453_610_999, "2026-11-23T17:06:50Z"), (-1, "1969-12-31T23:59:59Z"),
            (4_107_542_399_000, "2100-02-28T23:59:59Z"), (4_107_542_400_000, "2100-03-01T00:00:00Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func `a moment is written as OpenStack writes it`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000"), (999, "1970-01-01T00:00:00.999000"),
            (1_000, "1970-01-01T00:00:01.000000"),
            (86_399_999, "1970-01-01T23:59:59.999000"), (951_782_400_001, "2000-02-29T00:00:00.001000"),
            (-1, "1969-12-31T23:59:59.999000"), (-86_400_001, "1969-12-30T23:59:59.999000"),
            (1_764_200_810_123, "2025-11-26T23:46:50.123000"),
        ] as [(Int64, String)])
    func `a time has six digits of a second where OpenStack writes them`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).withMicroseconds == text)
    }

    @Test func `moments agree with Foundation's calendar over four centuries`() {
        for day in stride(from: Int64(-80_000), through: 80_000, by: 37) {
            let moment = Timestamp(milliseconds: day * 86_400_000 + 45_296_000)
            let expected = Date(timeIntervalSince1970: Double(moment.seconds)).ISO8601Format()
            #expect(moment.iso8601 == expected)
        }
    }

    @Test func `a page has a sensible size whatever is asked for`() {
        #expect(PageRequest(limit: 0).limit == 1)
        #expect(PageRequest(limit: -5).limit == 1)
        #expect(PageRequest(limit: 1_000_000).limit == PageRequest.largest)
        #expect(PageRequest(marker: "a", limit: 20).limit == 20)
        #expect(!PageRequest(limit: 20, isBackward: true).isBackward)
    }

    @Test func `the system's clock is near Foundation's`() {
        let difference = SystemClock().now().milliseconds - Int64(Date().timeIntervalSince1970 * 1000)
        #expect(abs(difference) < 10_000)
    }

    @Test func `a page knows its neighbours, there and back`() {
        func page(_ found: [String], _ request: PageRequest) -> Page<String> { Page(found, of: request) { $0 } }
        let first = page(["e", "d", "c"], PageRequest(limit: 2))
        #expect((first.items, first.previous, first.next) == (["e", "d"], nil, "d"))
        let last = page(["c", "b"], PageRequest(marker: "d", limit: 2))
        #expect((last.items, last.previous, last.next) == (["c", "b"], "c", nil))
        let back = PageRequest(marker: "b", limit: 2, isBackward: true)
        let middle = page(["c", "d", "e"], back)
        #expect((middle.items, middle.previous, middle.next) == (["d", "c"], "d", "c"))
        #expect(back.restarted(after: middle) == nil)
        let short = page(["e"], PageRequest(marker: "d", limit: 2, isBackward: true))
        #expect((short.items, short.previous, short.next) == (["e"], nil, "e"))
        #expect(PageRequest(marker: "d", limit: 2, isBackward: true).restarted(after: short) == PageRequest(limit: 2))
    }
}
