import Database
import ServiceCore

/// The table of heartbeats, nova's `services`. Every statement about it is here.
struct ServiceStore: Sendable {
    /// Records that a service is alive. Whether it is disabled is an administrator's, and stays.
    func beat(
        _ binary: String, on host: String, zone: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO services (binary_name, host, zone, updated_at) VALUES (\(binary), \(host), \(zone), \(now))
            ON CONFLICT (binary_name, host) DO UPDATE SET zone = excluded.zone, updated_at = excluded.updated_at
            """)
    }

    func all(at now: Timestamp, in transaction: borrowing Transaction) throws -> [ServiceRecord] {
        let oldest = now.adding(seconds: -Int64(ServiceRecord.downAfterSeconds))
        return try transaction.map(
            "SELECT binary_name, host, zone, disabled_reason, updated_at FROM services ORDER BY zone, binary_name, host"
        ) { row in
            let updatedAt: Timestamp = try row[4]
            return ServiceRecord(
                binary: try row[0], host: try row[1], zone: try row[2], disabledReason: try row[3],
                updatedAt: updatedAt, isUp: updatedAt >= oldest)
        }
    }
}
