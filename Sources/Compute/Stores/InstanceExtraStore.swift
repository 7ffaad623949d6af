import Database
import ServiceCore

/// What the work on instances remembers. Every statement about it is here.
struct InstanceExtraStore: Sendable {
    /// Empty when nothing has to be remembered.
    func find(_ id: ID<Instance>, in transaction: borrowing Transaction) throws -> InstanceExtra {
        let text = try transaction.value(
            "SELECT data FROM instance_extra WHERE instance_id = \(id)", as: String.self)
        return try text.map { try StoredJSON.value($0) } ?? InstanceExtra()
    }

    /// Changes what is remembered.
    @discardableResult
    func update(
        _ id: ID<Instance>, in transaction: borrowing Transaction, _ change: (inout InstanceExtra) -> Void
    ) throws -> InstanceExtra {
        var extra = try find(id, in: transaction)
        change(&extra)
        try transaction.execute(
            """
            INSERT INTO instance_extra (instance_id, data) VALUES (\(id), \(StoredJSON.text(extra)))
            ON CONFLICT (instance_id) DO UPDATE SET data = excluded.data
            """)
        return extra
    }

    /// Forgets the password that a guest was to have.
    func forgetPassword(of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE instance_extra SET data = json_remove(data, '$.adminPassword')
            WHERE instance_id = \(id) AND json_type(data, '$.adminPassword') IS NOT NULL
            """)
    }
}

/// The owners' key-value pairs. Every statement about them is here.
struct InstanceMetadataStore: Sendable {
    func replace(
        _ metadata: [String: String], of id: ID<Instance>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute("DELETE FROM instance_metadata WHERE instance_id = \(id)")
        for (name, value) in metadata {
            try transaction.execute(
                "INSERT INTO instance_metadata (instance_id, name, value) VALUES (\(id), \(name), \(value))")
        }
    }

    func metadata(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> [String: String] {
        let rows = try transaction.map("SELECT name, value FROM instance_metadata WHERE instance_id = \(id)") { row in
            (try row[0] as String, try row[1] as String)
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// Those of some instances.
    func metadata(
        of ids: [ID<Instance>], in transaction: borrowing Transaction
    ) throws -> [ID<Instance>: [String: String]] {
        var all: [ID<Instance>: [String: String]] = [:]
        let rows = try transaction.map(
            "SELECT instance_id, name, value FROM instance_metadata WHERE instance_id IN (\(list: ids))"
        ) { row in (try row[0] as ID<Instance>, try row[1] as String, try row[2] as String) }
        for (id, name, value) in rows { all[id, default: [:]][name] = value }
        return all
    }
}

/// The owners' tags. Every statement about them is here.
struct InstanceTagStore: Sendable {
    /// Sorted.
    func tags(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> [String] {
        try transaction.map("SELECT tag FROM instance_tags WHERE instance_id = \(id) ORDER BY tag") {
            try $0[0] as String
        }
    }

    /// Those of some instances, sorted.
    func tags(
        of ids: [ID<Instance>], in transaction: borrowing Transaction
    ) throws -> [ID<Instance>: [String]] {
        let rows = try transaction.map(
            "SELECT instance_id, tag FROM instance_tags WHERE instance_id IN (\(list: ids))"
        ) { row in (try row[0] as ID<Instance>, try row[1] as String) }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1).sorted() }
    }

    func replace(_ tags: [String], of id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM instance_tags WHERE instance_id = \(id)")
        for tag in tags { try add(tag, to: id, in: transaction) }
    }

    func add(_ tag: String, to id: ID<Instance>, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "INSERT INTO instance_tags (instance_id, tag) VALUES (\(id), \(tag)) ON CONFLICT DO NOTHING")
    }
}
