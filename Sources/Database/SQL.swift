/// A piece of SQL whose interpolations become bound arguments, never text.
///
/// ```swift
/// try transaction.rows("SELECT * FROM networks WHERE project_id = \(projectID) AND id IN (\(list: ids))")
/// ```
public struct SQL: Sendable {
    /// The statement with `?` in place of every interpolated value.
    public private(set) var text: String
    var arguments: [SQLValue]

    init(text: String, arguments: [SQLValue]) {
        self.text = text
        self.arguments = arguments
    }

    /// Joins two pieces, for statements built up by condition.
    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(text: left.text + right.text, arguments: left.arguments + right.arguments)
    }

    /// Appends a piece.
    public static func += (left: inout SQL, right: SQL) {
        left.text += right.text
        left.arguments += right.arguments
    }
}

extension SQL: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {
        self.init(text: value, arguments: [])
    }

    public init(stringInterpolation: StringInterpolation) {
        self.init(text: stringInterpolation.text, arguments: stringInterpolation.arguments)
    }

    /// Collects literal parts as text and everything else as arguments.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var arguments: [SQLValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            arguments.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        /// Binds one value.
        public mutating func appendInterpolation(_ value: some DatabaseValue) {
            text += "?"
            arguments.append(value.databaseValue)
        }

        /// Binds one value, or NULL. Compare with `IS`, since nothing equals NULL.
        public mutating func appendInterpolation<V: DatabaseValue>(_ value: V?) {
            text += "?"
            arguments.append(value.databaseValue)
        }

        /// Binds a list, for `IN (…)`, as one value whatever its length: statements are found again by their texts, and
        /// SQLite takes 32,766 values at most. Nothing is in an empty list.
        public mutating func appendInterpolation(list values: some Sequence<some DatabaseValue>) {
            text += "SELECT value FROM json_each(?)"
            arguments.append(.text(JSONList.text(of: values.map { $0.databaseValue })))
        }

        /// Embeds another piece of SQL with its arguments.
        public mutating func appendInterpolation(sql: SQL) {
            text += sql.text
            arguments += sql.arguments
        }
    }
}

/// A JSON array for SQLite's `json_each` (RFC 8259).
private enum JSONList {
    static func text(of values: [SQLValue]) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        bytes.reserveCapacity(values.count * 40 + 2)
        for value in values {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            append(value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ value: SQLValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes += "null".utf8
        case .integer(let number): bytes += String(number).utf8
        case .real(let number): bytes += String(number).utf8
        case .text(let text): quote(text, into: &bytes)
        case .blob: preconditionFailure("JSON has no bytes: a list of them cannot be bound.")
        }
    }

    private static func quote(_ text: String, into bytes: inout [UInt8]) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escape(byte, into: &bytes) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0..<0x20: bytes += ((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16)).utf8
        default: bytes.append(byte)
        }
    }
}
