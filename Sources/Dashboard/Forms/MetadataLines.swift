import ServiceCore

/// Keys and values as they are typed, one pair a line: `ssd = true`.
struct MetadataLines: Sendable {
    /// The service names its violations with this: `metadata.ssd`.
    private let field: String
    private var pairs: [String: String] = [:]
    private var lineOfKey: [String: Int] = [:]
    private var violations: [Violation] = []

    init(_ text: String, field: String) {
        self.field = field
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() where line.contains(where: { !$0.isWhitespace }) {
            read(String(line), number: index + 1)
        }
    }

    /// The pairs.
    /// - Throws: `ServiceError`: invalid when a line is no pair, or a key stands twice.
    func checked() throws -> [String: String] {
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
        return pairs
    }

    /// The faults of a refused form, each with the line it is about.
    /// - Parameter isAlone: whether the form has no other fields, so that every fault belongs here.
    func faults(_ error: any Error, _ wording: Wording, isAlone: Bool = true) -> Faults? {
        guard let error = error as? ServiceError, error.kind == .invalid else { return Faults(error, wording) }
        let placed = error.violations.map { violation in
            if !isAlone, violation.field != field, !violation.field.hasPrefix(field + ".") { return violation }
            let key = violation.field.hasPrefix(field + ".") ? String(violation.field.dropFirst(field.count + 1)) : ""
            guard let line = lineOfKey[key] else {
                return Violation(
                    field: "metadata", code: violation.code, message: violation.message, value: violation.value)
            }
            return Self.violation(line, violation.code, violation.message, violation.value)
        }
        return Faults(violations: placed, wording: wording)
    }

    static func text(_ pairs: [String: String]) -> String {
        pairs.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: "\n")
    }

    static func field(_ fields: FormFields, rows: Int = 8) -> FormField {
        fields.lines("metadata", Message("Metadata"), help: Message("One a line: key = value."), rows: rows)
    }

    private mutating func read(_ line: String, number: Int) {
        guard let equals = line.firstIndex(of: "=") else {
            violations.append(
                Self.violation(number, "no_value", Message("There is no = between a key and its value."), line))
            return
        }
        let key = Self.trimmed(line[..<equals])
        if lineOfKey[key] != nil {
            violations.append(
                Self.violation(number, "twice", Message("The key {key} stands here twice.", ["key": key]), key))
        }
        lineOfKey[key] = number
        pairs[key] = Self.trimmed(line[line.index(after: equals)...])
    }

    private static func violation(_ line: Int, _ code: String, _ message: Message, _ value: String) -> Violation {
        var arguments = message.arguments
        arguments["line"] = "\(line)"
        let text = "Line {line}: " + message.text
        return Violation(
            field: "metadata[\(line - 1)]", code: code, message: Message(text, arguments), value: value)
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
