import Database

/// The tables `trusts` and `trust_roles`.
struct TrustStore {
    private static let columns: SQL = """
        id, trustor_user_id, trustee_user_id, project_id, impersonation, expires_at, remaining_uses,
        redelegation_count, redelegated_trust_id
        """

    func insert(_ trust: Trust, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO trusts (\(sql: Self.columns))
            VALUES (\(trust.id), \(trust.trustorID), \(trust.trusteeID), \(trust.projectID), \(trust.isImpersonation),
                \(trust.expiresAt), \(trust.remainingUses), \(trust.redelegationCount), \(trust.redelegatedTrustID))
            """)
        for role in trust.roles {
            try transaction.execute("INSERT INTO trust_roles (trust_id, role_id) VALUES (\(trust.id), \(role.id))")
        }
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM trusts WHERE id = \(id)") == 1
    }

    /// Counts a use of a trust that can be used only so often.
    func use(id: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE trusts SET remaining_uses = remaining_uses - 1 WHERE id = \(id) AND remaining_uses > 0")
    }

    /// Without their roles.
    func all(
        trustorID: String?, trusteeID: String?, in transaction: borrowing Transaction
    ) throws -> [Trust] {
        let trustor = trustorID.map { "trustor_user_id = \($0)" as SQL }
        let trustee = trusteeID.map { "trustee_user_id = \($0)" as SQL }
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM trusts \(sql: .matching(trustor, trustee)) ORDER BY id"
        ) { row in try Self.trust(row, roles: []) }
    }

    func trust(id: String, _ roles: RoleStore, in transaction: borrowing Transaction) throws -> Trust? {
        let roleIDs = try transaction.map("SELECT role_id FROM trust_roles WHERE trust_id = \(id)") { row in
            try row[0] as String
        }
        let roles = try roles.roles(roleIDs, in: transaction)
        return try transaction.first("SELECT \(sql: Self.columns) FROM trusts WHERE id = \(id)") { row in
            try Self.trust(row, roles: roles)
        }
    }

    /// A trust, the one it was passed on from, and so on to the first.
    func chain(from id: String, _ roles: RoleStore, in transaction: borrowing Transaction) throws -> [Trust] {
        var chain: [Trust] = []
        var next: String? = id
        while let id = next, let trust = try trust(id: id, roles, in: transaction) {
            chain.append(trust)
            next = trust.redelegatedTrustID
        }
        return chain
    }

    private static func trust(_ row: Row, roles: [Role]) throws -> Trust {
        try Trust(
            id: row[0], trustorID: row[1], trusteeID: row[2], projectID: row[3], isImpersonation: row[4],
            expiresAt: row[5], remainingUses: row[6], redelegationCount: row[7],
            redelegatedTrustID: row[8], roles: roles)
    }
}
