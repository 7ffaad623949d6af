/// What is kept of every instance over time. The numbers are those in the database: they are only added to.
public enum StatisticsMetric: Int, CaseIterable, Sendable {
    /// How busy the virtual processors are, in percent of all of them.
    case cpu = 0
    /// Memory the guest itself says it uses, in bytes.
    case memoryUsed = 1
    /// Memory the guest takes on its host, in bytes.
    case memoryResident = 2
    /// Bytes read from the disks, a second.
    case diskRead = 3
    /// Bytes written to the disks, a second.
    case diskWritten = 4
    /// Read requests to the disks, a second.
    case diskReadRequests = 5
    /// Write requests to the disks, a second.
    case diskWriteRequests = 6
    /// Bytes received from the networks, a second.
    case received = 7
    /// Bytes sent to the networks, a second.
    case sent = 8
    /// Packets received, a second.
    case receivedPackets = 9
    /// Packets sent, a second.
    case sentPackets = 10
}

/// How far back one looks.
public enum StatisticsRange: String, CaseIterable, Sendable {
    case hour = "1h"
    case day = "24h"
    case week = "7d"
    case month = "30d"

    var archive: StatisticsArchive { StatisticsArchive.all[index] }

    private var index: Int {
        switch self {
        case .hour: 0
        case .day: 1
        case .week: 2
        case .month: 3
        }
    }
}

/// A stretch of time kept at one granularity, as in a round-robin table: what is older is overwritten.
///
/// Values lie in chunks, one row each. A chunk of one archive is as long as one value of the next, so that a coarse
/// value is made of exactly one row.
struct StatisticsArchive: Sendable, Hashable {
    /// Its number in the database.
    let number: Int
    /// Seconds a value stands for.
    let step: Int64
    /// Values in a row.
    let slots: Int
    /// Values that are kept.
    let kept: Int

    /// Seconds a row covers.
    var span: Int64 { step * Int64(slots) }
    /// Rows of an instance that hold what is kept, the first and the last in part.
    var chunks: Int64 { Int64(kept / slots) + 1 }
    /// A mean says little about an hour with one busy minute; the largest value is kept beside it.
    var hasPeaks: Bool { number > 0 }

    static let all = [
        StatisticsArchive(number: 0, step: 10, slots: 12, kept: 360),
        StatisticsArchive(number: 1, step: 120, slots: 5, kept: 720),
        StatisticsArchive(number: 2, step: 600, slots: 6, kept: 1_008),
        StatisticsArchive(number: 3, step: 3_600, slots: 6, kept: 720),
    ]
    static let finest = all[0]

    /// The chunk and the place in it of the value that begins `slot` steps after 1970-01-01.
    func place(of slot: Int64) -> (chunk: Int64, slot: Int) {
        let chunk = slot / Int64(slots)
        return (chunk, Int(slot - chunk * Int64(slots)))
    }
}
