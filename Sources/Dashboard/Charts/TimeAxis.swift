import Compute
import Foundation
import ServiceCore

/// Where the labels of a time axis stand: at round times of the reader's own clock.
struct TimeAxis: Sendable {
    let start: Timestamp
    /// In seconds.
    let length: Int64
    let range: StatisticsRange
    let wording: Wording

    /// Seconds between two labels.
    private var distance: Int64 {
        switch range {
        case .hour: 900
        case .day: 4 * 3_600
        case .week: 86_400
        case .month: 5 * 86_400
        }
    }

    /// Seconds of the reader's clock before UTC's, at the start.
    var offset: Int {
        wording.timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(start.seconds)))
    }

    var ticks: [LineChart.Tick] {
        let offset = Int64(offset)
        let first = (start.seconds + offset + distance - 1) / distance * distance - offset
        return stride(from: first, to: start.seconds + length, by: Int(distance)).compactMap { second in
            let place = Int((second - start.seconds) * 1_000 / length)
            // A label at the very edge would be cut.
            guard (35...965).contains(place) else { return nil }
            return LineChart.Tick(place: place, text: short(Timestamp(milliseconds: second * 1_000)))
        }
    }

    /// `14:30`, or for days `11-26`.
    func short(_ moment: Timestamp) -> String {
        let text = wording.time(moment)
        switch range {
        case .hour, .day: return String(text.dropFirst(11).prefix(5))
        case .week, .month: return String(text.dropFirst(5).prefix(5))
        }
    }

    /// For the table: with the day where there are several.
    func precise(_ moment: Timestamp) -> String {
        let text = wording.time(moment)
        return String(range == .hour ? text.dropFirst(11).prefix(5) : text.dropFirst(5).prefix(11))
    }
}
