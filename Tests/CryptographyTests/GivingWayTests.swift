import Testing

@testable import Cryptography

struct GivingWayTests {
    private static func compute(for span: Duration) {
        let end = ContinuousClock.now.advanced(by: span)
        while ContinuousClock.now < end {}
    }

    @Test func `a long computation gives way again and again, and tells what it made`() {
        let (value, times) = givingWay {
            Self.compute(for: .milliseconds(20))
            return "made"
        }
        #expect(value == "made")
        #expect(times > 1)
    }

    @Test func `many threads give way at once, and each counts its own times`() async {
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        #expect(givingWay { Self.compute(for: .milliseconds(2)) }.times > 0)
                    }
                }
            }
        }
    }
}
