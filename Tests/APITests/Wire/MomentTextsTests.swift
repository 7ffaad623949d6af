import ServiceCore
import Testing

@testable import API

@Suite struct `Moments as texts` {
    @Test(
        arguments: [0, 999, 1_000, 86_399_999, 86_400_000, 1_764_200_810_123, 951_782_400_001, -1, -86_400_001]
            as [Int64])
    func `many at once are the same as each alone`(milliseconds: Int64) {
        let moments = MomentTexts()
        for shift: Int64 in [0, 1, 86_400_000, -86_400_000] {
            let moment = Timestamp(milliseconds: milliseconds + shift)
            #expect(moments.second(moment) == moment.iso8601)
            #expect(moments.microsecond(moment) == moment.withMicroseconds)
        }
    }

    @Test(arguments: [
        ("2026-11-23T17:06:50Z", "2026-11-23T17:06:50Z"), ("2026-11-23T17:06:50.5", "2026-11-23T17:06:50Z"),
        ("2026-11-23 17:06:50", "2026-11-23T17:06:50Z"), ("2026-11-23T17:06", "2026-11-23T17:06:00Z"),
        ("2026-11-23", "2026-11-23T00:00:00Z"), ("2026-11-23T18:06:50+01:00", "2026-11-23T17:06:50Z"),
        ("2026-11-23T17:06:50.123456", "2026-11-23T17:06:50Z"),
    ])
    func `what clients send is read`(text: String, moment: String) {
        #expect(Timestamp(openStack: text)?.iso8601 == moment)
    }

    @Test(arguments: ["", "yesterday", "2026-13-01", "2026-11-23T25:00:00", "1", "2011/12/13 00:00"])
    func `what is no moment is not`(text: String) {
        #expect(Timestamp(openStack: text) == nil)
    }
}
