import Database

/// The table `consumers`; their secrets are sealed already.
struct ConsumerStore {
    func insert(_ consumer: Consumer, sealedSecret: String, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO consumers (id, description, sealed_secret)
            VALUES (\(consumer.id), \(consumer.description), \(sealedSecret))
            """)
    }

    func update(_ consumer: Consumer, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            "UPDATE consumers SET description = \(consumer.description) WHERE id = \(consumer.id)") == 1
    }

    func delete(id: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute("DELETE FROM consumers WHERE id = \(id)") == 1
    }

    func all(in transaction: borrowing Transaction) throws -> [Consumer] {
        try transaction.map("SELECT id, description FROM consumers ORDER BY id") { row in
            try Consumer(id: row[0], description: row[1])
        }
    }

    func consumer(id: String, in transaction: borrowing Transaction) throws -> Consumer? {
        try transaction.first("SELECT id, description FROM consumers WHERE id = \(id)") { row in
            try Consumer(id: row[0], description: row[1])
        }
    }
}
