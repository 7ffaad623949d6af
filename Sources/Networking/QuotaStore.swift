import Database

/// The only SQL for `quotas`, the limits that differ from the configured ones, and `quotausages`, what they limit.
struct QuotaStore {
    func limits(projectID: String, in transaction: borrowing Transaction) throws -> [String: Int] {
        let rows = try transaction.map(
            "SELECT resource, hard_limit FROM quotas WHERE project_id = \(projectID)"
        ) { row in (try row[0] as String, try row[1] as Int) }
        return Dictionary(rows) { first, _ in first }
    }

    /// The limits of all projects that have some of their own.
    func all(in transaction: borrowing Transaction) throws -> [String: [String: Int]] {
        let rows = try transaction.map(
            "SELECT project_id, resource, hard_limit FROM quotas ORDER BY project_id, resource"
        ) { row in (try row[0] as String, try row[1] as String, try row[2] as Int) }
        return rows.reduce(into: [:]) { $0[$1.0, default: [:]][$1.1] = $1.2 }
    }

    func reset(projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM quotas WHERE project_id = \(projectID)")
    }

    /// What the project has of each resource; triggers keep count.
    func use(projectID: String, in transaction: borrowing Transaction) throws -> [String: Int] {
        let rows = try transaction.map(
            "SELECT resource, in_use FROM quotausages WHERE project_id = \(projectID)"
        ) { row in (try row[0] as String, try row[1] as Int) }
        return Dictionary(rows) { first, _ in first }
    }

    func set(_ limits: [String: Int], projectID: String, in transaction: borrowing Transaction) throws {
        for (resource, limit) in limits.sorted(by: { $0.key < $1.key }) {
            try transaction.execute(
                """
                INSERT INTO quotas (project_id, resource, hard_limit) VALUES (\(projectID), \(resource), \(limit))
                ON CONFLICT (project_id, resource) DO UPDATE SET hard_limit = excluded.hard_limit
                """)
        }
    }
}
