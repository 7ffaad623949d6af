import Synchronization

/// How an event loop fares: what a loop does in one turn keeps everybody else on it waiting.
public struct LoopStatistics: Sendable {
    /// Upper bounds of the turns' histogram, in microseconds; longer ones are only in `turns`.
    public static let bounds: [UInt64] = [100, 1_000, 10_000, 100_000, 1_000_000]

    /// Times it woke up and worked.
    public let turns: UInt64
    /// Microseconds of work, all together.
    public let busyMicroseconds: UInt64
    /// How many turns took at most as long as the bound of the same index, and longer than the one before.
    public let buckets: [UInt64]
}

/// Counts the turns of one loop. Only the loop writes, so that no addition needs to be atomic; others read.
final class TurnCounter: Sendable {
    private let turns = Atomic<UInt64>(0)
    private let busy = Atomic<UInt64>(0)
    private let buckets: [Bucket]

    private final class Bucket: Sendable {
        let count = Atomic<UInt64>(0)
    }

    init() {
        buckets = LoopStatistics.bounds.map { _ in Bucket() }
    }

    var statistics: LoopStatistics {
        LoopStatistics(
            turns: turns.load(ordering: .relaxed), busyMicroseconds: busy.load(ordering: .relaxed),
            buckets: buckets.map { $0.count.load(ordering: .relaxed) })
    }

    /// A turn is over. On the loop's thread.
    func add(microseconds: UInt64) {
        increase(turns, by: 1)
        increase(busy, by: microseconds)
        if let index = LoopStatistics.bounds.firstIndex(where: { microseconds <= $0 }) {
            increase(buckets[index].count, by: 1)
        }
    }

    private func increase(_ value: borrowing Atomic<UInt64>, by amount: UInt64) {
        value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }
}
