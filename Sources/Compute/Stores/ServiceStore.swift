import Database
import ServiceCore

/// The table of heartbeats, nova's `services`. Every statement about it is here.
struct ServiceStore: Sendable {
    private static let selection: SQL = """
        SELECT id, uuid, binary_name, host, zone, disabled, disabled_reason, updated_at, forced_down
        FROM services
        """

    /// Adds a service that has not reported yet; one that is known stays as it is.
    func register(
        _ binary: String, on host: String, zone: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO services (uuid, binary_name, host, zone)
            VALUES (\(RandomIdentifier.uuid()), \(binary), \(host), \(zone))
            ON CONFLICT (binary_name, host) DO UPDATE SET zone = excluded.zone
            """)
    }

    /// Records that a service is alive. Whether it is disabled is an administrator's, and stays.
    func beat(
        _ binary: String, on host: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            "UPDATE services SET updated_at = \(now) WHERE binary_name = \(binary) AND host = \(host)")
    }

    /// Enables a service, or disables it for a reason.
    func set(
        _ service: ServiceRecord, enabled: Bool, reason: String?, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE services SET disabled = \(!enabled), disabled_reason = \(enabled ? nil : reason)
            WHERE id = \(service.number)
            """)
    }

    func setForcedDown(
        _ service: ServiceRecord, _ isDown: Bool, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute("UPDATE services SET forced_down = \(isDown) WHERE id = \(service.number)")
    }

    func delete(_ service: ServiceRecord, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM services WHERE id = \(service.number)")
    }

    func all(at now: Timestamp, in transaction: borrowing Transaction) throws -> [ServiceRecord] {
        try transaction.map("\(sql: Self.selection) ORDER BY zone, binary_name, host") {
            try Self.record($0, at: now)
        }
    }

    func find(
        _ binary: String, on host: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws -> ServiceRecord? {
        try transaction.first("\(sql: Self.selection) WHERE binary_name = \(binary) AND host = \(host)") {
            try Self.record($0, at: now)
        }
    }

    /// The hosts on which nothing shall be launched, and why; the reason is empty when none was given.
    func disabledHosts(in transaction: borrowing Transaction) throws -> [String: String] {
        let rows = try transaction.map(
            """
            SELECT host, coalesce(disabled_reason, '') FROM services
            WHERE binary_name = \(ServiceRecord.compute) AND disabled = 1
            """
        ) { row in (try row[0] as String, try row[1] as String) }
        return Dictionary(rows) { first, _ in first }
    }

    private static func record(_ row: Row, at now: Timestamp) throws -> ServiceRecord {
        let updatedAt: Timestamp? = try row[7]
        let oldest = now.adding(seconds: -Int64(ServiceRecord.downAfterSeconds))
        return ServiceRecord(
            number: try row[0], id: try row[1], binary: try row[2], host: try row[3], zone: try row[4],
            isEnabled: try row[5] == 0, disabledReason: try row[6], updatedAt: updatedAt,
            isUp: try row[8] == 0 && updatedAt.map { $0 >= oldest } ?? false, isForcedDown: try row[8])
    }
}
