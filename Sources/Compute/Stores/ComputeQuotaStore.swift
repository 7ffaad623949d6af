import Database
import ServiceCore

/// The table of limits that were set. Every statement about it is here.
struct ComputeQuotaStore: Sendable {
    /// In place of a project: the limits of projects that have none of their own (nova's quota class `default`).
    static let defaultClass = ""

    /// What was set for a project, by nova's names.
    func limits(ofProject projectID: String, in transaction: borrowing Transaction) throws -> [String: Int] {
        let rows = try transaction.map(
            "SELECT resource, hard_limit FROM compute_limits WHERE project_id = \(projectID)"
        ) { row in (try row[0] as String, try row[1] as Int) }
        return Dictionary(rows) { first, _ in first }
    }

    func set(_ limits: [String: Int], ofProject projectID: String, in transaction: borrowing Transaction) throws {
        for (resource, limit) in limits {
            try transaction.execute(
                """
                INSERT INTO compute_limits (project_id, resource, hard_limit)
                VALUES (\(projectID), \(resource), \(limit))
                ON CONFLICT (project_id, resource) DO UPDATE SET hard_limit = excluded.hard_limit
                """)
        }
    }

    func clear(ofProject projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM compute_limits WHERE project_id = \(projectID)")
    }
}
