import BenchmarkKit

/// The medians of one scenario, a line for each contender, as Markdown.
struct ResultTable {
    let title: String
    let rows: [(name: String, measurements: [Measurement])]

    private static let columns = [
        "requests/s", "ratio to C", "p50 µs", "p99 µs", "CPU µs/request", "ratio to C", "resident MB", "errors",
    ]

    var text: String {
        let ceiling = rows.first?.measurements.median(\.requestsPerSecond) ?? .nan
        let ceilingTime = rows.first?.measurements.median(\.processorPerRequest) ?? .nan
        let table = MarkdownTable.text(
            Self.columns,
            rows.map { name, measurements in
                let rate = measurements.median(\.requestsPerSecond)
                let time = measurements.median(\.processorPerRequest)
                let figures = [
                    rate.figure(0), (rate / ceiling).figure(2), measurements.median(\.p50).figure(0),
                    measurements.median(\.p99).figure(0), time.figure(2), (time / ceilingTime).figure(2),
                    (measurements.median(\.resident) / 1e6).figure(1), measurements.median(\.errors).figure(0),
                ]
                return (name, figures)
            })
        let foreign = rows.flatMap(\.measurements)
        return """
            ### \(title)

            \(table)

            Other programs kept \(foreign.median(\.foreignLoad).figure(2)) processors busy meanwhile (median; at most \
            \((foreign.map(\.foreignLoad).max() ?? 0).figure(2))).


            """
    }
}
