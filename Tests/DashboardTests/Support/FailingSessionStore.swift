import ServiceCore
import Synchronization

@testable import Dashboard

/// A session store that can go away and come back.
final class FailingSessionStore: SessionStore {
    private let kept = InMemorySessionStore(clock: ManualClock())
    private let isAway = Mutex(false)

    var fails: Bool {
        get { isAway.withLock { $0 } }
        set { isAway.withLock { $0 = newValue } }
    }

    func load(_ key: String) throws -> [UInt8]? {
        try answer()
        return kept.load(key)
    }

    func save(_ key: String, _ value: [UInt8], seconds: Int) throws {
        try answer()
        kept.save(key, value, seconds: seconds)
    }

    func remove(_ key: String) throws {
        try answer()
        kept.remove(key)
    }

    private func answer() throws {
        if fails { throw SessionStoreUnavailable(reason: "away for a test") }
    }
}
