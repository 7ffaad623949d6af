/// One row of an archive: a few values of every metric, each with its peak where the archive keeps peaks.
struct StatisticsChunk: Hashable, Sendable {
    private static let metrics = StatisticsMetric.allCases.count
    private let slots: Int
    private let hasPeaks: Bool
    /// Metric by metric, in the codes of `StatisticsCode`.
    private var means: [UInt16]
    private var peaks: [UInt16]

    /// A chunk in which nothing is known.
    init(_ archive: StatisticsArchive) {
        slots = archive.slots
        hasPeaks = archive.hasPeaks
        means = [UInt16](repeating: StatisticsCode.unknown, count: Self.metrics * slots)
        peaks = hasPeaks ? means : []
    }

    /// One value of every metric, with its peak.
    struct Value: Hashable, Sendable {
        var means = [Double?](repeating: nil, count: metrics)
        var peaks = [Double?](repeating: nil, count: metrics)
    }

    mutating func set(_ value: Value, at slot: Int) {
        for metric in 0..<Self.metrics {
            means[metric * slots + slot] = StatisticsCode.encode(value.means[metric])
            if hasPeaks { peaks[metric * slots + slot] = StatisticsCode.encode(value.peaks[metric]) }
        }
    }

    func mean(_ metric: StatisticsMetric, at slot: Int) -> Double? {
        StatisticsCode.decode(means[metric.rawValue * slots + slot])
    }

    /// The largest value behind the mean; where no peaks are kept, the value itself.
    func peak(_ metric: StatisticsMetric, at slot: Int) -> Double? {
        hasPeaks ? StatisticsCode.decode(peaks[metric.rawValue * slots + slot]) : mean(metric, at: slot)
    }

    /// All values as one of the next archive: the mean of those that are known. When most are not, nobody knows.
    func consolidated() -> Value {
        var value = Value()
        for metric in StatisticsMetric.allCases {
            let known = (0..<slots).compactMap { mean(metric, at: $0) }
            guard known.count * 2 >= slots else { continue }
            value.means[metric.rawValue] = known.reduce(0, +) / Double(known.count)
            value.peaks[metric.rawValue] = (0..<slots).compactMap { peak(metric, at: $0) }.max()
        }
        return value
    }
}

extension StatisticsChunk {
    /// Two bytes that say which metrics are known, then the codes of each of these, low bytes first. What a host does
    /// not count takes no room.
    var data: [UInt8] {
        let known = (0..<Self.metrics).filter { metric in
            means[metric * slots..<(metric + 1) * slots].contains { $0 != StatisticsCode.unknown }
        }
        var data: [UInt8] = []
        data.reserveCapacity(2 + known.count * slots * (hasPeaks ? 4 : 2))
        func append(_ code: UInt16) {
            data.append(UInt8(truncatingIfNeeded: code))
            data.append(UInt8(code >> 8))
        }
        append(known.reduce(0) { $0 | 1 << UInt16($1) })
        for metric in known {
            for slot in metric * slots..<(metric + 1) * slots { append(means[slot]) }
            if hasPeaks { for slot in metric * slots..<(metric + 1) * slots { append(peaks[slot]) } }
        }
        return data
    }

    /// Reads a row. Of a metric this program does not know, or a row that was cut short, the rest is unknown.
    init(_ data: [UInt8], _ archive: StatisticsArchive) {
        self.init(archive)
        var place = 0
        func next() -> UInt16? {
            guard place + 1 < data.count else { return nil }
            defer { place += 2 }
            return UInt16(data[place]) | UInt16(data[place + 1]) << 8
        }
        guard let known = next() else { return }
        for metric in 0..<Self.metrics where known & 1 << UInt16(metric) != 0 {
            for slot in metric * slots..<(metric + 1) * slots { means[slot] = next() ?? StatisticsCode.unknown }
            guard hasPeaks else { continue }
            for slot in metric * slots..<(metric + 1) * slots { peaks[slot] = next() ?? StatisticsCode.unknown }
        }
    }
}
