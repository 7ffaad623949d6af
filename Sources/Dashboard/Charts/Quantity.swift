import Foundation

/// What a chart measures, and so how its numbers are said and how its axis is divided.
enum Quantity: String, Sendable {
    case percent
    case bytes
    /// Bytes a second.
    case throughput
    /// Requests, packets: whole things a second.
    case rate

    /// `12.3 %`, `97.6 MiB`, `1.5 KiB/s`, `3.4 /s`. A point before the decimals in every language, as elsewhere on the
    /// pages.
    func text(_ value: Double) -> String {
        let (amount, unit) = scaled(value)
        return Self.decimal(amount) + unit
    }

    /// The marks of an axis from its top down to zero, all in one unit.
    func marks(to top: Double) -> [String] {
        let unit = unit(of: top)
        return (0...4).reversed().map { part in
            part == 0 ? "0" : Self.decimal(top * Double(part) / 4 / unit.size) + unit.name
        }
    }

    /// The end of an axis on which `largest` has room, and on which four equal parts end at round numbers.
    func top(for largest: Double) -> Double {
        let unit = unit(of: max(largest, least))
        let part = max(largest, least) / unit.size / 4
        let power = pow(10, log10(part).rounded(.down))
        let steps = power < 1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]
        let step = steps.first { part <= $0 * power * 1.000_001 } ?? 10
        let top = step * power * 4 * unit.size
        return self == .percent ? min(100, top) : top
    }

    /// An axis shorter than this would make mountains out of nothing.
    private var least: Double {
        switch self {
        case .percent: 10
        case .bytes: 1_048_576
        case .throughput: 4_096
        case .rate: 4
        }
    }

    private func scaled(_ value: Double) -> (amount: Double, unit: String) {
        let unit = unit(of: value)
        return (value / unit.size, unit.name)
    }

    private func unit(of value: Double) -> (size: Double, name: String) {
        switch self {
        case .percent: return (1, "\u{A0}%")
        case .rate: return value < 10_000 ? (1, "\u{A0}/s") : (1_000, "k\u{A0}/s")
        case .bytes, .throughput:
            let names = ["B", "KiB", "MiB", "GiB", "TiB"]
            var (size, index) = (1.0, 0)
            while value >= size * 1_000, index < names.count - 1 { (size, index) = (size * 1_024, index + 1) }
            return (size, "\u{A0}" + names[index] + (self == .throughput ? "/s" : ""))
        }
    }

    private static func decimal(_ value: Double) -> String {
        guard value < 99.95 else { return String(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }
}
