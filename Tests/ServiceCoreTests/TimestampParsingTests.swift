import ServiceCore
import Testing

struct TimestampParsingTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-23T17:06:50Z", 1_795_453_610_000), ("2026-11-23", 1_795_392_000_000),
        ("2026-11-23T17:06:50", 1_795_453_610_000), ("2026-11-23T17:06:50.123456", 1_795_453_610_123),
        ("2026-11-23T19:06:50+02:00", 1_795_453_610_000), ("2026-11-23 17:06:50.5Z", 1_795_453_610_500),
        ("2026-11-23T12:06:50-0500", 1_795_453_610_000), ("2026-11-23 17:06:50", 1_795_453_610_000),
        ("2026-11-23T17:06:50.5", 1_795_453_610_500), ("2026-11-23T17:06", 1_795_453_560_000),
        ("2026-11-23T18:06:50+01:00", 1_795_453_610_000), ("2024-02-29T00:00Z", 1_709_164_800_000),
    ])
    func `times of OpenStack's clients are read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "yesterday", "2026", "2026-13-01", "2026-11-23T", "2026-11-23T25:00:00", "2026-11-23T17:06:50X", "26-11-23",
        "1", "2011/12/13 00:00", "2026-04-31", "2026-02-29", "2026-11-23T17:06:60", "2026-11-23T17:06:50+24:00",
    ])
    func `what is no time is none`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test func `what is written is read`() {
        for milliseconds in stride(from: Int64(0), to: 4_000_000_000_000, by: 97_654_321_000) {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Timestamp(iso8601: time.iso8601)?.seconds == time.seconds)
        }
    }
}
