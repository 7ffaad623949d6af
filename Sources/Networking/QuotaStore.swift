import Database

/// The only SQL for `quotas`, the limits that differ from the configured ones, and `quotausages`, what they limit.
struct QuotaStore {
    func limits(projectID: String, in transaction: borrowing Transaction) throws -> [String: Int] {
        let rows = try transaction.map(
            "SELECT resource, hard_limit FROM quotas WHERE project_id = \(projectID)"
        ) { row in (try row[0] as String, try row[1] as Int) }
        return Dictionary(rows) { first, _ in first }
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
