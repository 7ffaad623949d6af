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

        /// Binds a comma-separated list, for `IN (…)`. An empty list becomes `NULL`, which is in nothing.
        ///
        /// The last value is repeated up to the next power of two, so that lists of many lengths share few statements.
        public mutating func appendInterpolation(list values: some Sequence<some DatabaseValue>) {
            var bound = values.map(\.databaseValue)
            guard let last = bound.last else {
                text += "NULL"
                return
            }
            while bound.count & (bound.count - 1) != 0 { bound.append(last) }
            text += String(repeating: "?, ", count: bound.count - 1) + "?"
            arguments += bound
        }

        /// Embeds another piece of SQL with its arguments.
        public mutating func appendInterpolation(sql: SQL) {
            text += sql.text
            arguments += sql.arguments
        }
    }
}
