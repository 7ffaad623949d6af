public import Database
import ServiceCore

/// The table of resizes. Every statement about it is here.
struct MigrationStore: Sendable {
    private static let selection: SQL = """
        SELECT id, uuid, instance_id, status, host, old_flavor_id, new_flavor_id, user_id, project_id, created_at,
            updated_at
        FROM migrations
        """

    func insert(_ migration: InstanceMigration, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO migrations (uuid, instance_id, status, host, old_flavor_id, new_flavor_id, user_id, project_id,
                created_at, updated_at)
            VALUES (\(migration.uuid), \(migration.instanceID), \(migration.status), \(migration.host),
                \(migration.oldFlavorID), \(migration.newFlavorID), \(migration.userID), \(migration.projectID),
                \(migration.createdAt), \(migration.updatedAt))
            """)
    }

    /// What became of an instance's newest resize.
    func setStatus(
        _ status: MigrationStatus, ofInstance id: ID<Instance>, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE migrations SET status = \(status), updated_at = \(now)
            WHERE id = (SELECT max(id) FROM migrations WHERE instance_id = \(id))
            """)
    }

    /// Newest first.
    func list(_ filter: MigrationFilter, limit: Int, in transaction: borrowing Transaction) throws
        -> [InstanceMigration]
    {
        var sql: SQL = "\(sql: Self.selection) WHERE 1 = 1"
        if let id = filter.instanceID { sql += " AND instance_id = \(id)" }
        if let status = filter.status { sql += " AND status = \(status)" }
        if let host = filter.host { sql += " AND host = \(host)" }
        if let user = filter.userID { sql += " AND user_id = \(user)" }
        if let project = filter.projectID { sql += " AND project_id = \(project)" }
        if let since = filter.changesSince { sql += " AND updated_at >= \(since)" }
        if let before = filter.changesBefore { sql += " AND updated_at <= \(before)" }
        if let marker = filter.marker { sql += " AND id < (SELECT id FROM migrations WHERE uuid = \(marker))" }
        sql += " ORDER BY id DESC LIMIT \(limit)"
        return try transaction.map(sql, Self.migration)
    }

    func exists(_ uuid: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value("SELECT EXISTS (SELECT 1 FROM migrations WHERE uuid = \(uuid))") ?? false
    }

    private static func migration(_ row: Row) throws -> InstanceMigration {
        try InstanceMigration(
            number: row[0], uuid: row[1], instanceID: row[2], status: row[3], host: row[4], oldFlavorID: row[5],
            newFlavorID: row[6], userID: row[7], projectID: row[8], createdAt: row[9], updatedAt: row[10])
    }
}

extension MigrationStatus: DatabaseValue {}
