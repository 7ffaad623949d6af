/// Writes metrics in the text format of OpenMetrics 1.0.
struct OpenMetrics {
    /// What kind of number a family is (OpenMetrics 1.0, "Metric Types").
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// The media type of ``text``.
    static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    private var lines: [String] = []

    /// Begins a family; its samples follow. The name ends with the unit, if there is one.
    mutating func family(_ name: String, _ kind: Kind, unit: String = "", _ help: String) {
        lines.append("# TYPE \(name) \(kind.rawValue)")
        if !unit.isEmpty { lines.append("# UNIT \(name) \(unit)") }
        lines.append("# HELP \(name) \(help)")
    }

    /// One number.
    mutating func sample(
        _ name: String, _ value: some CustomStringConvertible, _ labels: KeyValuePairs<String, String> = [:]
    ) {
        let text = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        lines.append(text.isEmpty ? "\(name) \(value)" : "\(name){\(text)} \(value)")
    }

    /// A distribution of durations in seconds.
    /// - Parameters:
    ///   - bounds: the upper bounds of the buckets, in microseconds.
    ///   - buckets: how many fell into each bucket alone.
    mutating func histogram(
        _ name: String, _ labels: [(String, String)] = [], bounds: [UInt64], buckets: [UInt64], count: UInt64,
        microseconds: UInt64
    ) {
        let text = labels.map { "\($0)=\"\(Self.escaped($1))\"," }.joined()
        var sum: UInt64 = 0
        for (bound, bucket) in zip(bounds, buckets) {
            sum += bucket
            lines.append("\(name)_bucket{\(text)le=\"\(Double(bound) / 1_000_000)\"} \(sum)")
        }
        lines.append("\(name)_bucket{\(text)le=\"+Inf\"} \(count)")
        let braces = text.isEmpty ? "" : "{\(text.dropLast())}"
        lines.append("\(name)_count\(braces) \(count)")
        lines.append("\(name)_sum\(braces) \(Double(microseconds) / 1_000_000)")
    }

    /// Everything, and the end mark.
    var text: String { lines.joined(separator: "\n") + "\n# EOF\n" }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
