import Database

/// The tables `application_credentials`, `application_credential_roles`, `access_rules` and
/// `application_credential_access_rules`.
struct ApplicationCredentialStore {
    /// A row with what only Identity may see.
    struct Record {
        let id: String
        let userID: String
        let projectID: String
        let name: String
        let description: String
        let secretHash: String
        let expiresAt: MicroTime?
        let isUnrestricted: Bool
        let hasAccessRules: Bool
    }

    private static let columns: SQL = """
        id, user_id, project_id, name, description, secret_hash, expires_at, unrestricted, has_access_rules
        """

    func insert(
        _ record: Record, roleIDs: [String], ruleIDs: [String], in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO application_credentials (\(sql: Self.columns))
            VALUES (\(record.id), \(record.userID), \(record.projectID), \(record.name), \(record.description),
                \(record.secretHash), \(record.expiresAt), \(record.isUnrestricted), \(record.hasAccessRules))
            """)
        for roleID in roleIDs {
            try transaction.execute(
                """
                INSERT INTO application_credential_roles (application_credential_id, role_id)
                VALUES (\(record.id), \(roleID)) ON CONFLICT DO NOTHING
                """)
        }
        for ruleID in ruleIDs {
            try transaction.execute(
                """
                INSERT INTO application_credential_access_rules (application_credential_id, access_rule_id)
                VALUES (\(record.id), \(ruleID)) ON CONFLICT DO NOTHING
                """)
        }
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM application_credentials WHERE id = \(id)") == 1
    }

    func delete(of userID: String, projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "DELETE FROM application_credentials WHERE user_id = \(userID) AND project_id = \(projectID)")
    }

    /// Of a user, by name.
    func all(userID: String, name: String?, in transaction: borrowing Transaction) throws -> [Record] {
        let name = name.map { "name = \($0)" as SQL }
        return try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM application_credentials
            \(sql: .matching("user_id = \(userID)", name)) ORDER BY name
            """, Self.record)
    }

    func record(id: String, in transaction: borrowing Transaction) throws -> Record? {
        try transaction.first("SELECT \(sql: Self.columns) FROM application_credentials WHERE id = \(id)", Self.record)
    }

    func roleIDs(of id: String, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map(
            "SELECT role_id FROM application_credential_roles WHERE application_credential_id = \(id)"
        ) { row in try row[0] }
    }

    private static func record(_ row: Row) throws -> Record {
        try Record(
            id: row[0], userID: row[1], projectID: row[2], name: row[3], description: row[4], secretHash: row[5],
            expiresAt: row[6], isUnrestricted: row[7], hasAccessRules: row[8])
    }

    // MARK: Access rules

    func insert(_ rule: AccessRule, userID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO access_rules (id, user_id, service, method, path)
            VALUES (\(rule.id), \(userID), \(rule.service), \(rule.method), \(rule.path))
            """)
    }

    func delete(ruleID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM access_rules WHERE id = \(ruleID)")
    }

    /// Of a user, by service, method and path.
    func rules(userID: String, in transaction: borrowing Transaction) throws -> [AccessRule] {
        try transaction.map(
            """
            SELECT id, service, method, path FROM access_rules WHERE user_id = \(userID)
            ORDER BY service, method, path
            """, Self.rule)
    }

    func rules(of id: String, in transaction: borrowing Transaction) throws -> [AccessRule] {
        try transaction.map(
            """
            SELECT r.id, r.service, r.method, r.path
            FROM application_credential_access_rules AS a JOIN access_rules AS r ON r.id = a.access_rule_id
            WHERE a.application_credential_id = \(id) ORDER BY r.service, r.method, r.path
            """, Self.rule)
    }

    func isUsed(ruleID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            "SELECT 1 FROM application_credential_access_rules WHERE access_rule_id = \(ruleID) LIMIT 1",
            as: Int.self) != nil
    }

    private static func rule(_ row: Row) throws -> AccessRule {
        try AccessRule(id: row[0], service: row[1], method: row[2], path: row[3])
    }
}
