/// A JSON value that remembers the line and column it was written at, so that a fault in a settings file can be shown
/// where it stands and not only named.
struct LocatedJSON: Sendable {
    enum Value: Sendable {
        case null
        case bool(Bool)
        /// The number as it was written: `3`, `1.1`.
        case number(String)
        case string(String)
        case array([LocatedJSON])
        case object([Member])
    }

    struct Member: Sendable {
        let name: String
        let line: Int
        let value: LocatedJSON
    }

    let value: Value
    let line: Int
    let column: Int

    /// The value as compact JSON, for messages: what the person typed, on one line.
    var text: String {
        switch value {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let digits): digits
        case .string(let string): Self.quoted(string)
        case .array(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.name) + ": " + $0.value.text }.joined(separator: ", ") + "}"
        }
    }

    /// A JSON string literal.
    static func quoted(_ string: String) -> String {
        var literal = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\t": literal += "\\t"
            case "\r": literal += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}

/// The text is not JSON (RFC 8259). `line` and `column` count from 1; a column is a byte of the line.
struct JSONSyntaxError: Error, Equatable {
    let line: Int
    let column: Int
    let reason: String
}
