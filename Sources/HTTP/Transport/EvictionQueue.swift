/// Whom to close when there is no room: those that have kept the server waiting longest.
///
/// Nothing is kept in order while there is room, which is nearly always. When there is none, one look at all the
/// connections gives a list that serves for as long as it lasts; what has happened to a connection since is looked at
/// when its turn comes.
struct EvictionQueue {
    /// Someone who waits, and since when.
    struct Candidate {
        let reference: Connection.Reference
        /// Microseconds on the loop's clock.
        let since: UInt64
    }

    /// Microseconds between two looks at all connections, so that a flood cannot make the loop do nothing else.
    static let pause: UInt64 = 10_000

    /// The longest wait last.
    private var candidates: [Candidate] = []
    private var nextLook: UInt64 = 0

    /// The next one to close.
    /// - Parameters:
    ///   - look: gives everyone who waits, in any order.
    ///   - isWaiting: whether that one still waits, since the same moment.
    mutating func next(
        now: UInt64, _ look: () -> [Candidate], _ isWaiting: (Candidate) -> Bool
    ) -> Connection.Reference? {
        if let found = next(isWaiting) { return found }
        guard now >= nextLook else { return nil }
        nextLook = now + EvictionQueue.pause
        candidates = look().sorted { $0.since > $1.since }
        return next(isWaiting)
    }

    private mutating func next(_ isWaiting: (Candidate) -> Bool) -> Connection.Reference? {
        while let candidate = candidates.popLast() {
            if isWaiting(candidate) { return candidate.reference }
        }
        return nil
    }
}
