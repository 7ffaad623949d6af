import Foundation
import Synchronization

/// Where services ask what time it is.
public protocol WallClock: Sendable {
    /// The present moment.
    func now() -> Timestamp
}

/// The machine's clock.
public struct SystemClock: WallClock {
    /// Makes the clock.
    public init() {}

    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// A clock that stands still until it is moved, for tests.
public final class ManualClock: WallClock {
    private let time: Mutex<Timestamp>

    /// A clock that shows 2026-01-01 00:00 UTC unless told otherwise.
    public init(_ start: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        time = Mutex(start)
    }

    public func now() -> Timestamp {
        time.withLock { $0 }
    }

    /// Moves the clock forward.
    public func advance(seconds: Int64) {
        time.withLock { $0 = $0.adding(seconds: seconds) }
    }
}
