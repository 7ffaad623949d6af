import Database
import ServiceCore

/// Whose failures are counted together.
struct LoginKey: Hashable {
    let domain: String
    let userName: String

    /// Names are compared as the users' table does, without regard to case.
    init(domain: String, userName: String) {
        self.domain = domain.lowercased()
        self.userName = userName.lowercased()
    }
}

/// The tables `login_failures` and `revocations`.
struct LoginStore {
    func failures(of key: LoginKey, in transaction: borrowing Transaction) throws -> LoginFailures? {
        try transaction.first(
            """
            SELECT failures, blocked_until FROM login_failures
            WHERE domain = \(key.domain) AND user_name = \(key.userName)
            """
        ) { row in try LoginFailures(count: row[0], blockedUntil: row[1]) }
    }

    func save(
        _ failures: LoginFailures, of key: LoginKey, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO login_failures (domain, user_name, failures, last_failed_at, blocked_until)
            VALUES (\(key.domain), \(key.userName), \(failures.count), \(now), \(failures.blockedUntil))
            ON CONFLICT (domain, user_name) DO UPDATE
            SET failures = excluded.failures, last_failed_at = excluded.last_failed_at,
                blocked_until = excluded.blocked_until
            """)
    }

    func forget(_ key: LoginKey, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "DELETE FROM login_failures WHERE domain = \(key.domain) AND user_name = \(key.userName)")
    }

    func revoke(auditID: String, until expiry: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO revocations (audit_id, expires_at) VALUES (\(auditID), \(expiry))
            ON CONFLICT (audit_id) DO NOTHING
            """)
    }

    func isRevoked(auditID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value("SELECT 1 FROM revocations WHERE audit_id = \(auditID)", as: Int.self) != nil
    }

    /// Deletes revocations of tokens that have expired anyway, and failures nobody added to for a while.
    func prune(
        expiredBefore now: Timestamp, failedBefore quiet: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute("DELETE FROM revocations WHERE expires_at < \(now)")
        try transaction.execute("DELETE FROM login_failures WHERE last_failed_at < \(quiet)")
    }
}
