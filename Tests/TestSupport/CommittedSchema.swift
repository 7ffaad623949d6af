public import Database
import Foundation

/// What a service's migrations make, beside the `schema.sql` committed with its tests.
///
/// To write the file anew after adding a migration: `DAYBREAK_WRITE_SCHEMA=1 swift test --filter SchemaTests`.
public struct CommittedSchema {
    /// The statements the migrations make.
    public let made: String
    /// The text of the committed file.
    public let committed: String

    /// - Parameter test: the test's own file; `schema.sql` lies beside it.
    /// - Throws: `DatabaseError`; the fault of reading the file.
    public init(of migrations: [Migration], beside test: String = #filePath) throws {
        let database = try DatabasePool.temporary()
        try database.migrate(migrations)
        made = try database.schema()
        let file = URL(filePath: test).deletingLastPathComponent().appending(path: "schema.sql")
        if ProcessInfo.processInfo.environment["DAYBREAK_WRITE_SCHEMA"] != nil {
            try Data(made.utf8).write(to: file)
        }
        committed = try String(contentsOf: file, encoding: .utf8)
    }

    /// The statements that make tables.
    public var tables: [String] {
        made.components(separatedBy: ";\n").filter { $0.contains("CREATE TABLE") }
    }
}
