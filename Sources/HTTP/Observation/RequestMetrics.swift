/// Counts requests by method, route and status, and how long they took. Each event loop counts for itself; whoever
/// asks gets the sum.
public final class RequestMetrics: ObserverSource {
    private let recorders = Lock<[Recorder]>([])

    /// Nothing counted yet.
    public init() {}

    /// One more loop's counts.
    public func makeObserver() -> any RequestObserver {
        let recorder = Recorder()
        recorders.withLock { $0.append(recorder) }
        return recorder
    }

    /// What was counted since the start, one entry for each method, route and status that occurred, in that order.
    public func series() -> [RequestSeries] {
        var sums: [RequestSeries.Key: RequestSeries] = [:]
        for recorder in recorders.withLock({ $0 }) {
            for series in recorder.series { sums[series.key, default: RequestSeries(key: series.key)].add(series) }
        }
        return sums.values.sorted { $0.key < $1.key }
    }
}

/// How often something was asked and answered in one way, and how long that took.
public struct RequestSeries: Sendable {
    /// What is counted apart. The route is its pattern and never the path, so that the number of series stays bounded.
    public struct Key: Hashable, Comparable, Sendable {
        /// The route's pattern; empty when none matched.
        public let route: String
        /// As asked; "-" when the bytes never became a request.
        public let method: String
        /// What was answered.
        public let status: Int

        /// By route, then method, then status.
        public static func < (a: Key, b: Key) -> Bool {
            (a.route, a.method, a.status) < (b.route, b.method, b.status)
        }
    }

    /// Upper bounds of the histogram's buckets, in microseconds; what took longer is only in `count`.
    public static let bounds: [UInt64] = [
        250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        5_000_000, 10_000_000,
    ]

    /// What is counted here.
    public let key: Key
    /// Requests.
    public private(set) var count: UInt64 = 0
    /// Time from the head's arrival to the last byte handed to the kernel, all together.
    public private(set) var microseconds: UInt64 = 0
    /// Bytes of content sent.
    public private(set) var bytesSent: UInt64 = 0
    /// How many requests took at most as long as the bound of the same index, and longer than the one before.
    public private(set) var buckets = [UInt64](repeating: 0, count: bounds.count)

    init(key: Key) {
        self.key = key
    }

    mutating func add(microseconds duration: UInt64, bytesSent bytes: Int64) {
        count += 1
        microseconds += duration
        bytesSent += UInt64(bytes)
        var bucket = 0
        while bucket < buckets.count, duration > RequestSeries.bounds[bucket] { bucket += 1 }
        if bucket < buckets.count { buckets[bucket] += 1 }
    }

    mutating func add(_ other: RequestSeries) {
        count += other.count
        microseconds += other.microseconds
        bytesSent += other.bytesSent
        for index in buckets.indices { buckets[index] += other.buckets[index] }
    }
}

extension RequestMetrics {
    /// The counts of one loop. The lock is nearly always free: somebody else wants it only when metrics are read.
    private final class Recorder: RequestObserver, Sendable {
        /// One method and status of one route.
        private struct Entry {
            let method: Method?
            let status: Status
            var series: RequestSeries
        }

        /// By the route's number, which is dense; 0 for no route.
        private let routes = Lock<[[Entry]]>([])

        var series: [RequestSeries] { routes.withLock { $0.joined().map(\.series) } }

        func observe(_ request: RequestSummary) {
            let (method, status) = (request.method, request.status)
            let route = request.endpoint.map { $0.number + 1 } ?? 0
            routes.withLock { routes in
                while routes.count <= route { routes.append([]) }
                // By index: a closure would be given a copy of each entry.
                var index = 0
                while index < routes[route].count,
                    routes[route][index].status != status || routes[route][index].method != method
                { index += 1 }
                if index == routes[route].count {
                    let key = RequestSeries.Key(
                        route: request.pattern ?? "", method: method?.rawValue ?? "-", status: status.code)
                    routes[route].append(Entry(method: method, status: status, series: RequestSeries(key: key)))
                }
                routes[route][index].series.add(microseconds: request.microseconds, bytesSent: request.bytesSent)
            }
        }

        func flush() {}
    }
}
