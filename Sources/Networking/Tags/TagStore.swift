import Database

/// The only SQL for `tags`. They go with their resources.
struct TagStore {
    func tags(of ids: [String], in transaction: borrowing Transaction) throws -> [String: [String]] {
        guard !ids.isEmpty else { return [:] }
        let rows = try transaction.map(
            "SELECT resource_id, tag FROM tags WHERE resource_id IN (\(list: ids)) ORDER BY resource_id, tag"
        ) { row in (try row[0] as String, try row[1] as String) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    func insert(_ tag: String, of id: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("INSERT OR IGNORE INTO tags (resource_id, tag) VALUES (\(id), \(tag))")
    }

    /// Whether there was such a tag.
    func delete(_ tag: String, of id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM tags WHERE resource_id = \(id) AND tag = \(tag)") > 0
    }

    func replace(with tags: [String], of id: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM tags WHERE resource_id = \(id)")
        for tag in tags { try insert(tag, of: id, in: transaction) }
    }
}

extension NetworkingSchema {
    static let tags =
        """
        CREATE TABLE tags (
            resource_id TEXT NOT NULL,
            tag TEXT NOT NULL,
            PRIMARY KEY (resource_id, tag)
        ) STRICT, WITHOUT ROWID;
        """
        + ["networks", "subnets", "ports", "routers", "floatingips", "securitygroups"].map(goingWith).joined()

    static let poolTags = goingWith("subnetpools")

    /// Nothing else of a rule changes, so that it had no revisions before.
    static let ruleTags =
        """
        ALTER TABLE securitygrouprules ADD COLUMN revision_number INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE securitygrouprules ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
        UPDATE securitygrouprules SET updated_at = created_at;
        """ + goingWith("securitygrouprules")

    private static func goingWith(_ table: String) -> String {
        """

        CREATE TRIGGER tags_\(table)_delete AFTER DELETE ON \(table) BEGIN
            DELETE FROM tags WHERE resource_id = old.id;
        END;
        """
    }
}
