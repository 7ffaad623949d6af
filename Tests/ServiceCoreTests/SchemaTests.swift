import Database
import Foundation
import ServiceCore
import Testing

struct SchemaTests {
    @Test func `the migrations make the committed schema`() throws {
        let database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "schema.sql")
        let schema = try database.schema()
        // To renew the file after adding a migration: DAYBREAK_WRITE_SCHEMA=1 swift test --filter SchemaTests
        if ProcessInfo.processInfo.environment["DAYBREAK_WRITE_SCHEMA"] != nil {
            try Data(schema.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == schema)
    }

    @Test func `every table is strict`() throws {
        let database = try DatabasePool.temporary()
        try database.migrate(ServiceCoreSchema.migrations)
        let tables = try database.schema().components(separatedBy: ";\n").filter { $0.contains("CREATE TABLE") }
        #expect(!tables.isEmpty)
        for table in tables {
            #expect(table.hasSuffix("STRICT") || table.hasSuffix("STRICT, WITHOUT ROWID"), "\(table)")
        }
    }
}
