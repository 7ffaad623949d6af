import ComputeHost

/// What one instance used between two readings of its counters.
struct StatisticsInterval: Sendable {
    /// Readings further apart say nothing about the time between: three that were missed.
    static let longest: Int64 = 30_000

    let instanceID: String
    let value: StatisticsChunk.Value
    /// The values of the finest archive that it is, counted from 1970: those whose middle lies between the readings.
    let slots: Range<Int64>

    /// Nil when nothing can be said: the clock went back, or the readings are too far apart.
    init?(from old: DomainStatistics, to new: DomainStatistics) {
        let length = new.takenAt - old.takenAt
        guard old.instanceID == new.instanceID, length > 0, length <= Self.longest else { return nil }
        instanceID = new.instanceID
        slots = Self.slot(after: old.takenAt)..<Self.slot(after: new.takenAt)
        let rate = Rates(old: old, new: new, seconds: Double(length) / 1_000)
        var means = [Double?](repeating: nil, count: StatisticsMetric.allCases.count)
        for metric in StatisticsMetric.allCases { means[metric.rawValue] = rate.value(of: metric) }
        value = StatisticsChunk.Value(means: means, peaks: means)
    }

    /// The first value whose middle is later than a moment.
    private static func slot(after milliseconds: Int64) -> Int64 {
        let step = StatisticsArchive.finest.step * 1_000
        return (milliseconds + step / 2) / step
    }
}

/// The change of counters as something a second.
private struct Rates {
    let old: DomainStatistics
    let new: DomainStatistics
    let seconds: Double

    func value(of metric: StatisticsMetric) -> Double? {
        switch metric {
        case .cpu: cpu
        case .memoryUsed: new.memory.used.map { Double($0) * 1_024 }
        case .memoryResident: new.memory.resident.map { Double($0) * 1_024 }
        case .diskRead: sum(\.disks, \.name, \.readBytes)
        case .diskWritten: sum(\.disks, \.name, \.writtenBytes)
        case .diskReadRequests: sum(\.disks, \.name, \.readRequests)
        case .diskWriteRequests: sum(\.disks, \.name, \.writeRequests)
        case .received: sum(\.interfaces, \.name, \.receivedBytes)
        case .sent: sum(\.interfaces, \.name, \.sentBytes)
        case .receivedPackets: sum(\.interfaces, \.name, \.receivedPackets)
        case .sentPackets: sum(\.interfaces, \.name, \.sentPackets)
        }
    }

    private var cpu: Double? {
        guard let before = old.cpuTime, let now = new.cpuTime, let rate = rate(before, now) else { return nil }
        // The host reads counter and clock a moment apart: a busy guest would have 100.1 %.
        return min(100, rate / 1e9 / Double(max(1, new.vcpus ?? 1)) * 100)
    }

    /// Over the devices that were there at both readings: one that is attached or detached makes no jump.
    private func sum<Device>(
        _ devices: (DomainStatistics) -> [Device], _ name: (Device) -> String, _ counter: (Device) -> UInt64
    ) -> Double? {
        let before = Dictionary(devices(old).map { (name($0), counter($0)) }) { first, _ in first }
        var sum: Double?
        for device in devices(new) {
            guard let earlier = before[name(device)] else { continue }
            guard let rate = rate(earlier, counter(device)) else { return nil }
            sum = (sum ?? 0) + rate
        }
        return sum
    }

    /// Nil when the counter began anew in between: what was counted before its end is lost.
    private func rate(_ before: UInt64, _ now: UInt64) -> Double? {
        now >= before ? Double(now - before) / seconds : nil
    }
}
