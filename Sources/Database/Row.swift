import GRDB

/// One result row. Values are read by column name or by position and converted to the type that is asked for:
///
/// ```swift
/// try transaction.map("SELECT id, name FROM networks") { row in try Network(id: row["id"], name: row["name"]) }
/// ```
public struct Row {
    let columns: RowColumns
    let values: GRDB.Row

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
    public subscript<V: DatabaseValue>(_ index: Int) -> V {
        get throws {
            guard columns.names.indices.contains(index) else {
                throw DatabaseError(.decoding, "no column \(index) in the result", sql: columns.sql)
            }
            guard let value = V(databaseValue: stored(at: index)) else {
                let reason = "column \(columns.names[index]) does not hold a \(V.self)"
                throw DatabaseError(.decoding, reason, sql: columns.sql)
            }
            return value
        }
    }

    private func stored(at index: Int) -> SQLValue {
        let value: GRDB.DatabaseValue = values[index]
        switch value.storage {
        case .null: return .null
        case .int64(let number): return .integer(number)
        case .double(let number): return .real(number)
        case .string(let text): return .text(text)
        case .blob(let data): return .blob([UInt8](data))
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
