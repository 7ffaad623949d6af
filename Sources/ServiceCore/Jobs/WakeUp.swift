import Foundation

/// A bell that workers sleep on. A ring that comes while nobody sleeps is not lost: the next sleep ends at once.
final class WakeUp: Sendable {
    private let condition = NSCondition()
    nonisolated(unsafe) private var rings: UInt64 = 0  // guarded by `condition`

    /// The rings so far; take it before looking for work, and hand it to ``wait(after:until:)``.
    var count: UInt64 {
        condition.withLock { rings }
    }

    func signal() {
        condition.withLock {
            rings += 1
            condition.broadcast()
        }
    }

    /// Sleeps until somebody has rung since `seen`, or for the given time.
    func wait(after seen: UInt64, atMost limit: Duration) {
        let (seconds, attoseconds) = limit.components
        let deadline = Date(timeIntervalSinceNow: Double(seconds) + Double(attoseconds) / 1e18)
        condition.withLock {
            while rings == seen, condition.wait(until: deadline) {}
        }
    }
}
