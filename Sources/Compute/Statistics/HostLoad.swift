/// What the guests of one host used when it was last read.
public struct HostLoad: Sendable, Hashable {
    /// Guests that were measured.
    public internal(set) var guests = 0
    /// Virtual processors that were busy, in whole ones: two that are half busy are one.
    public internal(set) var busyVCPUs = 0.0
    /// What the guests took of the host's memory, in bytes.
    public internal(set) var residentBytes = 0.0

    /// Adds a guest. What the host does not count of it adds nothing.
    mutating func add(_ value: StatisticsChunk.Value, vcpus: Int) {
        guests += 1
        busyVCPUs += (value.means[StatisticsMetric.cpu.rawValue] ?? 0) / 100 * Double(vcpus)
        residentBytes += value.means[StatisticsMetric.memoryResident.rawValue] ?? 0
    }
}
