import Database
import ServiceCore

/// The tables of what instances use: `instance_measures`, a round-robin table in four archives, and `instance_loads`,
/// the line that lists show. Every statement about them is here.
///
/// Rows of one moment lie side by side, whichever instance they are of: what all instances used in ten seconds is
/// written to a few pages instead of to one page each.
struct StatisticsStore: Sendable {
    /// An instance whose use is recorded.
    struct Recorded: Sendable {
        let number: Int
        let id: ID<Instance>
        let projectID: String
    }

    /// The rows of all instances in one chunk, by the instances' numbers.
    func chunks(
        _ archive: StatisticsArchive, at chunk: Int64, in transaction: borrowing Transaction
    ) throws -> [(number: Int, chunk: StatisticsChunk)] {
        try transaction.map(
            """
            SELECT instance_number, data FROM instance_measures
            WHERE archive = \(archive.number) AND chunk = \(chunk)
            """
        ) { (try $0[0], StatisticsChunk(try $0[1], archive)) }
    }

    /// One instance's rows from `range`, by their chunk.
    func chunks(
        of number: Int, _ archive: StatisticsArchive, _ range: ClosedRange<Int64>,
        in transaction: borrowing Transaction
    ) throws -> [Int64: StatisticsChunk] {
        let rows = try transaction.map(
            """
            SELECT chunk, data FROM instance_measures
            WHERE archive = \(archive.number) AND chunk IN (\(list: range)) AND instance_number = \(number)
            """
        ) { (try $0[0] as Int64, StatisticsChunk(try $0[1], archive)) }
        return Dictionary(rows) { first, _ in first }
    }

    func write(
        _ chunk: StatisticsChunk, of number: Int, _ archive: StatisticsArchive, at place: Int64,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO instance_measures (archive, chunk, instance_number, data)
            VALUES (\(archive.number), \(place), \(number), \(chunk.data))
            ON CONFLICT (archive, chunk, instance_number) DO UPDATE SET data = excluded.data
            """)
    }

    /// The newest and the oldest chunk of an archive.
    func extent(
        of archive: StatisticsArchive, in transaction: borrowing Transaction
    ) throws -> ClosedRange<Int64>? {
        let newest = try transaction.value(
            "SELECT max(chunk) FROM instance_measures WHERE archive = \(archive.number)", as: Int64.self)
        let oldest = try transaction.value(
            "SELECT min(chunk) FROM instance_measures WHERE archive = \(archive.number)", as: Int64.self)
        guard let newest, let oldest else { return nil }
        return oldest...newest
    }

    /// Removes what is older than an archive keeps.
    func removeChunks(
        before chunk: Int64, _ archive: StatisticsArchive, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            "DELETE FROM instance_measures WHERE archive = \(archive.number) AND chunk < \(chunk)")
    }

    /// Removes all that is kept of an instance.
    func remove(_ instance: Instance, at now: Timestamp, in transaction: borrowing Transaction) throws {
        for archive in StatisticsArchive.all {
            let last = now.seconds / archive.span
            try transaction.execute(
                """
                DELETE FROM instance_measures
                WHERE archive = \(archive.number) AND chunk IN (\(list: last - archive.chunks...last + 1))
                    AND instance_number = \(instance.number)
                """)
        }
        try transaction.execute("DELETE FROM instance_loads WHERE instance_id = \(instance.id)")
    }

    func load(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> InstanceLoad? {
        try transaction.first("SELECT slot, cpu FROM instance_loads WHERE instance_id = \(id)") {
            InstanceLoad(codes: try $0[1], slot: try $0[0])
        }
    }

    /// The loads of instances of a project (nil: of any).
    func loads(
        of ids: [ID<Instance>], project: String?, in transaction: borrowing Transaction
    ) throws -> [(ID<Instance>, InstanceLoad)] {
        var sql: SQL = "SELECT instance_id, slot, cpu FROM instance_loads WHERE instance_id IN (\(list: ids))"
        if let project { sql += " AND project_id = \(project)" }
        return try transaction.map(sql) { (try $0[0], InstanceLoad(codes: try $0[2], slot: try $0[1])) }
    }

    func save(
        _ load: InstanceLoad, of instance: Recorded, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO instance_loads (instance_id, project_id, slot, cpu)
            VALUES (\(instance.id), \(instance.projectID), \(load.slot), \(load.codes))
            ON CONFLICT (instance_id) DO UPDATE SET slot = excluded.slot, cpu = excluded.cpu
            """)
    }
}

extension InstanceStore {
    /// The instances of a host that exist, without what only their pages need.
    func recorded(onHost host: String, in transaction: borrowing Transaction) throws -> [StatisticsStore.Recorded] {
        try transaction.map(
            "SELECT number, id, project_id FROM instances WHERE host = \(host) AND deleted_at IS NULL"
        ) { StatisticsStore.Recorded(number: try $0[0], id: try $0[1], projectID: try $0[2]) }
    }
}
