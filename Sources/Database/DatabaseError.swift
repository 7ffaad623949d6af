import GRDB

/// What the database refused, without the values involved, so that it can be logged.
public struct DatabaseError: Error, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a service can act on it.
    public enum Kind: Equatable, Sendable {
        /// A row with this key exists. The columns are named as SQLite does: `networks.project_id, networks.name`.
        case unique(String?)
        /// A row that is referred to is missing, or a row that is being removed is still referred to.
        case foreignKey
        /// A CHECK or NOT NULL rule, or a value of the wrong type.
        case check
        /// A text that cannot be stored: it holds a NUL, and the engine reads texts as C strings.
        case text
        /// Another process holds the database.
        case busy
        /// A stored value is not what the program expects in that column.
        case decoding
        /// Everything else: disk full, corruption, a mistake in a statement.
        case other
    }

    /// What went wrong.
    public let kind: Kind
    /// SQLite's explanation.
    public let message: String
    /// The statement with `?` in place of values, when there was one.
    public let sql: String?

    /// Makes an error; `sql` must carry no values.
    public init(_ kind: Kind, _ message: String, sql: String? = nil) {
        self.kind = kind
        self.message = message
        self.sql = sql
    }

    public var description: String {
        "database: \(message) [\(kind)]" + (sql.map { " in: \($0)" } ?? "")
    }
}

extension DatabaseError {
    /// Turns the engine's error into ours and leaves every other error as it is.
    static func translating(_ error: any Error) -> any Error {
        guard let error = error as? GRDB.DatabaseError else { return error }
        return DatabaseError(engine: error)
    }

    /// For calls whose errors can only come from the engine.
    init(any error: any Error) {
        switch error {
        case let error as DatabaseError: self = error
        case let error as GRDB.DatabaseError: self.init(engine: error)
        default: self.init(.other, "\(error)")
        }
    }

    private init(engine error: GRDB.DatabaseError) {
        let message = error.message ?? "\(error.resultCode)"
        self.init(Kind(error, message), message, sql: error.sql)
    }
}

extension DatabaseError.Kind {
    fileprivate init(_ error: GRDB.DatabaseError, _ message: String) {
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            let columns = message.split(separator: ": ", maxSplits: 1)
            self = .unique(columns.count == 2 ? String(columns[1]) : nil)
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            self = .foreignKey
        default:
            switch error.resultCode {
            case .SQLITE_CONSTRAINT: self = .check
            case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
            default: self = .other
            }
        }
    }
}
