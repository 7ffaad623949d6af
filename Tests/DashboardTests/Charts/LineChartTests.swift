import Markup
import Testing

@testable import Dashboard

struct LineChartTests {
    private static func chart(_ values: [Double?], title: String = "CPU") -> LineChart {
        LineChart(
            series: [LineChart.Series(style: "first", values: values, peaks: values.map { $0.map { $0 * 2 } })],
            top: 100,
            ticks: [LineChart.Tick(place: 250, text: "14:30")], title: title)
    }

    @Test func `a chart is drawn as it was agreed`() {
        let drawing = Self.chart([0, 50, nil, 100, nil, 25.04, 24.96]).drawing.description
        #expect(
            drawing == """
                <svg class="chart-plot" width="100%" height="154" role="img" aria-label="CPU">\
                <line class="rule" x1="0" x2="100%" y1="0" y2="0"></line>\
                <line class="rule" x1="0" x2="100%" y1="33" y2="33"></line>\
                <line class="rule" x1="0" x2="100%" y1="66" y2="66"></line>\
                <line class="rule" x1="0" x2="100%" y1="99" y2="99"></line>\
                <line class="base" x1="0" x2="100%" y1="132" y2="132"></line>\
                <line class="rule" x1="25%" x2="25%" y1="0" y2="132"></line>\
                <svg class="chart-lines" width="100%" height="132" viewBox="0 0 14 1000" preserveAspectRatio="none">\
                <path class="area first" d="M1 1000L1 1000L3 0V1000ZM11 1000L11 499L13 501V1000Z"></path>\
                <path class="line first" d="M1 1000L3 500M7 0h0M11 750L13 750"></path></svg>\
                <text x="25%" y="149" text-anchor="middle">14:30</text></svg>
                """)
    }

    @Test func `a limit is a line of its own, and without peaks there is no shade`() throws {
        let chart = LineChart(
            series: [
                LineChart.Series(style: "first", values: [1, 2]),
                LineChart.Series(style: "second", values: [nil, nil]),
            ], top: 4, limit: 3, ticks: [], title: "")
        let drawing = chart.drawing.description
        #expect(drawing.contains("<line class=\"limit\" x1=\"0\" x2=\"4\" y1=\"250\" y2=\"250\">"))
        #expect(!drawing.contains("area"))
        #expect(!drawing.contains("second"))
    }

    @Test func `what is said in a drawing is escaped`() throws {
        let text = "</svg><script>alert(1)</script>\"'"
        var chart = Self.chart([1], title: text)
        chart = LineChart(
            series: chart.series, top: 1, ticks: [LineChart.Tick(place: 1, text: text)], title: text)
        let document = try HTMLDocument(parsing: Array(chart.drawing.description.utf8))
        #expect(document.xpath("//script").isEmpty)
        #expect(document.xpath("//svg").first?.attribute("aria-label") == text)
        #expect(document.xpath("//text").first?.text == text)
    }

    @Test func `a long line keeps as many points as can be seen, each the mean of its neighbours`() {
        let values = (0..<720).map { Optional(Double($0)) }
        let thinned = LineChart.thinned(values)
        #expect(thinned.count == 240)
        #expect(thinned[0] == 1)
        #expect(thinned[239] == 718)
        #expect(LineChart.largest(values)[0] == 2)
        #expect(LineChart.thinned([nil, nil] + values).first == 0.5)
        #expect(LineChart.thinned([Double?](repeating: nil, count: 1_008)).allSatisfy { $0 == nil })
    }

    @Test func `values beyond the edges stay inside`() {
        #expect(LineChart.path([-5, 500], 100) == "M1 1000L3 0")
        #expect(LineChart.path([5], 0) == "M1 1000h0")
        #expect(LineChart.path([], 1) == "")
    }
}

struct QuantityTests {
    @Test(arguments: [
        (Quantity.percent, 12.34, "12.3 %"), (.percent, 100, "100 %"), (.percent, 0, "0 %"), (.bytes, 999, "999 B"),
        (.bytes, 1_000, "1 KiB"), (.bytes, 1_536, "1.5 KiB"), (.bytes, 134_217_728, "128 MiB"),
        (.throughput, 2_621_440, "2.5 MiB/s"), (.rate, 3.44, "3.4 /s"), (.rate, 123_456, "123k /s"),
        (.bytes, 5e18, "4547474 TiB"),
    ])
    func `numbers have few digits and a unit`(_ quantity: Quantity, _ value: Double, _ text: String) {
        #expect(quantity.text(value).replacing("\u{A0}", with: " ") == text)
    }

    @Test func `an axis has room for all, and its four parts end at round numbers`() {
        for quantity in [Quantity.bytes, .throughput, .rate] {
            for step in 0..<500 {
                let significand = 1 + Double(step % 12) / 12
                let largest = Double(sign: .plus, exponent: step / 12, significand: significand)
                let top = quantity.top(for: largest)
                #expect(top >= largest * 0.999_99)
                #expect(top <= max(largest * 2.6, quantity.top(for: 0)), "\(quantity) \(largest) \(top)")
                let marks = quantity.marks(to: top)
                #expect(Set(marks).count == 5, "\(marks)")
            }
        }
        #expect(Quantity.percent.top(for: 0) == 10)
        #expect(Quantity.percent.top(for: 83) == 100)
        #expect(Self.marks(.percent, 100) == ["100 %", "75 %", "50 %", "25 %", "0"])
        #expect(Self.marks(.throughput, 4_096) == ["4 KiB/s", "3 KiB/s", "2 KiB/s", "1 KiB/s", "0"])
    }

    private static func marks(_ quantity: Quantity, _ top: Double) -> [String] {
        quantity.marks(to: top).map { $0.replacing("\u{A0}", with: " ") }
    }
}
