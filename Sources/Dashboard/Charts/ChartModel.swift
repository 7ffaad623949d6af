import Compute
import Markup
import ServiceCore

/// One chart as its template shows it: the drawing, what each line is with its numbers, and the same as a table.
struct ChartModel: TemplateModel {
    let id: String
    let title: String
    /// Why there is no drawing.
    var problem: String?
    var drawing = SafeHTML.empty
    /// The marks of the value axis, from the top.
    var marks: [String] = []
    var keys: [Key] = []
    /// The line that cannot be passed.
    var limit: Key?
    /// The lines' columns in the file of values, and their unit, for the script.
    var columns = ""
    var quantity = ""
    var rows: [Row] = []

    /// A line of the chart with its numbers.
    struct Key: TemplateModel {
        let style: String
        let title: String
        /// How else it is drawn.
        var note = ""
        let now: String
        var average = ""
        var maximum = ""

        static let shape = Shape<Key>([
            .text("style", \.style), .text("title", \.title), .text("note", \.note), .text("now", \.now),
            .text("average", \.average),
            .text("maximum", \.maximum),
        ])
    }

    /// A part of the time in the table.
    struct Row: TemplateModel {
        let time: String
        let values: [String]

        static let shape = Shape<Row>([.text("time", \.time), .texts("values", \.values)])
    }

    static let shape = Shape<ChartModel>([
        .text("id", \.id), .text("title", \.title), .optionalText("problem", \.problem), .safe("drawing", \.drawing),
        .texts("marks", \.marks), .list("keys", \.keys),
        .optional("limit", \.limit), .text("columns", \.columns), .text("quantity", \.quantity),
        .list("rows", \.rows),
    ])
}

/// A chart to be made of an instance's statistics.
struct UsageChart: Sendable {
    let id: String
    let title: Message
    let quantity: Quantity
    let lines: [(metric: StatisticsMetric, title: Message)]
    /// Said when a host counts nothing of it.
    let absence: Message
    /// What cannot be passed, and what it is.
    var limit: (value: Double, title: Message)?
    /// What lies below the peaks is shaded.
    var showsPeaks = false

    /// Parts of the time in the table: as many as one can read.
    private static let rows = 12
    private static let styles = ["first", "second"]

    static func all(memoryMiB: Int) -> [UsageChart] {
        let uncounted = Message("The host does not count this for the instance.")
        return [
            UsageChart(
                id: "cpu", title: Message("CPU"), quantity: .percent,
                lines: [(.cpu, Message("Of all vCPUs"))], absence: uncounted, showsPeaks: true),
            UsageChart(
                id: "memory", title: Message("Memory"), quantity: .bytes,
                lines: [(.memoryUsed, Message("Used by the guest")), (.memoryResident, Message("Taken on the host"))],
                absence: uncounted, limit: (Double(memoryMiB) * 1_048_576, Message("Memory of the flavor"))),
            UsageChart(
                id: "disk", title: Message("Disk throughput"), quantity: .throughput,
                lines: [(.diskRead, Message("Read")), (.diskWritten, Message("Written"))], absence: uncounted),
            UsageChart(
                id: "requests", title: Message("Disk requests"), quantity: .rate,
                lines: [(.diskReadRequests, Message("Read")), (.diskWriteRequests, Message("Written"))],
                absence: uncounted),
            UsageChart(
                id: "network", title: Message("Network throughput"), quantity: .throughput,
                lines: [(.received, Message("Received")), (.sent, Message("Sent"))],
                absence: Message("This network is inside the emulator, where the host cannot count.")),
            UsageChart(
                id: "packets", title: Message("Network packets"), quantity: .rate,
                lines: [(.receivedPackets, Message("Received")), (.sentPackets, Message("Sent"))],
                absence: Message("This network is inside the emulator, where the host cannot count.")),
        ]
    }

    func model(_ statistics: InstanceStatistics, _ axis: TimeAxis) -> ChartModel {
        let wording = axis.wording
        var model = ChartModel(id: id, title: wording(title))
        let values = lines.map { statistics.means(of: $0.metric) }
        guard values.contains(where: { $0.contains { $0 != nil } }) else {
            model.problem = wording(statistics.isKnown ? absence : Message("Nothing was measured in this time."))
            return model
        }
        let keys = lines.indices.map { key($0, statistics, wording) }
        let series = zip(lines, Self.styles).map { line, style in
            LineChart.Series(
                style: style, values: statistics.means(of: line.metric),
                peaks: showsPeaks ? statistics.peaks(of: line.metric) : nil)
        }
        let drawn = series.flatMap { $0.peaks ?? LineChart.thinned($0.values) }.compactMap { $0 }
        let top = quantity.top(for: max(limit?.value ?? 0, drawn.max() ?? 0))
        let said = keys.map { key in
            wording(
                Message(
                    "{line}: now {now}, average {average}, maximum {maximum}",
                    ["line": key.title, "now": key.now, "average": key.average, "maximum": key.maximum]))
        }
        model.drawing =
            LineChart(
                series: series, top: top, limit: limit?.value, ticks: axis.ticks,
                title: "\(model.title). \(said.joined(separator: ". "))"
            ).drawing
        model.marks = quantity.marks(to: top)
        model.keys = keys
        if let limit {
            model.limit = ChartModel.Key(style: "limit", title: wording(limit.title), now: quantity.text(limit.value))
        }
        model.columns = lines.map(\.metric.column).joined(separator: " ")
        model.quantity = quantity.rawValue
        model.rows = rows(values, statistics, axis)
        return model
    }

    private func key(_ index: Int, _ statistics: InstanceStatistics, _ wording: Wording) -> ChartModel.Key {
        let metric = lines[index].metric
        let known = statistics.means(of: metric).compactMap { $0 }
        let average = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        let maximum = statistics.peaks(of: metric).compactMap { $0 }.max()
        return ChartModel.Key(
            style: Self.styles[index], title: wording(lines[index].title),
            note: showsPeaks ? wording(Message("peaks shaded")) : "", now: said(statistics.latest(of: metric)),
            average: said(average), maximum: said(maximum))
    }

    /// The means of a few parts of the time, the newest first.
    private func rows(
        _ values: [[Double?]], _ statistics: InstanceStatistics, _ axis: TimeAxis
    ) -> [ChartModel.Row] {
        let length = max(1, statistics.count / Self.rows)
        return stride(from: 0, to: statistics.count, by: length).reversed().map { start in
            ChartModel.Row(
                time: axis.precise(statistics.time(of: start)),
                values: values.map { values in
                    let known = values[start..<min(start + length, values.count)].compactMap { $0 }
                    return said(known.isEmpty ? nil : known.reduce(0, +) / Double(known.count))
                })
        }
    }

    private func said(_ value: Double?) -> String { value.map(quantity.text) ?? "–" }
}
