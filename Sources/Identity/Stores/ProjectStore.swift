import Database

/// The table `projects`.
struct ProjectStore {
    private static let columns: SQL = "p.id, p.domain_id, p.name, p.description, p.enabled"

    func insert(_ project: Project, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO projects (id, domain_id, name, description, enabled)
            VALUES (\(project.id), \(project.domainID), \(project.name), \(project.description), \(project.isEnabled))
            """)
    }

    func update(_ project: Project, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE projects
            SET name = \(project.name), description = \(project.description), enabled = \(project.isEnabled)
            WHERE id = \(project.id)
            """)
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM projects WHERE id = \(id)") == 1
    }

    func all(domainID: String?, in transaction: borrowing Transaction) throws -> [Project] {
        if let domainID {
            return try transaction.map(
                "SELECT \(sql: Self.columns) FROM projects AS p WHERE domain_id = \(domainID) ORDER BY name",
                Self.project)
        }
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM projects AS p ORDER BY name, id", Self.project)
    }

    func project(id: String, in transaction: borrowing Transaction) throws -> Project? {
        try transaction.first("SELECT \(sql: Self.columns) FROM projects AS p WHERE id = \(id)", Self.project)
    }

    func project(named name: String, domainID: String, in transaction: borrowing Transaction) throws -> Project? {
        try transaction.first(
            "SELECT \(sql: Self.columns) FROM projects AS p WHERE domain_id = \(domainID) AND name = \(name)",
            Self.project)
    }

    /// The enabled projects, of enabled domains, in which a user holds a role, by name.
    func projects(of userID: String, in transaction: borrowing Transaction) throws -> [Project] {
        try transaction.map(
            """
            SELECT DISTINCT \(sql: Self.columns)
            FROM role_assignments AS a
            JOIN projects AS p ON p.id = a.project_id
            JOIN domains AS d ON d.id = p.domain_id
            WHERE a.user_id = \(userID) AND a.scope = 'project' AND p.enabled = 1 AND d.enabled = 1
            ORDER BY p.name, p.id
            """, Self.project)
    }

    private static func project(_ row: Row) throws -> Project {
        try Project(id: row[0], domainID: row[1], name: row[2], description: row[3], isEnabled: row[4])
    }
}
