import Foundation

/// The medians of one scenario, a line for each contender, as Markdown.
struct ResultTable {
    let title: String
    let rows: [(name: String, measurements: [Measurement])]

    var text: String {
        let ceiling = rows.first?.measurements.median(\.requestsPerSecond) ?? .nan
        let ceilingTime = rows.first?.measurements.median(\.processorPerRequest) ?? .nan
        var lines = [
            "### \(title)", "",
            "| | requests/s | ratio to C | p50 µs | p99 µs | CPU µs/request | ratio to C | resident MB | errors |",
            "|---" + String(repeating: "|--:", count: 8) + "|",
        ]
        for (name, measurements) in rows {
            let rate = measurements.median(\.requestsPerSecond)
            let time = measurements.median(\.processorPerRequest)
            lines.append(
                "| \(name) | "
                    + [
                        Self.number(rate, 0), Self.number(rate / ceiling, 2),
                        Self.number(measurements.median(\.p50), 0),
                        Self.number(measurements.median(\.p99), 0), Self.number(time, 2),
                        Self.number(time / ceilingTime, 2),
                        Self.number(measurements.median(\.resident) / 1e6, 1),
                        Self.number(measurements.median(\.errors), 0),
                    ].joined(separator: " | ") + " |")
        }
        let foreign = rows.flatMap(\.measurements)
        lines += [
            "",
            "Other programs kept \(Self.number(foreign.median(\.foreignLoad), 2)) processors busy meanwhile (median; at "
                + "most \(Self.number(foreign.map(\.foreignLoad).max() ?? 0, 2))).", "",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    static func number(_ value: Double, _ decimals: Int) -> String {
        value.isFinite && value >= 0 ? String(format: "%.\(decimals)f", value) : "–"
    }
}
