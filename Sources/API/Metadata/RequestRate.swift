import Foundation
import Synchronization

/// How often each guest may ask: a bucket of so many requests, filled again with so many a second. Neutron can limit its
/// metadata service likewise (`metadata_rate_limiting`). A guest that boots asks some thirty times at once.
public final class RequestRate: Sendable {
    /// Who asks.
    struct Guest: Hashable, Sendable {
        let network: String
        let address: String
    }

    private struct Bucket {
        var left: Double
        var filled: Double
    }

    private let burst: Double
    private let perSecond: Double
    private let mostGuests: Int
    private let now: @Sendable () -> Double
    private let buckets = Mutex<[Guest: Bucket]>([:])

    /// - Parameters:
    ///   - burst: requests at once.
    ///   - perSecond: requests a second in the long run.
    ///   - mostGuests: guests that are remembered. A flood of made-up addresses takes no more memory than theirs.
    ///   - now: seconds of a clock that only goes forward; nil for the machine's.
    public init(
        burst: Int = 200, perSecond: Double = 10, mostGuests: Int = 16_384,
        now: (@Sendable () -> Double)? = nil
    ) {
        self.burst = Double(burst)
        self.perSecond = perSecond
        self.mostGuests = mostGuests
        self.now = now ?? { ProcessInfo.processInfo.systemUptime }
    }

    /// Counts a request.
    /// - Returns: nil when it may be answered, else after how many seconds, at least 1, the next may.
    func wait(of guest: Guest) -> Int? {
        let now = now()
        return buckets.withLock { buckets in
            if buckets[guest] == nil, buckets.count >= mostGuests { forget(&buckets, now) }
            var bucket = buckets[guest] ?? Bucket(left: burst, filled: now)
            bucket.left = level(of: bucket, now)
            bucket.filled = now
            let isAllowed = bucket.left >= 1
            if isAllowed { bucket.left -= 1 }
            buckets[guest] = bucket
            return isAllowed ? nil : max(1, Int(((1 - bucket.left) / perSecond).rounded(.up)))
        }
    }

    private func level(of bucket: Bucket, _ now: Double) -> Double {
        min(burst, bucket.left + max(0, now - bucket.filled) * perSecond)
    }

    /// Whoever has a full bucket is as good as unknown; when nobody has, all are.
    private func forget(_ buckets: inout [Guest: Bucket], _ now: Double) {
        buckets = buckets.filter { level(of: $0.value, now) < burst }
        if buckets.count >= mostGuests { buckets = [:] }
    }
}
