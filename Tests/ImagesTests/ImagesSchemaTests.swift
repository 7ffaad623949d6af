import Database
import Foundation
import ServiceCore
import Testing

@testable import Images

struct ImagesSchemaTests {
    /// `DAYBREAK_WRITE_SCHEMA=1 swift test --filter ImagesSchemaTests` writes the file anew after a migration.
    @Test func `the committed schema is what the migrations make`() throws {
        let database = try DatabasePool.temporary()
        try database.migrate(ImagesSchema.migrations)
        let schema = try database.schema()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("schema.sql")
        if ProcessInfo.processInfo.environment["DAYBREAK_WRITE_SCHEMA"] == "1" {
            try Data(schema.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == schema)
    }

    @Test func `no statement about one image reads the whole table`() throws {
        let recorder = StatementRecorder()
        let storage = try ImageStorage(recorder: recorder)
        let created = try storage.images.create(NewImage(name: "x", diskFormat: "raw"), as: ImageStorage.ada)
        let path = try storage.upload([UInt8](repeating: 0, count: 512))
        _ = try storage.images.store(created.id, movingFile: path, as: ImageStorage.ada)
        _ = try storage.images.update(created.id, ImageUpdate(), as: ImageStorage.ada)
        try storage.images.delete(created.id, as: ImageStorage.ada)
        #expect(try storage.database.scans(in: recorder) == [])
    }
}
