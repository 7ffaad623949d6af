import Database

/// The tables `projects` and `project_tags`.
struct ProjectStore {
    private static let columns: SQL = "p.id, p.domain_id, p.name, p.description, p.enabled, p.parent_id, p.extra, p.immutable"

    func insert(_ project: Project, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO projects (id, domain_id, name, description, enabled, parent_id, extra, immutable)
            VALUES (\(project.id), \(project.domainID), \(project.name), \(project.description), \(project.isEnabled),
                \(project.parentID), \(project.extra), \(project.isImmutable))
            """)
        try insertTags(of: project, in: transaction)
    }

    func update(_ project: Project, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE projects
            SET name = \(project.name), description = \(project.description), enabled = \(project.isEnabled),
                extra = \(project.extra), immutable = \(project.isImmutable)
            WHERE id = \(project.id)
            """)
        try transaction.execute("DELETE FROM project_tags WHERE project_id = \(project.id)")
        try insertTags(of: project, in: transaction)
    }

    private func insertTags(of project: Project, in transaction: borrowing Transaction) throws {
        for tag in project.tags {
            try transaction.execute("INSERT INTO project_tags (project_id, tag) VALUES (\(project.id), \(tag))")
        }
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM projects WHERE id = \(id)") == 1
    }

    /// By name.
    func all(_ filter: ProjectFilter, in transaction: borrowing Transaction) throws -> [Project] {
        let domain = filter.domainID.map { "p.domain_id = \($0)" as SQL }
        let name = filter.name.map { "p.name = \($0)" as SQL }
        let projects = try projects(
            """
            SELECT \(sql: Self.columns) FROM projects AS p
            \(sql: .matching(domain, name, parent(filter.parentID))) ORDER BY p.name, p.id
            """, in: transaction)
        return projects.filter(filter.accepts)
    }

    /// The projects directly below a project or a domain.
    private func parent(_ id: String?) -> SQL? {
        id.map { "(p.parent_id = \($0) OR (p.domain_id = \($0) AND p.parent_id IS NULL))" }
    }

    func children(of projectID: String, in transaction: borrowing Transaction) throws -> [Project] {
        try projects(
            "SELECT \(sql: Self.columns) FROM projects AS p WHERE parent_id = \(projectID) ORDER BY name, id",
            in: transaction)
    }

    func project(id: String, in transaction: borrowing Transaction) throws -> Project? {
        try projects("SELECT \(sql: Self.columns) FROM projects AS p WHERE id = \(id)", in: transaction).first
    }

    func project(named name: String, domainID: String, in transaction: borrowing Transaction) throws -> Project? {
        try projects(
            "SELECT \(sql: Self.columns) FROM projects AS p WHERE domain_id = \(domainID) AND name = \(name)",
            in: transaction
        ).first
    }

    /// The projects on which one of these actors was given a role, by name.
    func projects(of actors: [String], in transaction: borrowing Transaction) throws -> [Project] {
        try projects(
            """
            SELECT DISTINCT \(sql: Self.columns)
            FROM role_assignments AS a JOIN projects AS p ON p.id = a.project_id
            WHERE a.actor_id IN (\(list: actors)) AND a.inherited = 0
            ORDER BY p.name, p.id
            """, in: transaction)
    }

    private func projects(_ sql: SQL, in transaction: borrowing Transaction) throws -> [Project] {
        let rows = try transaction.map(sql, Self.project)
        var tags: [String: [String]] = [:]
        // SQLite binds no more than 32,766 values.
        for start in stride(from: 0, to: rows.count, by: 1024) {
            let ids = rows[start..<min(start + 1024, rows.count)].map(\.id)
            let pairs = try transaction.map(
                "SELECT project_id, tag FROM project_tags WHERE project_id IN (\(list: ids)) ORDER BY project_id, tag"
            ) { row in (try row[0] as String, try row[1] as String) }
            for (id, tag) in pairs { tags[id, default: []].append(tag) }
        }
        return rows.map { row in tags[row.id].map(row.with) ?? row }
    }

    private static func project(_ row: Row) throws -> Project {
        try Project(
            id: row[0], domainID: row[1], name: row[2], description: row[3], isEnabled: row[4], parentID: row[5],
            extra: row[6], isImmutable: row[7])
    }
}
