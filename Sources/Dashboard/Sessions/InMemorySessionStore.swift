public import ServiceCore
import Synchronization

/// Keeps sessions in this process (`locmem`): they are gone after a restart and unknown to other processes.
public final class InMemorySessionStore: SessionStore {
    private struct Entry {
        let value: [UInt8]
        let expiresAt: Timestamp
    }

    /// More than this many at once are swept of those whose time is up.
    private static let sweepAbove = 1024

    private let entries = Mutex<[String: Entry]>([:])
    private let clock: any WallClock

    /// An empty store.
    public init(clock: any WallClock) {
        self.clock = clock
    }

    /// See ``SessionStore``.
    public func load(_ key: String) -> [UInt8]? {
        let now = clock.now()
        return entries.withLock { entries in
            guard let entry = entries[key], entry.expiresAt > now else { return nil }
            return entry.value
        }
    }

    /// See ``SessionStore``.
    public func save(_ key: String, _ value: [UInt8], seconds: Int) {
        let now = clock.now()
        entries.withLock { entries in
            if entries.count >= Self.sweepAbove { entries = entries.filter { $0.value.expiresAt > now } }
            entries[key] = Entry(value: value, expiresAt: now.adding(.seconds(seconds)))
        }
    }

    /// See ``SessionStore``.
    public func remove(_ key: String) {
        entries.withLock { _ = $0.removeValue(forKey: key) }
    }
}
