import Testing

@testable import HTTP

struct MultipartTests {
    private static let message =
        "ignored preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue ü\r\n"
        + "--XX  \r\nContent-Type: image/png\r\ncontent-disposition: FORM-DATA; name=f; filename=\"C:\\dir\\p \\\"q\\\".png\"\r\n\r\n"
        + "\r\n--X\r\n--XY\r\r\n--\u{0}\r\n--XX\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
        + "--XX--\r\nignored epilogue --XX"

    private func events(_ text: String, cuts: [Int] = []) throws -> [String] {
        let bytes = Array(text.utf8)
        var parser = try MultipartParser(boundary: "XX")
        var log: [String] = []
        var content: [UInt8] = []
        var previous = 0
        for cut in cuts + [bytes.count] {
            for event in parser.parse(Array(bytes[previous..<cut]).span) {
                switch event {
                case .part(let name, let fileName, let type): log.append("\(name) \(fileName ?? "-") \(type)")
                case .content(let more): content += more
                case .endOfPart:
                    log.append(String(decoding: content, as: UTF8.self))
                    content = []
                case .refused(let error): throw error
                }
            }
            previous = cut
        }
        return log + [parser.isComplete ? "complete" : "incomplete"]
    }

    @Test func `parts come out whole, with line breaks that are not delimiters`() throws {
        #expect(
            try events(Self.message) == [
                "a - text/plain", "value ü", "f C:\\dir\\p \"q\".png image/png", "\r\n--X\r\n--XY\r\r\n--\u{0}",
                "empty - text/plain", "", "complete",
            ])
    }

    @Test func `a form cut anywhere gives the same parts`() throws {
        let whole = try events(Self.message)
        let count = Self.message.utf8.count
        for first in 0...count { #expect(try events(Self.message, cuts: [first, min(first + 3, count)]) == whole) }
        #expect(try events(Self.message, cuts: Array(0...count)) == whole)
    }

    @Test func `a part's header section may be 8 KiB, however it is cut`() throws {
        for (length, isTaken) in [(8 << 10, true), (8 << 10 + 1, false)] {
            let field = "Content-Disposition: form-data; name=a\r\nX: "
            // The delimiter's line break counts, and so does the last field's.
            let header = "\r\n" + field + String(repeating: "x", count: length - field.utf8.count - 4) + "\r\n"
            let form = "--XX\(header)\r\n1\r\n--XX--"
            for cuts in [[], [4 + length + 1], [4 + length - 1], Array((length - 4)..<(length + 6))] {
                let outcome = try? events(form, cuts: cuts)
                #expect((outcome == ["a - text/plain", "1", "complete"]) == isTaken)
                #expect((outcome == nil) != isTaken)
            }
        }
    }

    @Test func `a form may begin with its delimiter and may be empty`() throws {
        #expect(try events("--XX--") == ["complete"])
        #expect(try events("--XX\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--XX--").count == 3)
        #expect(try events("--XX\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--X").last == "incomplete")
    }

    @Test(arguments: [
        "--XXjunk\r\n", "--XX\r\n\r\n\r\n", "--XX\r\nContent-Disposition: attachment; name=x\r\n\r\n",
        "--XX\r\nContent-Disposition: form-data\r\n\r\n", "--XX\r\nbad\r\n\r\n", "--XX\r\nA: \u{1}\r\n\r\n",
        "--XX\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n",
    ])
    func `a malformed part is refused`(text: String) {
        #expect(throws: RequestError.self) { try events(text) }
    }

    @Test func `a part's endless header section is refused`() throws {
        #expect(throws: RequestError.self) { try events("--XX\r\n" + String(repeating: "A: b\r\n", count: 2000)) }
    }

    @Test(arguments: ["", "a\"b", String(repeating: "x", count: 71), "trailing "])
    func `a boundary outside RFC 2046's grammar is refused`(boundary: String) {
        #expect(throws: RequestError.self) { try MultipartParser(boundary: boundary) }
    }

    private func receive(_ text: String, _ limits: FormLimits) throws -> FormData {
        var reader = try MultipartReader(boundary: "XX", limits: limits, directory: "/tmp")
        try reader.receive(Array(text.utf8).span)
        return try reader.finish()
    }

    private func file(_ content: String, name: String = "n.txt") -> String {
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(name)\"\r\n\r\n\(content)\r\n--XX--"
    }

    @Test func `a file lies in a temporary file until the last value that knows it goes`() throws {
        var path = ""
        do {
            let form = try receive(file("hello", name: "../../etc/passwd"), .files(upTo: 10))
            let upload = try #require(form.file("f"))
            #expect(upload.fileName == "passwd")
            #expect(upload.size == 5)
            path = upload.path
            #expect(try FileRegion(path: path).read() == Array("hello".utf8))
        }
        #expect(throws: SystemError.self) { try FileRegion(path: path) }
    }

    @Test func `a file above the threshold is written as it arrives`() throws {
        var limits = FormLimits.files(upTo: 1 << 20)
        limits.memoryThreshold = 10
        let form = try receive(file(String(repeating: "0123456789", count: 1000)), limits)
        #expect(try FileRegion(path: #require(form.file("f")).path).read().count == 10_000)
    }

    @Test func `limits on files, fields and their number hold`() {
        #expect(throws: ContentReceiver.fieldTooLarge) { try receive(file("123456"), .files(upTo: 5)) }
        #expect(throws: ContentReceiver.fieldTooLarge) { try receive(file("1"), .fields) }
        let field = "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n12345\r\n"
        #expect(throws: ContentReceiver.fieldTooLarge) { try receive(field + "--XX--", FormLimits(fieldSize: 4)) }
        #expect(throws: RequestError.self) { try receive(field + field + field + "--XX--", FormLimits(fieldCount: 2)) }
        #expect(throws: RequestError.self) { try receive(field, .fields) }
    }

    @Test func `a file field left empty is no file`() throws {
        #expect(try receive(file("", name: ""), .files(upTo: 5)).files.isEmpty)
    }
}
