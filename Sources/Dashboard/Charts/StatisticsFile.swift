import Compute
import ServiceCore

extension StatisticsMetric {
    /// Its name in files.
    var column: String {
        switch self {
        case .cpu: "cpu_percent"
        case .memoryUsed: "memory_used_bytes"
        case .memoryResident: "memory_resident_bytes"
        case .diskRead: "disk_read_bytes_per_second"
        case .diskWritten: "disk_written_bytes_per_second"
        case .diskReadRequests: "disk_read_requests_per_second"
        case .diskWriteRequests: "disk_write_requests_per_second"
        case .received: "network_received_bytes_per_second"
        case .sent: "network_sent_bytes_per_second"
        case .receivedPackets: "network_received_packets_per_second"
        case .sentPackets: "network_sent_packets_per_second"
        }
    }
}

/// Statistics as comma-separated values (RFC 4180): a line for each step, nothing where nothing is known.
enum StatisticsFile {
    static func text(_ statistics: InstanceStatistics) -> String {
        let metrics = StatisticsMetric.allCases
        let hasPeaks = statistics.range != .hour
        var header = ["time"] + metrics.map(\.column)
        if hasPeaks { header += metrics.map { $0.column + "_max" } }
        let means = metrics.map(statistics.means)
        let columns = hasPeaks ? means + metrics.map(statistics.peaks) : means
        var text = header.joined(separator: ",") + "\r\n"
        for index in 0..<statistics.count {
            text += statistics.time(of: index).iso8601
            for column in columns {
                text += ","
                if let value = column[index] { text += number(value) }
            }
            text += "\r\n"
        }
        return text
    }

    /// To three decimals, without zeros at the end.
    private static func number(_ value: Double) -> String {
        let thousandths = Int64((value * 1_000).rounded())
        var text = String(thousandths / 1_000)
        var rest = thousandths % 1_000
        guard rest > 0 else { return text }
        text += "."
        var place: Int64 = 100
        while rest > 0 {
            text += String(rest / place)
            rest %= place
            place /= 10
        }
        return text
    }
}
