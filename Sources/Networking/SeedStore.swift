import Database
import ServiceCore

/// The only SQL for `seeded_networks`.
struct SeedStore {
    func isSeeded(_ name: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value("SELECT EXISTS (SELECT 1 FROM seeded_networks WHERE name = \(name))") ?? false
    }

    func record(
        _ name: String, _ networkID: ID<Network>, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            "INSERT INTO seeded_networks (name, network_id, seeded_at) VALUES (\(name), \(networkID), \(now))")
    }
}
