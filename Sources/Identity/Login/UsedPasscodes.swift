import Synchronization

/// Which half minute's one-time password each user has used last: none counts twice, nor one before it.
final class UsedPasscodes: Sendable {
    private let last = Mutex<[String: Int64]>([:])

    /// Whether the passcode of that half minute is new; from now on it is not.
    func take(_ userID: String, _ step: Int64) -> Bool {
        last.withLock { last in
            // What is older than the passcodes that are taken has no use.
            if last.count > 10_000 { last = last.filter { $0.value >= step - 1 } }
            guard last[userID].map({ $0 < step }) ?? true else { return false }
            last[userID] = step
            return true
        }
    }
}
