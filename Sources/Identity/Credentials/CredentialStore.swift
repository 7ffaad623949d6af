import Database

/// The table `credentials`; what is secret in it is sealed already.
struct CredentialStore {
    /// A row.
    struct Record {
        let id: String
        let userID: String
        let projectID: String?
        let type: String
        let sealedBlob: String
    }

    func insert(_ record: Record, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO credentials (id, user_id, project_id, type, sealed_blob)
            VALUES (\(record.id), \(record.userID), \(record.projectID), \(record.type), \(record.sealedBlob))
            """)
    }

    func update(_ record: Record, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE credentials SET sealed_blob = \(record.sealedBlob) WHERE id = \(record.id)")
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM credentials WHERE id = \(id)") == 1
    }

    func delete(of userID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM credentials WHERE user_id = \(userID)")
    }

    func delete(projectID: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM credentials WHERE project_id = \(projectID)")
    }

    func all(userID: String?, type: String?, in transaction: borrowing Transaction) throws -> [Record] {
        let user = userID.map { "user_id = \($0)" as SQL }
        let found = try transaction.map(
            """
            SELECT id, user_id, project_id, type, sealed_blob FROM credentials \(sql: .matching(user)) ORDER BY id
            """, Self.record)
        return found.filter { type == nil || $0.type == type }
    }

    func record(id: String, in transaction: borrowing Transaction) throws -> Record? {
        try transaction.first(
            "SELECT id, user_id, project_id, type, sealed_blob FROM credentials WHERE id = \(id)", Self.record)
    }

    private static func record(_ row: Row) throws -> Record {
        try Record(id: row[0], userID: row[1], projectID: row[2], type: row[3], sealedBlob: row[4])
    }
}
