import Database
import ServiceCore

/// The tables of images. Every statement about them is here.
struct ImageStore {
    private static let columns: SQL = """
        id, name, status, visibility, project_id, disk_format, container_format, size, virtual_size, min_disk, min_ram,
        checksum, sha512, created_at, updated_at, protected
        """

    func insert(_ image: Image, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO images (\(sql: Self.columns))
            VALUES (\(image.id), \(image.name), \(image.status), \(image.visibility), \(image.ownerProjectID),
                \(image.diskFormat), \(image.containerFormat), \(image.size), \(image.virtualSize), \(image.minDiskGiB),
                \(image.minRAMMiB), \(image.checksum), \(image.sha512), \(image.createdAt), \(image.updatedAt),
                \(image.protected))
            """)
        try setProperties(image.properties, of: image.id, in: transaction)
    }

    /// Writes what can change about an image that is still in the status it was read with.
    /// - Returns: false when somebody was quicker.
    func save(_ image: Image, was status: ImageStatus, in transaction: borrowing Transaction) throws -> Bool {
        let changed = try transaction.execute(
            """
            UPDATE images
            SET name = \(image.name), status = \(image.status), visibility = \(image.visibility),
                disk_format = \(image.diskFormat), size = \(image.size), virtual_size = \(image.virtualSize),
                min_disk = \(image.minDiskGiB), min_ram = \(image.minRAMMiB), checksum = \(image.checksum),
                sha512 = \(image.sha512), updated_at = \(image.updatedAt), protected = \(image.protected)
            WHERE id = \(image.id) AND status = \(status)
            """)
        return changed == 1
    }

    func setProperties(
        _ properties: [String: String], of id: ID<Image>, in transaction: borrowing Transaction
    ) throws {
        for (name, value) in properties {
            if value.isEmpty {
                try transaction.execute("DELETE FROM image_properties WHERE image_id = \(id) AND name = \(name)")
            } else {
                try transaction.execute(
                    """
                    INSERT INTO image_properties (image_id, name, value) VALUES (\(id), \(name), \(value))
                    ON CONFLICT (image_id, name) DO UPDATE SET value = excluded.value
                    """)
            }
        }
    }

    func delete(_ id: ID<Image>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM images WHERE id = \(id)")
    }

    func find(_ id: ID<Image>, in transaction: borrowing Transaction) throws -> Image? {
        guard
            var image = try transaction.first(
                "SELECT \(sql: Self.columns) FROM images WHERE id = \(id)", Self.image)
        else { return nil }
        image.properties = try properties(of: [id], in: transaction)[id] ?? [:]
        return image
    }

    /// One stretch of the images a project may list, newest first: its own and the public ones; nil for every image.
    func list(
        _ filter: ImageFilter, visibleTo project: String?, page: PageRequest, in transaction: borrowing Transaction
    ) throws -> Page<Image> {
        var sql: SQL = "SELECT \(sql: Self.columns) FROM images WHERE 1 = 1"
        if let project { sql += " AND (project_id = \(project) OR visibility = 'public')" }
        sql += Self.conditions(filter)
        if let marker = page.marker {
            sql += """
                 AND (created_at, id) \(sql: page.isBackward ? ">" : "<")
                    (SELECT created_at, id FROM images WHERE id = \(marker))
                """
        }
        sql += page.isBackward ? " ORDER BY created_at, id" : " ORDER BY created_at DESC, id DESC"
        sql += " LIMIT \(page.limit + 1)"
        var images = try transaction.map(sql, Self.image)
        let properties = try properties(of: images.map(\.id), in: transaction)
        for index in images.indices { images[index].properties = properties[images[index].id] ?? [:] }
        return Page(images, of: page) { $0.id.text }
    }

    /// Says that an image is made of an instance's disk; nil once it has been.
    func setInstance(_ instanceID: String?, of id: ID<Image>, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE images SET instance_id = \(instanceID) WHERE id = \(id)")
    }

    /// Marks what was being stored when the program stopped, but for what a job goes on with.
    func killUnfinished(at now: Timestamp, in transaction: borrowing Transaction) throws -> [ID<Image>] {
        try transaction.map(
            """
            UPDATE images SET status = 'killed', updated_at = \(now)
            WHERE status = 'saving' AND instance_id IS NULL RETURNING id
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

    private func properties(
        of ids: [ID<Image>], in transaction: borrowing Transaction
    ) throws -> [ID<Image>: [String: String]] {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.map(
            "SELECT image_id, name, value FROM image_properties WHERE image_id IN (\(list: ids))"
        ) { row in (try row[0] as ID<Image>, try row[1] as String, try row[2] as String) }
        return rows.reduce(into: [:]) { $0[$1.0, default: [:]][$1.1] = $1.2 }
    }

    private static func conditions(_ filter: ImageFilter) -> SQL {
        var sql: SQL = ""
        if let name = filter.name { sql += " AND instr(lower(name), \(name.lowercased())) > 0" }
        if let status = filter.status { sql += " AND status = \(status)" }
        if let visibility = filter.visibility { sql += " AND visibility = \(visibility)" }
        if let format = filter.diskFormat { sql += " AND disk_format = \(format)" }
        if let protected = filter.protected { sql += " AND protected = \(protected)" }
        if filter.launchable {
            let formats = ImageFormat.allCases.filter { $0.hostFormat != nil }
            sql += " AND status = 'active' AND disk_format IN (\(list: formats))"
        }
        return sql
    }

    private static func image(_ row: Row) throws -> Image {
        try Image(
            id: row[0], name: row[1], status: row[2], visibility: row[3], ownerProjectID: row[4], diskFormat: row[5],
            containerFormat: row[6], size: row[7], virtualSize: row[8], minDiskGiB: row[9], minRAMMiB: row[10],
            checksum: row[11], sha512: row[12], createdAt: row[13], updatedAt: row[14], protected: row[15],
            properties: [:])
    }
}
