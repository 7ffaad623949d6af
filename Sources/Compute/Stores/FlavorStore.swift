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
        let specs = Dictionary(grouping: try extraSpecs(in: transaction), by: \.flavor)
        return try transaction.map("\(sql: Self.selection) ORDER BY memory_mib, vcpus, disk_gib, name", Self.flavor)
            .map { $0.with(specs[$0.id] ?? []) }
    }

    func find(_ id: String, in transaction: borrowing Transaction) throws -> Flavor? {
        let flavor = try transaction.first("\(sql: Self.selection) WHERE id = \(id)", Self.flavor)
        return try flavor?.with(extraSpecs(in: transaction).filter { $0.flavor == id })
    }

    /// Replaces all extra specs.
    func setExtraSpecs(_ specs: [String: String], of id: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM flavor_extra_specs WHERE flavor_id = \(id)")
        for (key, value) in specs {
            try transaction.execute(
                "INSERT INTO flavor_extra_specs (flavor_id, key, value) VALUES (\(id), \(key), \(value))")
        }
    }

    /// There are few flavors, and few of them have any.
    private func extraSpecs(in transaction: borrowing Transaction) throws -> [StoredExtraSpec] {
        try transaction.map("SELECT flavor_id, key, value FROM flavor_extra_specs") {
            StoredExtraSpec(flavor: try $0[0], key: try $0[1], value: try $0[2])
        }
    }

    private static func flavor(_ row: Row) throws -> Flavor {
        try Flavor(
            id: row[0], name: row[1], vcpus: row[2], memoryMiB: row[3], diskGiB: row[4], isPublic: row[5])
    }
}

private struct StoredExtraSpec {
    let flavor: String
    let key: String
    let value: String
}

extension Flavor {
    fileprivate func with(_ specs: [StoredExtraSpec]) -> Flavor {
        var flavor = self
        flavor.extraSpecs = Dictionary(specs.map { ($0.key, $0.value) }) { first, _ in first }
        return flavor
    }
}
