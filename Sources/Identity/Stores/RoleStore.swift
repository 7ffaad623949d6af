import Database

/// The tables `roles` and `role_assignments`.
struct RoleStore {
    func insert(_ role: Role, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "INSERT INTO roles (id, name, description) VALUES (\(role.id), \(role.name), \(role.description))")
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM roles WHERE id = \(id)") == 1
    }

    func all(in transaction: borrowing Transaction) throws -> [Role] {
        try transaction.map("SELECT id, name, description FROM roles ORDER BY name", Self.role)
    }

    func role(id: String, in transaction: borrowing Transaction) throws -> Role? {
        try transaction.first("SELECT id, name, description FROM roles WHERE id = \(id)", Self.role)
    }

    func role(named name: String, in transaction: borrowing Transaction) throws -> Role? {
        try transaction.first("SELECT id, name, description FROM roles WHERE name = \(name)", Self.role)
    }

    /// Gives a role; giving it again changes nothing.
    func assign(
        _ roleID: String, to userID: String, on scope: RoleScope, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO role_assignments (user_id, role_id, scope, project_id, domain_id)
            VALUES (\(userID), \(roleID), \(scope.kind), \(scope.projectID), \(scope.domainID))
            ON CONFLICT DO NOTHING
            """)
    }

    func unassign(
        _ roleID: String, from userID: String, on scope: RoleScope, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            DELETE FROM role_assignments
            WHERE user_id = \(userID) AND scope = \(scope.kind)
                AND coalesce(project_id, domain_id, '') = \(scope.projectID ?? scope.domainID ?? "")
                AND role_id = \(roleID)
            """) == 1
    }

    /// The roles a user holds somewhere, by name.
    func roles(
        of userID: String, on scope: RoleScope, in transaction: borrowing Transaction
    ) throws -> [Role] {
        try transaction.map(
            """
            SELECT r.id, r.name, r.description
            FROM role_assignments AS a JOIN roles AS r ON r.id = a.role_id
            WHERE a.user_id = \(userID) AND a.scope = \(scope.kind)
                AND coalesce(a.project_id, a.domain_id, '') = \(scope.projectID ?? scope.domainID ?? "")
            ORDER BY r.name
            """, Self.role)
    }

    func assignments(of userID: String, in transaction: borrowing Transaction) throws -> [RoleAssignment] {
        try transaction.map("\(sql: Self.assignmentSource) WHERE a.user_id = \(userID)", Self.assignment)
    }

    func assignments(on projectID: String, in transaction: borrowing Transaction) throws -> [RoleAssignment] {
        try transaction.map("\(sql: Self.assignmentSource) WHERE a.project_id = \(projectID)", Self.assignment)
    }

    private static let assignmentSource: SQL = """
        SELECT r.id, r.name, r.description, a.user_id, a.project_id, a.domain_id
        FROM role_assignments AS a JOIN roles AS r ON r.id = a.role_id
        """

    private static func role(_ row: Row) throws -> Role {
        try Role(id: row[0], name: row[1], description: row[2])
    }

    private static func assignment(_ row: Row) throws -> RoleAssignment {
        let projectID: String? = try row[4]
        let domainID: String? = try row[5]
        let scope = projectID.map(RoleScope.project) ?? domainID.map(RoleScope.domain) ?? .system
        return try RoleAssignment(userID: row[3], role: role(row), scope: scope)
    }
}

extension RoleScope {
    fileprivate var kind: String {
        switch self {
        case .project: "project"
        case .domain: "domain"
        case .system: "system"
        }
    }

    fileprivate var projectID: String? {
        if case .project(let id) = self { id } else { nil }
    }

    fileprivate var domainID: String? {
        if case .domain(let id) = self { id } else { nil }
    }
}
