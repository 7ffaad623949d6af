import Database
import ServiceCore

/// The table of flavors. Every statement about it is here.
struct FlavorStore: Sendable {
    private static let selection: SQL = """
        SELECT id, name, vcpus, memory_mib, disk_gib, is_public, swap_mib, ephemeral_gib, rxtx_factor, description
        FROM flavors
        """

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
            INSERT INTO flavors (id, name, vcpus, memory_mib, disk_gib, is_public, swap_mib, ephemeral_gib,
                rxtx_factor, description)
            VALUES (\(flavor.id), \(flavor.name), \(flavor.vcpus), \(flavor.memoryMiB), \(flavor.diskGiB),
                \(flavor.isPublic), \(flavor.swapMiB), \(flavor.ephemeralGiB), \(flavor.rxtxFactor),
                \(flavor.description))
            """)
    }

    /// - Returns: false when there is no such flavor.
    func delete(_ id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM flavors WHERE id = \(id)") == 1
    }

    /// - Returns: false when there is no such flavor.
    func setDescription(_ text: String?, of id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("UPDATE flavors SET description = \(text) WHERE id = \(id)") == 1
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

    func isTaken(name: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value("SELECT EXISTS (SELECT 1 FROM flavors WHERE name = \(name))") ?? false
    }

    /// Replaces all extra specs.
    func setExtraSpecs(_ specs: [String: String], of id: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM flavor_extra_specs WHERE flavor_id = \(id)")
        for (key, value) in specs {
            try transaction.execute(
                "INSERT INTO flavor_extra_specs (flavor_id, key, value) VALUES (\(id), \(key), \(value))")
        }
    }

    /// The flavors that are not public and that a project may use.
    func accessible(to projectID: String, in transaction: borrowing Transaction) throws -> Set<String> {
        Set(
            try transaction.map("SELECT flavor_id FROM flavor_projects WHERE project_id = \(projectID)") {
                try $0[0] as String
            })
    }

    /// The projects that may use a flavor.
    func projects(of id: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            "SELECT project_id FROM flavor_projects WHERE flavor_id = \(id) ORDER BY project_id"
        ) { try $0[0] as String }
    }

    /// - Returns: false when it may already.
    func allow(_ projectID: String, _ id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO flavor_projects (flavor_id, project_id) VALUES (\(id), \(projectID)) ON CONFLICT DO NOTHING
            """) == 1
    }

    /// - Returns: false when it may not.
    func forbid(_ projectID: String, _ id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            "DELETE FROM flavor_projects WHERE flavor_id = \(id) AND project_id = \(projectID)") == 1
    }

    /// There are few flavors, and few of them have any.
    private func extraSpecs(in transaction: borrowing Transaction) throws -> [StoredExtraSpec] {
        try transaction.map("SELECT flavor_id, key, value FROM flavor_extra_specs") {
            StoredExtraSpec(flavor: try $0[0], key: try $0[1], value: try $0[2])
        }
    }

    private static func flavor(_ row: Row) throws -> Flavor {
        try Flavor(
            id: row[0], name: row[1], vcpus: row[2], memoryMiB: row[3], diskGiB: row[4], isPublic: row[5],
            swapMiB: row[6], ephemeralGiB: row[7], rxtxFactor: row[8], description: row[9])
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
