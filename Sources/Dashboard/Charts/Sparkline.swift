import Compute
import Markup

/// The last hour of an instance's processors as a line in a row of the list, with the percent of now beside it.
struct Sparkline: TemplateModel {
    /// Of a drawing 58 wide and 100 high, which is the percent.
    let path: String

    static let shape = Shape<Sparkline>([.text("path", \.path)])

    init(_ load: InstanceLoad) {
        var path: [UInt8] = []
        path.reserveCapacity(InstanceLoad.count * 6)
        var isDrawing = false
        for index in 0..<InstanceLoad.count {
            guard let value = load[index] else {
                isDrawing = false
                continue
            }
            path.append(UInt8(ascii: isDrawing ? "L" : "M"))
            Self.append(2 * index, to: &path)
            path.append(UInt8(ascii: " "))
            Self.append(100 - Int(value.rounded()), to: &path)
            // A dot, should no other follow.
            if !isDrawing { path.append(contentsOf: [UInt8(ascii: "h"), UInt8(ascii: "0")]) }
            isDrawing = true
        }
        self.path = String(decoding: path, as: UTF8.self)
    }

    /// A number from 0 to 100.
    private static func append(_ number: Int, to path: inout [UInt8]) {
        if number >= 100 { path.append(UInt8(ascii: "1")) }
        if number >= 10 { path.append(UInt8(ascii: "0") + UInt8(number / 10 % 10)) }
        path.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}

extension Cell {
    /// The load of an instance that was measured within the hour; otherwise a dash.
    static func load(_ load: InstanceLoad?) -> Cell {
        guard let load else { return Cell(style: "load", lines: [Line(text: "–")]) }
        let now = load.latest.map { "\(Int($0.rounded()))\u{A0}%" } ?? "–"
        return Cell(style: "load", lines: [Line(text: now)], spark: Sparkline(load))
    }
}
