import Identity
import TestSupport
import Testing

struct SchemaTests {
    @Test func `the migrations make the committed schema`() throws {
        let schema = try CommittedSchema(of: IdentitySchema.migrations)
        #expect(schema.committed == schema.made)
    }

    @Test func `every table is strict`() throws {
        let tables = try CommittedSchema(of: IdentitySchema.migrations).tables
        #expect(!tables.isEmpty)
        for table in tables {
            #expect(table.hasSuffix("STRICT") || table.hasSuffix("STRICT, WITHOUT ROWID"), "\(table)")
        }
    }
}
