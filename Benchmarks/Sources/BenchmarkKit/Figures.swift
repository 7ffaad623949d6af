import Foundation

extension Sequence {
    /// The median of one figure.
    public func median(_ figure: (Element) -> Double) -> Double {
        let sorted = map(figure).sorted()
        let middle = sorted.count / 2
        guard !sorted.isEmpty else { return .nan }
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension Double {
    /// For a table: so many decimals, a dash for what could not be measured.
    public func figure(_ decimals: Int) -> String {
        isFinite && self >= 0 ? String(format: "%.\(decimals)f", self) : "–"
    }
}

/// A table in Markdown: names to the left, figures to the right.
public enum MarkdownTable {
    /// Column heads and rows as lines, without one at the end.
    public static func text(_ columns: [String], _ rows: [(name: String, figures: [String])]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let rule = "|---" + String(repeating: "|--:", count: columns.count) + "|"
        return ([line([""] + columns), rule] + rows.map { line([$0.name] + $0.figures) }).joined(separator: "\n")
    }
}
