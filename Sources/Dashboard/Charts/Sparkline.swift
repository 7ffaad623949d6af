import Compute
import Markup

/// The last hour of an instance's processors as a line in a row of the list, with the percent of now beside it.
struct Sparkline: TemplateModel {
    /// Of a drawing 58 wide and 100 high, which is the percent.
    let path: String

    static let shape = Shape<Sparkline>([.text("path", \.path)])

    /// Each point but the first of a line says how far it lies from the one before: half as long as saying where.
    init(_ load: InstanceLoad) {
        var path: [UInt8] = []
        path.reserveCapacity(InstanceLoad.count * 4)
        var last: Int?
        for index in 0..<InstanceLoad.count {
            guard let value = load[index] else {
                last = nil
                continue
            }
            let height = 100 - Int(value.rounded())
            if let last {
                path.append(UInt8(ascii: " "))
                path.append(UInt8(ascii: "2"))
                Self.append(height - last, to: &path)
            } else {
                path.append(UInt8(ascii: "M"))
                Self.append(2 * index, to: &path, isFirst: true)
                Self.append(height, to: &path)
                // A dot, should no other follow.
                path.append(contentsOf: [UInt8(ascii: "l"), UInt8(ascii: "0"), UInt8(ascii: " "), UInt8(ascii: "0")])
            }
            last = height
        }
        self.path = String(decoding: path, as: UTF8.self)
    }

    /// A number from -100 to 100, kept apart from the one before it by its sign or a space.
    private static func append(_ number: Int, to path: inout [UInt8], isFirst: Bool = false) {
        if number < 0 { path.append(UInt8(ascii: "-")) } else if !isFirst { path.append(UInt8(ascii: " ")) }
        let digits = abs(number)
        if digits >= 100 { path.append(UInt8(ascii: "1")) }
        if digits >= 10 { path.append(UInt8(ascii: "0") + UInt8(digits / 10 % 10)) }
        path.append(UInt8(ascii: "0") + UInt8(digits % 10))
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
