import Database

/// The table `domains`.
struct DomainStore {
    private static let columns: SQL = "id, name, description, enabled, immutable"

    func insert(_ domain: Domain, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO domains (\(sql: Self.columns))
            VALUES (\(domain.id), \(domain.name), \(domain.description), \(domain.isEnabled), \(domain.isImmutable))
            """)
    }

    func update(_ domain: Domain, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE domains
            SET name = \(domain.name), description = \(domain.description), enabled = \(domain.isEnabled),
                immutable = \(domain.isImmutable)
            WHERE id = \(domain.id)
            """)
    }

    /// Deletes a domain with everything in it: projects from the leaves up, users, groups, and by foreign keys its roles
    /// and what is held there.
    func delete(id: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE projects SET parent_id = NULL WHERE domain_id = \(id)")
        try transaction.execute("DELETE FROM projects WHERE domain_id = \(id)")
        try transaction.execute("DELETE FROM groups WHERE domain_id = \(id)")
        try transaction.execute("DELETE FROM users WHERE domain_id = \(id)")
        try transaction.execute("DELETE FROM domains WHERE id = \(id)")
    }

    func all(_ filter: DomainFilter = DomainFilter(), in transaction: borrowing Transaction) throws -> [Domain] {
        let name = filter.name.map { "name = \($0)" as SQL }
        let domains = try transaction.map(
            "SELECT \(sql: Self.columns) FROM domains \(sql: .matching(name)) ORDER BY name", Self.domain)
        return domains.filter { filter.isEnabled == nil || $0.isEnabled == filter.isEnabled }
    }

    func domain(id: String, in transaction: borrowing Transaction) throws -> Domain? {
        try transaction.first("SELECT \(sql: Self.columns) FROM domains WHERE id = \(id)", Self.domain)
    }

    func domain(named name: String, in transaction: borrowing Transaction) throws -> Domain? {
        try transaction.first("SELECT \(sql: Self.columns) FROM domains WHERE name = \(name)", Self.domain)
    }

    /// The domain of an identifier or, failing that, of a name. Case does not matter: identifiers are lower case, and
    /// the column of names ignores case.
    func domain(idOrName: String, in transaction: borrowing Transaction) throws -> Domain? {
        if let domain = try domain(id: idOrName.lowercased(), in: transaction) { return domain }
        return try domain(named: idOrName, in: transaction)
    }

    private static func domain(_ row: Row) throws -> Domain {
        try Domain(id: row[0], name: row[1], description: row[2], isEnabled: row[3], isImmutable: row[4])
    }
}
