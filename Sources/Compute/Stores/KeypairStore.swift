import Database
import ServiceCore

/// The table of keypairs. Every statement about it is here.
struct KeypairStore: Sendable {
    private static let selection: SQL = """
        SELECT name, user_id, type, public_key, fingerprint, created_at, number FROM key_pairs
        """

    func insert(_ keypair: Keypair, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO key_pairs (name, user_id, type, public_key, fingerprint, created_at, number)
            VALUES (\(keypair.name), \(keypair.userID), \(keypair.type), \(keypair.publicKey), \(keypair.fingerprint),
                \(keypair.createdAt), (SELECT coalesce(max(number), 0) + 1 FROM key_pairs))
            """)
    }

    func delete(_ name: String, of userID: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM key_pairs WHERE user_id = \(userID) AND name = \(name)") == 1
    }

    func all(of userID: String, in transaction: borrowing Transaction) throws -> [Keypair] {
        try transaction.map("\(sql: Self.selection) WHERE user_id = \(userID) ORDER BY name", Self.keypair)
    }

    func find(_ name: String, of userID: String, in transaction: borrowing Transaction) throws -> Keypair? {
        try transaction.first(
            "\(sql: Self.selection) WHERE user_id = \(userID) AND name = \(name)", Self.keypair)
    }

    func count(of userID: String, in transaction: borrowing Transaction) throws -> Int {
        try transaction.value("SELECT count(*) FROM key_pairs WHERE user_id = \(userID)") ?? 0
    }

    private static func keypair(_ row: Row) throws -> Keypair {
        try Keypair(
            name: row[0], userID: row[1], type: row[2], publicKey: row[3], fingerprint: row[4], createdAt: row[5],
            number: row[6])
    }
}
