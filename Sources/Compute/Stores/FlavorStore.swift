import Database
import ServiceCore

/// The table of flavors. Every statement about it is here.
struct FlavorStore: Sendable {
    private static let selection: SQL = "SELECT id, name, vcpus, memory_mib, disk_gib, is_public FROM flavors"

    /// Adds the first flavors, once in the life of a database: those that were deleted since stay deleted.
    func seed(in transaction: borrowing Transaction) throws {
        let first = try transaction.execute(
            "INSERT INTO compute_seeds (name) VALUES ('flavors') ON CONFLICT DO NOTHING")
        guard first == 1 else { return }
        for flavor in Flavor.seeds { try insert(flavor, in: transaction) }
    }

    func insert(_ flavor: Flavor, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO flavors (id, name, vcpus, memory_mib, disk_gib, is_public)
            VALUES (\(flavor.id), \(flavor.name), \(flavor.vcpus), \(flavor.memoryMiB), \(flavor.diskGiB),
                \(flavor.isPublic))
            """)
    }

    /// Smallest first, which is the order in which one looks for a flavor.
    func all(in transaction: borrowing Transaction) throws -> [Flavor] {
        try transaction.map("\(sql: Self.selection) ORDER BY memory_mib, vcpus, disk_gib, name", Self.flavor)
    }

    func find(_ id: String, in transaction: borrowing Transaction) throws -> Flavor? {
        try transaction.first("\(sql: Self.selection) WHERE id = \(id)", Self.flavor)
    }

    private static func flavor(_ row: Row) throws -> Flavor {
        try Flavor(
            id: row[0], name: row[1], vcpus: row[2], memoryMiB: row[3], diskGiB: row[4], isPublic: row[5])
    }
}
