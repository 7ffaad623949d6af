import Database
import ServiceCore

/// The tables of host aggregates. Every statement about them is here.
struct AggregateStore: Sendable {
    private static let selection: SQL = "SELECT id, uuid, name, created_at, updated_at FROM aggregates"

    /// By name.
    func all(in transaction: borrowing Transaction) throws -> [Aggregate] {
        let hosts = Dictionary(grouping: try members(in: transaction), by: \.aggregate)
        let metadata = Dictionary(grouping: try entries(in: transaction), by: \.aggregate)
        return try transaction.map("\(sql: Self.selection) ORDER BY name COLLATE NOCASE, id") { row in
            let id: Int = try row[0]
            return try Self.aggregate(row, hosts[id] ?? [], metadata[id] ?? [])
        }
    }

    func find(_ id: Int, in transaction: borrowing Transaction) throws -> Aggregate? {
        try all(in: transaction).first { $0.id == id }
    }

    /// - Returns: the aggregate's number.
    func insert(_ name: String, at now: Timestamp, in transaction: borrowing Transaction) throws -> Int {
        let id = (try transaction.value("SELECT max(id) FROM aggregates", as: Int.self) ?? 0) + 1
        try transaction.execute(
            """
            INSERT INTO aggregates (id, uuid, name, created_at, updated_at)
            VALUES (\(id), \(RandomIdentifier.uuid()), \(name), \(now), \(now))
            """)
        return id
    }

    func rename(_ id: Int, _ name: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE aggregates SET name = \(name) WHERE id = \(id)")
    }

    func touch(_ id: Int, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute("UPDATE aggregates SET updated_at = \(now) WHERE id = \(id)")
    }

    func delete(_ id: Int, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM aggregates WHERE id = \(id)")
    }

    func addHost(_ host: String, to id: Int, in transaction: borrowing Transaction) throws {
        try transaction.execute("INSERT INTO aggregate_hosts (aggregate_id, host) VALUES (\(id), \(host))")
    }

    func removeHost(_ host: String, from id: Int, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM aggregate_hosts WHERE aggregate_id = \(id) AND host = \(host)")
    }

    /// Replaces all metadata.
    func setMetadata(_ metadata: [String: String], of id: Int, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM aggregate_metadata WHERE aggregate_id = \(id)")
        for (key, value) in metadata {
            try transaction.execute(
                "INSERT INTO aggregate_metadata (aggregate_id, key, value) VALUES (\(id), \(key), \(value))")
        }
    }

    /// The zone of each host that an aggregate puts into one.
    func zones(in transaction: borrowing Transaction) throws -> [String: String] {
        let rows = try transaction.map(
            """
            SELECT host, value FROM aggregate_metadata JOIN aggregate_hosts USING (aggregate_id)
            WHERE key = \(Aggregate.zoneKey)
            """
        ) { row in (try row[0] as String, try row[1] as String) }
        return Dictionary(rows) { first, _ in first }
    }

    /// The metadata of all aggregates of each host. A value may list several, with commas, as in nova.
    func properties(in transaction: borrowing Transaction) throws -> [String: [String: Set<String>]] {
        var properties: [String: [String: Set<String>]] = [:]
        let rows = try transaction.map(
            "SELECT host, key, value FROM aggregate_metadata JOIN aggregate_hosts USING (aggregate_id)"
        ) { row in (host: try row[0] as String, key: try row[1] as String, value: try row[2] as String) }
        for row in rows {
            let values = row.value.split(separator: ",").map { String($0).trimmed }
            properties[row.host, default: [:]][row.key, default: []].formUnion(values)
        }
        return properties
    }

    private struct Member {
        let aggregate: Int
        let host: String
    }

    private struct Entry {
        let aggregate: Int
        let key: String
        let value: String
    }

    private func members(in transaction: borrowing Transaction) throws -> [Member] {
        try transaction.map("SELECT aggregate_id, host FROM aggregate_hosts ORDER BY aggregate_id, host") {
            Member(aggregate: try $0[0], host: try $0[1])
        }
    }

    private func entries(in transaction: borrowing Transaction) throws -> [Entry] {
        try transaction.map("SELECT aggregate_id, key, value FROM aggregate_metadata") {
            Entry(aggregate: try $0[0], key: try $0[1], value: try $0[2])
        }
    }

    private static func aggregate(_ row: Row, _ members: [Member], _ entries: [Entry]) throws -> Aggregate {
        Aggregate(
            id: try row[0], uuid: try row[1], name: try row[2], hosts: members.map(\.host),
            metadata: Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }, createdAt: try row[3],
            updatedAt: try row[4])
    }
}
