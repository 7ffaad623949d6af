import Database

/// The table `domains`.
struct DomainStore {
    private static let columns: SQL = "id, name, description, enabled"

    func insert(_ domain: Domain, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO domains (id, name, description, enabled)
            VALUES (\(domain.id), \(domain.name), \(domain.description), \(domain.isEnabled))
            """)
    }

    func setEnabled(_ isEnabled: Bool, id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("UPDATE domains SET enabled = \(isEnabled) WHERE id = \(id)") == 1
    }

    func all(in transaction: borrowing Transaction) throws -> [Domain] {
        try transaction.map("SELECT \(sql: Self.columns) FROM domains ORDER BY name", Self.domain)
    }

    func domain(id: String, in transaction: borrowing Transaction) throws -> Domain? {
        try transaction.first("SELECT \(sql: Self.columns) FROM domains WHERE id = \(id)", Self.domain)
    }

    /// The domain of an identifier or, failing that, of a name. Case does not matter: identifiers are lower case, and
    /// the column of names ignores case.
    func domain(idOrName: String, in transaction: borrowing Transaction) throws -> Domain? {
        if let domain = try domain(id: idOrName.lowercased(), in: transaction) { return domain }
        return try transaction.first("SELECT \(sql: Self.columns) FROM domains WHERE name = \(idOrName)", Self.domain)
    }

    private static func domain(_ row: Row) throws -> Domain {
        try Domain(id: row[0], name: row[1], description: row[2], isEnabled: row[3])
    }
}
