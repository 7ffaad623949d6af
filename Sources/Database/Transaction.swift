import Foundation
import GRDB

/// A view of the database in which nothing changes but by this transaction's own statements.
///
/// It is lent to a closure and cannot be kept: it is not copyable.
public struct Transaction: ~Copyable {
    private let database: GRDB.Database
    private let state: TransactionState

    /// Never inlined: the optimizer of Swift 6.3.1 crashes when it makes a non-copyable struct inside a closure that it
    /// has specialized ("forwardToInit at SILValue.h:375").
    @inline(never)
    init(_ database: GRDB.Database, _ state: TransactionState) {
        self.database = database
        self.state = state
    }

    /// All rows of a result. For large results prefer ``map(_:_:)``, which keeps no intermediate array.
    /// - Throws: `DatabaseError`.
    public func rows(_ sql: SQL) throws -> [Row] {
        var rows: [Row] = []
        try each(sql) { row in
            rows.append(Row(columns: row.columns, values: row.values.copy()))
            return true
        }
        return rows
    }

    /// Makes a value of each row, while stepping through the result.
    /// - Throws: `DatabaseError`, or what `make` throws.
    public func map<T>(_ sql: SQL, _ make: (Row) throws -> T) throws -> [T] {
        var values: [T] = []
        try each(sql) { row in
            values.append(try make(row))
            return true
        }
        return values
    }

    /// Makes a value of the first row, if there is one.
    /// - Throws: `DatabaseError`, or what `make` throws.
    public func first<T>(_ sql: SQL, _ make: (Row) throws -> T) throws -> T? {
        var value: T?
        try each(sql) { row in
            value = try make(row)
            return false
        }
        return value
    }

    /// The first column of the first row; nil when there is no row, or when the column is NULL.
    /// - Throws: `DatabaseError`.
    public func value<V: DatabaseValue>(_ sql: SQL, as type: V.Type = V.self) throws -> V? {
        let value: V?? = try first(sql) { row in try row[0] }
        return value ?? nil
    }

    /// Runs a statement that changes rows.
    /// - Returns: how many rows it changed itself; those that went with them by foreign keys are not counted.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        try state.begin(sql.text)
        defer { state.end(sql.text) }
        do {
            let before = database.totalChangesCount
            let statement = try database.cachedStatement(sql: sql.text)
            try statement.execute(arguments: sql.bound())
            // The total counts cascades too; the other count is left over from before when a statement changes no rows.
            return database.totalChangesCount == before ? 0 : database.changesCount
        } catch {
            throw DatabaseError.translating(error)
        }
    }

    /// Does something once the transaction is safely on disk, on the thread that called `write`, after the writer has
    /// been released. Not done when the transaction is rolled back. In a `read` it is done when the read ends.
    public func afterCommit(_ action: @escaping @Sendable () -> Void) {
        state.afterCommit.append(action)
    }

    /// How SQLite would run a statement: the lines of `EXPLAIN QUERY PLAN`. Tests hold listings against it.
    /// - Throws: `DatabaseError`.
    public func queryPlan(of sql: SQL) throws -> [String] {
        try map("EXPLAIN QUERY PLAN \(sql: sql)") { row in try row["detail"] }
    }

    /// Steps through a result until `visit` returns false.
    private func each(_ sql: SQL, _ visit: (Row) throws -> Bool) throws {
        try state.begin(sql.text)
        defer { state.end(sql.text) }
        do {
            let statement = try database.cachedStatement(sql: sql.text)
            let columns = RowColumns(sql: sql.text, names: statement.columnNames)
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: sql.bound())
            while let values = try cursor.next() {
                guard try visit(Row(columns: columns, values: values)) else { break }
            }
        } catch {
            throw DatabaseError.translating(error)
        }
    }
}

/// What a transaction collects while it runs. It never leaves the thread of its transaction.
final class TransactionState {
    var afterCommit: [@Sendable () -> Void] = []
    private var running: [String] = []
    private let recorder: StatementRecorder?

    init(recorder: StatementRecorder?) {
        self.recorder = recorder
    }

    /// Statements are cached by their text, so one that is being stepped through must not be started again inside
    /// its own loop: that would silently restart the outer loop.
    func begin(_ sql: String) throws {
        guard !running.contains(sql) else {
            throw DatabaseError(.other, "a statement is run again while its own rows are being read", sql: sql)
        }
        running.append(sql)
        recorder?.record(sql)
    }

    func end(_ sql: String) {
        running.removeAll { $0 == sql }
    }
}

extension SQL {
    /// The arguments for the engine, which passes texts as C strings: a NUL would silently cut one short.
    fileprivate func bound() throws(DatabaseError) -> StatementArguments {
        var values: [(any DatabaseValueConvertible)?] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments {
            switch argument {
            case .null: values.append(nil)
            case .integer(let number): values.append(number)
            case .real(let number): values.append(number)
            case .blob(let bytes): values.append(Data(bytes))
            case .text(let text):
                guard !text.utf8.contains(0) else {
                    throw DatabaseError(.text, "a text holds a NUL character", sql: self.text)
                }
                values.append(text)
            }
        }
        return StatementArguments(values)
    }
}
