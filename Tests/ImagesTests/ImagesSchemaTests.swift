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

    @Test func `images of earlier versions stay what they were, with their properties`() throws {
        let database = try DatabasePool.temporary()
        try database.migrate(Array(ImagesSchema.migrations.prefix(2)))
        try database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO images (id, name, status, visibility, project_id, disk_format, container_format, size,
                    virtual_size, min_disk, min_ram, checksum, sha512, protected, created_at, updated_at, instance_id)
                VALUES ('i1', 'old', 'active', 'public', 'p1', 'raw', 'bare', 1, 2, 3, 4, 'c', 's', 1, 5, 6, 'vm')
                """)
            try transaction.execute("INSERT INTO image_properties (image_id, name, value) VALUES ('i1', 'os', 'linux')")
        }
        try database.migrate(ImagesSchema.migrations)
        let image = try #require(try database.read { try ImageStore().find(ID<Image>("i1"), in: $0) })
        #expect(image.name == "old" && image.status == .active && image.protected && !image.isHidden)
        #expect(image.properties == ["os": "linux"] && image.tags == [])
        #expect(image.minRAMMiB == 4 && image.updatedAt == Timestamp(milliseconds: 6))
        try database.write { try ImageStore().delete(ID<Image>("i1"), in: $0) }
        #expect(try database.read { try $0.value("SELECT count(*) FROM image_properties") } == 0)
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
