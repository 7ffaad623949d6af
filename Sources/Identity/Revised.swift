import Synchronization

/// Something made of the database, kept for as long as nothing in Identity has changed.
///
/// The revision to keep it under has to be asked for before the database is: what changes meanwhile makes another one.
final class Revised<Value: Sendable>: Sendable {
    private let kept = Mutex<(revision: UInt64, value: Value)?>(nil)

    func found(at revision: UInt64) -> Value? {
        kept.withLock { kept in
            guard let kept, kept.revision == revision else { return nil }
            return kept.value
        }
    }

    func keep(_ value: Value, at revision: UInt64) {
        kept.withLock { $0 = (revision, value) }
    }
}
