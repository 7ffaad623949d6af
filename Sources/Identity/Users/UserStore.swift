import Database
import ServiceCore

/// A user with what only Identity may see.
struct UserRecord {
    let user: User
    /// Empty for a user without a password.
    let passwordHash: String
    /// Grows when all tokens issued so far are to stop working.
    let tokenGeneration: Int
    let isDomainEnabled: Bool
    let domainName: String
}

/// The table `users`.
struct UserStore {
    private static let columns: SQL = """
        u.id, u.domain_id, u.name, u.email, u.description, u.enabled, u.default_project_id, u.options,
        u.extra
        """
    private static let recordSource: SQL = """
        SELECT \(sql: columns), u.password_hash, u.token_generation, d.enabled, d.name
        FROM users AS u JOIN domains AS d ON d.id = u.domain_id
        """

    func insert(
        _ user: User, passwordHash: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO users
                (id, domain_id, name, email, description, enabled, default_project_id, password_hash,
                 password_changed_at, options, extra)
            VALUES (\(user.id), \(user.domainID), \(user.name), \(user.email), \(user.description),
                \(user.isEnabled), \(user.defaultProjectID), \(passwordHash), \(now),
                \(user.options), \(user.extra))
            """)
    }

    /// Saves a user. Disabling one ends its tokens for good, also when it is enabled again.
    func update(_ user: User, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE users
            SET name = \(user.name), email = \(user.email), description = \(user.description),
                enabled = \(user.isEnabled), default_project_id = \(user.defaultProjectID),
                options = \(user.options), extra = \(user.extra),
                token_generation = token_generation + (enabled > \(user.isEnabled))
            WHERE id = \(user.id)
            """)
    }

    /// Sets a password and ends all tokens.
    func setPassword(
        of userID: String, hash: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE users
            SET password_hash = \(hash), password_changed_at = \(now), token_generation = token_generation + 1
            WHERE id = \(userID)
            """)
    }

    /// Replaces the hash of the same password by one of another cost; false when the password was changed meanwhile.
    func replaceHash(
        of userID: String, _ old: String, by new: String, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            "UPDATE users SET password_hash = \(new) WHERE id = \(userID) AND password_hash = \(old)") == 1
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM users WHERE id = \(id)") == 1
    }

    /// By name.
    func all(_ filter: UserFilter, in transaction: borrowing Transaction) throws -> [User] {
        let domain = filter.domainID.map { "u.domain_id = \($0)" as SQL }
        let name = filter.name.map { "u.name = \($0)" as SQL }
        let users = try transaction.map(
            "SELECT \(sql: Self.columns) FROM users AS u \(sql: .matching(domain, name)) ORDER BY u.name, u.id",
            Self.user)
        return users.filter { filter.isEnabled == nil || $0.isEnabled == filter.isEnabled }
    }

    func members(of groupID: String, in transaction: borrowing Transaction) throws -> [User] {
        try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM group_members AS m JOIN users AS u ON u.id = m.user_id
            WHERE m.group_id = \(groupID) ORDER BY u.name, u.id
            """, Self.user)
    }

    func record(id: String, in transaction: borrowing Transaction) throws -> UserRecord? {
        try transaction.first("\(sql: Self.recordSource) WHERE u.id = \(id)", Self.record)
    }

    func record(named name: String, domainID: String, in transaction: borrowing Transaction) throws -> UserRecord? {
        try transaction.first(
            "\(sql: Self.recordSource) WHERE u.domain_id = \(domainID) AND u.name = \(name)", Self.record)
    }

    private static func user(_ row: Row) throws -> User {
        try User(
            id: row[0], domainID: row[1], name: row[2], email: row[3], description: row[4], isEnabled: row[5],
            defaultProjectID: row[6], options: row[7], extra: row[8])
    }

    private static func record(_ row: Row) throws -> UserRecord {
        try UserRecord(
            user: user(row), passwordHash: row[9], tokenGeneration: row[10], isDomainEnabled: row[11],
            domainName: row[12])
    }
}
