import Database

/// The tables `roles` and `role_inferences`.
struct RoleStore {
    private static let columns: SQL = "r.id, r.name, r.description, r.domain_id, r.immutable"

    func insert(_ role: Role, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO roles (id, name, description, domain_id, immutable)
            VALUES (\(role.id), \(role.name), \(role.description), \(role.domainID), \(role.isImmutable))
            """)
    }

    func update(_ role: Role, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE roles
            SET name = \(role.name), description = \(role.description), immutable = \(role.isImmutable)
            WHERE id = \(role.id)
            """)
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM roles WHERE id = \(id)") == 1
    }

    /// By name.
    func all(_ filter: RoleFilter, in transaction: borrowing Transaction) throws -> [Role] {
        let name = filter.name.map { "r.name = \($0)" as SQL }
        return try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM roles AS r
            \(sql: .matching(name, "r.domain_id IS \(filter.domainID)")) ORDER BY r.name, r.id
            """, Self.role)
    }

    func role(id: String, in transaction: borrowing Transaction) throws -> Role? {
        try transaction.first("SELECT \(sql: Self.columns) FROM roles AS r WHERE id = \(id)", Self.role)
    }

    /// The roles with these identifiers, by name.
    func roles(_ ids: some Sequence<String>, in transaction: borrowing Transaction) throws -> [Role] {
        try transaction.map(
            "SELECT \(sql: Self.columns) FROM roles AS r WHERE id IN (\(list: ids)) ORDER BY name, id", Self.role)
    }

    /// The role of a name that belongs to a domain, or to the whole cloud.
    func role(
        named name: String, domainID: String? = nil, in transaction: borrowing Transaction
    ) throws -> Role? {
        try transaction.first(
            """
            SELECT \(sql: Self.columns) FROM roles AS r
            WHERE name = \(name) AND coalesce(domain_id, '') = \(domainID ?? "")
            """, Self.role)
    }

    // MARK: Inferences

    /// Lets a role imply another; false when it does already.
    func infer(_ impliedID: String, from priorID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO role_inferences (prior_role_id, implied_role_id) VALUES (\(priorID), \(impliedID))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    func removeInference(
        of impliedID: String, from priorID: String, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            "DELETE FROM role_inferences WHERE prior_role_id = \(priorID) AND implied_role_id = \(impliedID)") == 1
    }

    /// What some roles imply directly.
    func impliedIDs(by priorIDs: some Sequence<String>, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            "SELECT implied_role_id FROM role_inferences WHERE prior_role_id IN (\(list: priorIDs))"
        ) { row in try row[0] }
    }

    /// Every pair of roles of which the first implies the second.
    func inferences(in transaction: borrowing Transaction) throws -> [(prior: String, implied: String)] {
        try transaction.map(
            "SELECT prior_role_id, implied_role_id FROM role_inferences ORDER BY prior_role_id, implied_role_id"
        ) { row in (try row[0], try row[1]) }
    }

    private static func role(_ row: Row) throws -> Role {
        try Role(id: row[0], name: row[1], description: row[2], domainID: row[3], isImmutable: row[4])
    }
}
