import Markup

/// A line chart over time, drawn as SVG by the server. It only computes: the same values make the same markup.
///
/// The drawing is as wide as the page lets it be. What must not be stretched, the labels and the strokes, is in pixels;
/// the lines themselves are in a drawing of their own inside, which is.
struct LineChart: Sendable {
    struct Series: Sendable {
        /// The class its line is coloured by.
        let style: String
        /// The oldest first; nil where nothing is known.
        let values: [Double?]
        /// The largest value behind each; what lies below is shaded.
        var peaks: [Double?]?
    }

    /// A label below the plot.
    struct Tick: Sendable, Hashable {
        /// In thousandths of the width.
        let place: Int
        let text: String
    }

    /// In pixels.
    private static let plotHeight = 132
    private static let height = plotHeight + 22
    /// More points than this on a line cannot be told apart.
    private static let mostPoints = 240
    private static let unit = 1_000

    let series: [Series]
    /// The value at the upper edge.
    let top: Double
    /// A value that cannot be passed, as a line of its own.
    var limit: Double?
    let ticks: [Tick]
    /// What the drawing shows, in words.
    let title: String

    var drawing: SafeHTML {
        .element(
            .svg,
            ["class": "chart-plot", "width": "100%", "height": "\(Self.height)", "role": "img", "aria-label": title],
            grid + [lines] + labels)
    }

    private var grid: [SafeHTML] {
        let rules = (0...4).map { part in
            let y = "\(part * Self.plotHeight / 4)"
            return SafeHTML.element(
                .line, ["class": part == 4 ? "base" : "rule", "x1": "0", "x2": "100%", "y1": y, "y2": y])
        }
        let marks = ticks.map { tick in
            let x = Self.percent(tick.place)
            return SafeHTML.element(
                .line, ["class": "rule", "x1": x, "x2": x, "y1": "0", "y2": "\(Self.plotHeight)"])
        }
        return rules + marks
    }

    private var labels: [SafeHTML] {
        ticks.map { tick in
            .element(
                .text, ["x": Self.percent(tick.place), "y": "\(Self.plotHeight + 17)", "text-anchor": "middle"],
                [.text(tick.text)])
        }
    }

    private var lines: SafeHTML {
        let points = series.map { Self.thinned($0.values) }
        let count = points.map(\.count).max() ?? 0
        var drawn: [SafeHTML] = []
        if let limit, limit <= top {
            let y = "\(Self.height(of: limit, top))"
            drawn.append(.element(.line, ["class": "limit", "x1": "0", "x2": "\(2 * count)", "y1": y, "y2": y]))
        }
        for (series, values) in zip(series, points) {
            let path = Self.path(values, top)
            guard !path.isEmpty else { continue }
            if let peaks = series.peaks.map(Self.largest) {
                drawn.append(.element(.path, ["class": "area \(series.style)", "d": Self.area(peaks, top)]))
            }
            drawn.append(.element(.path, ["class": "line \(series.style)", "d": path]))
        }
        return .element(
            .svg,
            [
                "class": "chart-lines", "width": "100%", "height": "\(Self.plotHeight)",
                "viewBox": "0 0 \(max(1, 2 * count)) \(Self.unit)", "preserveAspectRatio": "none",
            ], drawn)
    }

    /// At most so many points as can be seen: the means of neighbours.
    static func thinned(_ values: [Double?]) -> [Double?] {
        joined(values) { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
    }

    /// The same for peaks: the largest of neighbours.
    static func largest(_ values: [Double?]) -> [Double?] {
        joined(values) { $0.max() }
    }

    private static func joined(_ values: [Double?], _ point: ([Double]) -> Double?) -> [Double?] {
        let share = (values.count + mostPoints - 1) / mostPoints
        guard share > 1 else { return values }
        return stride(from: 0, to: values.count, by: share).map { start in
            point(values[start..<min(start + share, values.count)].compactMap { $0 })
        }
    }

    /// `M1 500L3 480…`: a stroke for each stretch without gaps. A value between two gaps is a dot.
    static func path(_ values: [Double?], _ top: Double) -> String {
        var path: [UInt8] = []
        for stretch in stretches(values) {
            for index in stretch {
                path.append(UInt8(ascii: index == stretch.lowerBound ? "M" : "L"))
                append(index, values, top, to: &path)
            }
            if stretch.count == 1 { path.append(contentsOf: "h0".utf8) }
        }
        return String(decoding: path, as: UTF8.self)
    }

    /// What lies between the line and the axis.
    static func area(_ values: [Double?], _ top: Double) -> String {
        var path: [UInt8] = []
        for stretch in stretches(values) where stretch.count > 1 {
            path.append(contentsOf: "M\(2 * stretch.lowerBound + 1) \(unit)".utf8)
            for index in stretch {
                path.append(UInt8(ascii: "L"))
                append(index, values, top, to: &path)
            }
            path.append(contentsOf: "V\(unit)Z".utf8)
        }
        return String(decoding: path, as: UTF8.self)
    }

    private static func append(_ index: Int, _ values: [Double?], _ top: Double, to path: inout [UInt8]) {
        path.append(contentsOf: "\(2 * index + 1) \(height(of: values[index] ?? 0, top))".utf8)
    }

    private static func stretches(_ values: [Double?]) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        var start: Int?
        for (index, value) in values.enumerated() {
            if value != nil, start == nil { start = index }
            if value == nil, let begun = start {
                stretches.append(begun..<index)
                start = nil
            }
        }
        if let start { stretches.append(start..<values.count) }
        return stretches
    }

    private static func height(of value: Double, _ top: Double) -> Int {
        guard top > 0 else { return unit }
        return unit - Int((min(1, max(0, value / top)) * Double(unit)).rounded())
    }

    private static func percent(_ thousandths: Int) -> String {
        thousandths % 10 == 0 ? "\(thousandths / 10)%" : "\(thousandths / 10).\(thousandths % 10)%"
    }
}
