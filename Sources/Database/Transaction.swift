import Foundation
import GRDB
import GRDBSQLite

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
            rows.append(row.copy())
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
            guard statement.isReadonly else {
                // The engine watches what writes.
                let cursor = try GRDB.Row.fetchCursor(statement, arguments: sql.bound())
                while try cursor.next() != nil {
                    guard try visit(Row(columns: columns, at: statement.sqliteStatement)) else { break }
                }
                return
            }
            try step(through: statement.sqliteStatement, sql, columns, visit)
        } catch {
            throw DatabaseError.translating(error)
        }
    }

    /// Reads through SQLite itself: the engine's rows would take most of the time a list takes.
    private func step(
        through statement: OpaquePointer, _ sql: SQL, _ columns: RowColumns, _ visit: (Row) throws -> Bool
    ) throws {
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try sql.bind(to: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: guard try visit(Row(columns: columns, at: statement)) else { return }
            case SQLITE_DONE: return
            case let code:
                let message = String(cString: sqlite3_errmsg(sqlite3_db_handle(statement)))
                throw GRDB.DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql.text)
            }
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
    /// Binds the arguments to a statement that has been reset.
    fileprivate func bind(to statement: OpaquePointer) throws(DatabaseError) {
        // SQLITE_TRANSIENT, a macro Swift does not see: SQLite copies the bytes.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        guard arguments.count == sqlite3_bind_parameter_count(statement) else {
            throw DatabaseError(.other, "the statement takes another number of values", sql: text)
        }
        for (index, argument) in arguments.enumerated() {
            let position = Int32(index + 1)
            let code: Int32
            switch argument {
            case .null: code = sqlite3_bind_null(statement, position)
            case .integer(let number): code = sqlite3_bind_int64(statement, position, number)
            case .real(let number): code = sqlite3_bind_double(statement, position, number)
            case .blob(let bytes): code = sqlite3_bind_blob(statement, position, bytes, Int32(bytes.count), transient)
            case .text(let text):
                try refuseNUL(in: text)
                code = sqlite3_bind_text(statement, position, text, Int32(text.utf8.count), transient)
            }
            guard code == SQLITE_OK else { throw DatabaseError(.other, "a value is too large", sql: text) }
        }
    }

    /// SQLite takes texts as C strings: a NUL would silently cut one short.
    private func refuseNUL(in argument: String) throws(DatabaseError) {
        var argument = argument
        let holdsNUL = argument.withUTF8 { utf8 in utf8.baseAddress.map { memchr($0, 0, utf8.count) != nil } ?? false }
        guard !holdsNUL else {
            throw DatabaseError(.text, "a text holds a NUL character", sql: text)
        }
    }

    /// The arguments for the engine.
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
                try refuseNUL(in: text)
                values.append(text)
            }
        }
        return StatementArguments(values)
    }
}
