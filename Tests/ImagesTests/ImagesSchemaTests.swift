import Database
import ServiceCore
import TestSupport
import Testing

@testable import Images

struct ImagesSchemaTests {
    @Test func `the committed schema is what the migrations make`() throws {
        let schema = try CommittedSchema(of: ImagesSchema.migrations)
        #expect(schema.committed == schema.made)
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
        for back in [false, true] {
            let page = PageRequest(marker: created.id.text, limit: 10, isBackward: back)
            _ = try storage.images.images(page: page, as: ImageStorage.ada)
        }
        #expect(try storage.database.sortedPages(in: recorder) == [])
    }
}
