import Database

/// The table `regions`.
struct RegionStore {
    func insert(_ region: Region, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO regions (id, description, parent_region_id)
            VALUES (\(region.id), \(region.description), \(region.parentID))
            """)
    }

    func update(_ region: Region, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE regions SET description = \(region.description), parent_region_id = \(region.parentID)
            WHERE id = \(region.id)
            """)
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM regions WHERE id = \(id)") == 1
    }

    /// All, or the parts of one.
    func all(partsOf parentID: String?, in transaction: borrowing Transaction) throws -> [Region] {
        let parent = parentID.map { "parent_region_id = \($0)" as SQL }
        return try transaction.map(
            "SELECT id, description, parent_region_id FROM regions \(sql: .matching(parent)) ORDER BY id", Self.region)
    }

    func region(id: String, in transaction: borrowing Transaction) throws -> Region? {
        try transaction.first("SELECT id, description, parent_region_id FROM regions WHERE id = \(id)", Self.region)
    }

    private static func region(_ row: Row) throws -> Region {
        try Region(id: row[0], description: row[1], parentID: row[2])
    }
}
