import Database
import ServiceCore

/// The tables of images. Every statement about them is here and in its extensions.
struct ImageStore {
    static let columns: SQL = """
        id, name, status, visibility, project_id, disk_format, container_format, size, virtual_size, min_disk, min_ram,
        checksum, sha512, created_at, updated_at, protected, hidden
        """

    func insert(_ image: Image, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO images (\(sql: Self.columns))
            VALUES (\(image.id), \(image.name), \(image.status), \(image.visibility), \(image.ownerProjectID),
                \(image.diskFormat), \(image.containerFormat), \(image.size), \(image.virtualSize), \(image.minDiskGiB),
                \(image.minRAMMiB), \(image.checksum), \(image.sha512), \(image.createdAt), \(image.updatedAt),
                \(image.protected), \(image.isHidden))
            """)
        try setProperties(image.properties, over: [:], of: image.id, in: transaction)
        for tag in image.tags { try insert(tag, of: image.id, in: transaction) }
    }

    /// Writes what has changed about an image that is still in the status it was read with.
    /// - Returns: false when somebody was quicker.
    func save(_ image: Image, over old: Image, in transaction: borrowing Transaction) throws -> Bool {
        let changed = try transaction.execute(
            """
            UPDATE images
            SET name = \(image.name), status = \(image.status), visibility = \(image.visibility),
                project_id = \(image.ownerProjectID), disk_format = \(image.diskFormat),
                container_format = \(image.containerFormat), size = \(image.size),
                virtual_size = \(image.virtualSize), min_disk = \(image.minDiskGiB), min_ram = \(image.minRAMMiB),
                checksum = \(image.checksum), sha512 = \(image.sha512), updated_at = \(image.updatedAt),
                protected = \(image.protected), hidden = \(image.isHidden)
            WHERE id = \(image.id) AND status = \(old.status)
            """)
        guard changed == 1 else { return false }
        try setProperties(image.properties, over: old.properties, of: image.id, in: transaction)
        let (new, former) = (Set(image.tags), Set(old.tags))
        for tag in former.subtracting(new) {
            try transaction.execute("DELETE FROM image_tags WHERE image_id = \(image.id) AND tag = \(tag)")
        }
        for tag in new.subtracting(former) { try insert(tag, of: image.id, in: transaction) }
        return true
    }

    func delete(_ id: ID<Image>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM images WHERE id = \(id)")
    }

    func find(_ id: ID<Image>, in transaction: borrowing Transaction) throws -> Image? {
        let image = try transaction.first(
            "SELECT \(sql: Self.columns) FROM images WHERE id = \(id)", Self.image)
        return try image.flatMap { try completed([$0], in: transaction).first }
    }

    /// The bytes of all images of a project.
    func usage(of projectID: String, in transaction: borrowing Transaction) throws -> Int64 {
        try transaction.value("SELECT sum(size) FROM images WHERE project_id = \(projectID)") ?? 0
    }

    /// Says that an image is made of an instance's disk; nil once it has been.
    func setInstance(_ instanceID: String?, of id: ID<Image>, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE images SET instance_id = \(instanceID) WHERE id = \(id)")
    }

    /// Lets images wait for their bytes again whose bytes were coming when the program stopped, but for what a job goes
    /// on with. What has come whole to be imported has a size.
    func requeueUnfinished(at now: Timestamp, in transaction: borrowing Transaction) throws -> [ID<Image>] {
        try transaction.map(
            """
            UPDATE images SET status = 'queued', updated_at = \(now)
            WHERE instance_id IS NULL AND (status = 'saving' OR (status = 'uploading' AND size IS NULL)) RETURNING id
            """
        ) { try $0[0] }
    }

    /// The image that was registered under a name, whether it still exists or not.
    func seed(named name: String, in transaction: borrowing Transaction) throws -> ID<Image>? {
        try transaction.value("SELECT image_id FROM image_seeds WHERE name = \(name)")
    }

    func recordSeed(
        named name: String, _ id: ID<Image>, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            "INSERT INTO image_seeds (name, image_id, created_at) VALUES (\(name), \(id), \(now))")
    }

    private func insert(_ tag: String, of id: ID<Image>, in transaction: borrowing Transaction) throws {
        try transaction.execute("INSERT INTO image_tags (image_id, tag) VALUES (\(id), \(tag))")
    }

    private func setProperties(
        _ properties: [String: String], over old: [String: String], of id: ID<Image>,
        in transaction: borrowing Transaction
    ) throws {
        for name in old.keys where properties[name] == nil {
            try transaction.execute("DELETE FROM image_properties WHERE image_id = \(id) AND name = \(name)")
        }
        for (name, value) in properties where old[name] != value {
            try transaction.execute(
                """
                INSERT INTO image_properties (image_id, name, value) VALUES (\(id), \(name), \(value))
                ON CONFLICT (image_id, name) DO UPDATE SET value = excluded.value
                """)
        }
    }

    /// The images with what other tables tell of them.
    func completed(_ images: [Image], in transaction: borrowing Transaction) throws -> [Image] {
        guard !images.isEmpty else { return [] }
        let ids = images.map(\.id)
        let properties = try transaction.map(
            "SELECT image_id, name, value FROM image_properties WHERE image_id IN (\(list: ids))"
        ) { row in (try row[0] as ID<Image>, try row[1] as String, try row[2] as String) }
        let tags = try transaction.map(
            "SELECT image_id, tag FROM image_tags WHERE image_id IN (\(list: ids)) ORDER BY image_id, tag"
        ) { row in (try row[0] as ID<Image>, try row[1] as String) }
        let named = properties.reduce(into: [ID<Image>: [String: String]]()) { $0[$1.0, default: [:]][$1.1] = $1.2 }
        let tagged = Dictionary(grouping: tags, by: \.0)
        return images.map { image in
            var image = image
            image.properties = named[image.id] ?? [:]
            image.tags = tagged[image.id]?.map(\.1) ?? []
            return image
        }
    }

    static func image(_ row: Row) throws -> Image {
        try Image(
            id: row[0], name: row[1], status: row[2], visibility: row[3], ownerProjectID: row[4], diskFormat: row[5],
            containerFormat: row[6], size: row[7], virtualSize: row[8], minDiskGiB: row[9], minRAMMiB: row[10],
            checksum: row[11], sha512: row[12], createdAt: row[13], updatedAt: row[14], protected: row[15],
            isHidden: row[16], properties: [:])
    }
}
