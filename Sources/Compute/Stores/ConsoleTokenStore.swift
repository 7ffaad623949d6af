import Database
import ServiceCore

/// The table of tokens that open consoles, nova's `console_auth_tokens`. Only digests are kept. Every statement about it
/// is here.
struct ConsoleTokenStore: Sendable {
    func insert(
        _ digest: String, _ grant: ConsoleGrant, session: String?, expiresAt: Timestamp,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO console_auth_tokens (token_hash, console_type, instance_id, user_id, project_id, session_hash,
                expires_at)
            VALUES (\(digest), \(grant.type.rawValue), \(grant.instanceID), \(grant.userID), \(grant.projectID),
                \(session), \(expiresAt))
            """)
    }

    func deleteExpired(at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM console_auth_tokens WHERE expires_at <= \(now)")
    }

    func count(ofUser userID: String, in transaction: borrowing Transaction) throws -> Int {
        try transaction.value("SELECT count(*) FROM console_auth_tokens WHERE user_id = \(userID)") ?? 0
    }

    /// What a token stands for; it is gone afterwards. One of another session is left alone, for whom it belongs to.
    func take(
        _ digest: String, session: String?, at now: Timestamp, in transaction: borrowing Transaction
    ) throws -> ConsoleGrant? {
        try transaction.first(
            """
            DELETE FROM console_auth_tokens
            WHERE token_hash = \(digest) AND expires_at > \(now)
                AND (session_hash IS NULL OR session_hash = \(session))
            RETURNING console_type, instance_id, user_id, project_id, session_hash
            """
        ) { row in
            let type: String = try row[0]
            let session: String? = try row[4]
            return try ConsoleType(rawValue: type).map { type in
                try ConsoleGrant(
                    type: type, instanceID: row[1], userID: row[2], projectID: row[3], isOfSession: session != nil)
            }
        } ?? nil
    }
}
