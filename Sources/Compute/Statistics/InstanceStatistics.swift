public import ServiceCore

/// What one instance used over a time, at even steps. What is not known is nil: before the instance ran, while it was
/// off, while this program was, and whatever its host does not count.
public struct InstanceStatistics: Sendable {
    /// How far back it goes.
    public let range: StatisticsRange
    /// Seconds each value stands for.
    public let step: Int
    /// When the first value begins.
    public let start: Timestamp
    /// How many values there are of each metric.
    public let count: Int
    private let means: [[Double?]]
    private let peaks: [[Double?]]
    private let latest: [Double?]

    /// A metric's values, the oldest first.
    public func means(of metric: StatisticsMetric) -> [Double?] { means[metric.rawValue] }

    /// The largest value within each step, as far as shorter steps were measured.
    public func peaks(of metric: StatisticsMetric) -> [Double?] { peaks[metric.rawValue] }

    /// The value of the last ten seconds that were measured, unless they are over for half a minute.
    public func latest(of metric: StatisticsMetric) -> Double? { latest[metric.rawValue] }

    /// Whether there is any value at all.
    public var isKnown: Bool { means.contains { $0.contains { $0 != nil } } }

    /// When a value begins.
    public func time(of index: Int) -> Timestamp { start.adding(seconds: Int64(index * step)) }

    /// - Parameter finest: the newest rows of the finest archive.
    init(
        _ range: StatisticsRange, slots: Range<Int64>, rows: [Int64: StatisticsChunk], finest: [Int64: StatisticsChunk],
        now: Timestamp
    ) {
        let archive = range.archive
        self.range = range
        step = Int(archive.step)
        start = Timestamp(milliseconds: slots.lowerBound * archive.step * 1_000)
        count = slots.count
        let unknown = [[Double?]](
            repeating: [Double?](repeating: nil, count: slots.count), count: StatisticsMetric.allCases.count)
        var (means, peaks) = (unknown, unknown)
        for (index, slot) in slots.enumerated() {
            let place = archive.place(of: slot)
            guard let row = rows[place.chunk] else { continue }
            for metric in StatisticsMetric.allCases {
                means[metric.rawValue][index] = row.mean(metric, at: place.slot)
                peaks[metric.rawValue][index] = row.peak(metric, at: place.slot)
            }
        }
        self.means = means
        self.peaks = peaks
        latest = StatisticsMetric.allCases.map { metric in
            let end = now.seconds / StatisticsArchive.finest.step
            for slot in (end - 3...end).reversed() {
                let place = StatisticsArchive.finest.place(of: slot)
                if let value = finest[place.chunk]?.mean(metric, at: place.slot) { return value }
            }
            return nil
        }
    }
}
