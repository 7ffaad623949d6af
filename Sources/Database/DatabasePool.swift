import Foundation
import GRDB

/// The program's database: one file, one writer at a time, several readers that never wait for it.
///
/// Reads and writes block the calling thread; call them on worker threads only. They do not nest: a `read` or `write`
/// inside the closure of another is a mistake, hand the transaction down instead.
public final class DatabasePool: Sendable {
    private let engine: GRDB.DatabasePool
    private let recorder: StatementRecorder?
    /// A directory that lives and dies with the pool.
    private let temporaryDirectory: String?

    /// Opens the file, and makes it (readable by its owner only) when it is missing.
    ///
    /// Write-ahead log; `synchronous = FULL`, so that what was committed survives a power cut; foreign keys enforced.
    /// - Parameters:
    ///   - path: the file; its directory must exist.
    ///   - readers: how many threads can read at the same time; more wait.
    ///   - recorder: for tests, is told of every statement.
    /// - Throws: when the file cannot be opened or is not a database.
    public convenience init(
        path: String, readers: Int = 4, recorder: StatementRecorder? = nil
    ) throws(DatabaseError) {
        try self.init(path: path, readers: readers, recorder: recorder, temporaryDirectory: nil)
    }

    private init(
        path: String, readers: Int, recorder: StatementRecorder?, temporaryDirectory: String?
    ) throws(DatabaseError) {
        self.recorder = recorder
        self.temporaryDirectory = temporaryDirectory
        do {
            try Self.createPrivately(path)
            engine = try GRDB.DatabasePool(path: path, configuration: Self.configuration(readers: readers))
            // The engine lowers its writer to NORMAL when it turns the write-ahead log on. The pragma cannot be
            // changed inside a transaction.
            try engine.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch {
            throw DatabaseError(any: error)
        }
    }

    deinit {
        guard let temporaryDirectory else { return }
        try? engine.close()
        try? FileManager.default.removeItem(atPath: temporaryDirectory)
    }

    /// A fresh database in a directory of its own that is removed together with the pool, for tests.
    /// - Parameter other: what it has at first; nil for nothing. Copying an empty cloud is much faster than making one.
    /// - Throws: when the directory cannot be made.
    public static func temporary(
        copying other: DatabasePool? = nil, recorder: StatementRecorder? = nil
    ) throws(DatabaseError) -> DatabasePool {
        let directory = NSTemporaryDirectory() + "/daybreak-database-" + UUID().uuidString
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw DatabaseError(.other, "cannot make \(directory): \(error)")
        }
        let database = try DatabasePool(
            path: directory + "/test.sqlite", readers: 4, recorder: recorder, temporaryDirectory: directory)
        do {
            try other?.engine.backup(to: database.engine)
        } catch {
            throw DatabaseError(any: error)
        }
        return database
    }

    /// Reads a state of the database that stays the same for the length of the closure.
    /// - Throws: `DatabaseError`, or what the closure throws.
    public func read<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        let state = TransactionState(recorder: recorder)
        let result: T
        do {
            result = try engine.read { database in try body(Transaction(database, state)) }
        } catch {
            throw DatabaseError.translating(error)
        }
        for action in state.afterCommit { action() }
        return result
    }

    /// Changes the database: all of the closure's statements, or, when it throws, none. Writers queue.
    /// - Throws: `DatabaseError`, or what the closure throws.
    @discardableResult
    public func write<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        let state = TransactionState(recorder: recorder)
        let result: T
        do {
            result = try exclusively { database in try body(Transaction(database, state)) }
        } catch {
            throw DatabaseError.translating(error)
        }
        for action in state.afterCommit { action() }
        return result
    }

    /// Runs a closure in the writer's `BEGIN IMMEDIATE … COMMIT`.
    func exclusively<T>(_ body: (GRDB.Database) throws -> T) throws -> T {
        try engine.writeWithoutTransaction { database in
            var result: T?
            try database.inTransaction(.immediate) {
                result = try body(database)
                return .commit
            }
            guard let result else { throw DatabaseError(.other, "a transaction ended without a result") }
            return result
        }
    }

    private static func configuration(readers: Int) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// SQLite gives its `-wal` and `-shm` files the mode of the database file, so this protects all three.
    private static func createPrivately(_ path: String) throws(DatabaseError) {
        let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DatabaseError(.other, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
    }
}
