import GRDBSQLite

/// One result row. Values are read by column name or by position and converted to the type that is asked for:
///
/// ```swift
/// try transaction.map("SELECT id, name FROM networks") { row in try Network(id: row["id"], name: row["name"]) }
/// ```
public struct Row {
    let columns: RowColumns
    private let source: Source

    /// Where the values are.
    private enum Source {
        /// In the statement that stands at this row: nothing of it is read but what is asked for.
        case statement(OpaquePointer)
        case values([SQLValue])
    }

    /// The row a statement (`sqlite3_stmt`) stands at, for as long as it stands there.
    init(columns: RowColumns, at statement: OpaquePointer) {
        self.columns = columns
        source = .statement(statement)
    }

    /// A row that stays.
    init(columns: RowColumns, values: [SQLValue]) {
        self.columns = columns
        source = .values(values)
    }

    /// The same row, to keep when the statement goes on.
    func copy() -> Row {
        Row(columns: columns, values: columns.names.indices.map(value))
    }

    /// The value of a column.
    /// - Throws: `DatabaseError` of kind `decoding` when there is no such column or it holds something else.
    public subscript<V: DatabaseValue>(_ column: String) -> V {
        get throws {
            guard let index = columns.index(of: column) else {
                throw DatabaseError(.decoding, "no column \(column) in the result", sql: columns.sql)
            }
            return try self[index]
        }
    }

    /// The value at a position, counted from 0.
    /// - Throws: `DatabaseError` of kind `decoding` when there is no such column or it holds something else.
    @inlinable
    public subscript<V: DatabaseValue>(_ index: Int) -> V {
        get throws {
            guard let value = V(databaseValue: try stored(at: index)) else { throw misfit(at: index, "\(V.self)") }
            return value
        }
    }

    @usableFromInline
    func stored(at index: Int) throws -> SQLValue {
        guard columns.names.indices.contains(index) else {
            throw DatabaseError(.decoding, "no column \(index) in the result", sql: columns.sql)
        }
        return value(at: index)
    }

    @usableFromInline
    func misfit(at index: Int, _ type: String) -> DatabaseError {
        DatabaseError(.decoding, "column \(columns.names[index]) does not hold a \(type)", sql: columns.sql)
    }

    private func value(at index: Int) -> SQLValue {
        switch source {
        case .values(let values): values[index]
        case .statement(let statement): SQLValue(statement, column: Int32(index))
        }
    }
}

extension SQLValue {
    fileprivate init(_ statement: OpaquePointer, column: Int32) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            // The text before its length: asking for it may convert it.
            let text = sqlite3_column_text(statement, column)
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(statement, column))
        case SQLITE_BLOB:
            let blob = sqlite3_column_blob(statement, column)
            let bytes = UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_column_bytes(statement, column)))
            self = .blob([UInt8](bytes))
        default: self = .null
        }
    }
}

/// The column names of one result, shared by its rows.
final class RowColumns {
    let sql: String
    let names: [String]
    /// Where the next name is looked for first: rows are mostly read in the order of their columns, so that nearly
    /// every lookup is one comparison of two short strings.
    private var expected = 0

    init(sql: String, names: [String]) {
        self.sql = sql
        self.names = names
    }

    func index(of name: String) -> Int? {
        for offset in names.indices {
            let position = expected + offset
            let index = position < names.count ? position : position - names.count
            if names[index] == name {
                expected = index + 1 == names.count ? 0 : index + 1
                return index
            }
        }
        return nil
    }
}
