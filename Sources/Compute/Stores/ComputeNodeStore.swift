import ComputeHost
import Database
import ServiceCore

/// What a host last said of itself.
struct ComputeNode: Sendable {
    let capacity: HostCapacity
    let updatedAt: Timestamp

    var total: HostResources { HostResources(capacity) }
}

/// The table of what hosts have, nova's `compute_nodes`. Every statement about it is here.
struct ComputeNodeStore: Sendable {
    func record(
        _ capacity: HostCapacity, of host: String, at now: Timestamp, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO compute_nodes (host, vcpus, vcpus_used, memory_mib, memory_mib_used, disk_gib, disk_gib_used,
                running_domains, hypervisor_type, hypervisor_version, updated_at)
            VALUES (\(host), \(capacity.vcpus), \(capacity.vcpusUsed), \(capacity.memoryMiB),
                \(capacity.memoryMiBUsed), \(capacity.diskGiB), \(capacity.diskGiBUsed), \(capacity.runningDomains),
                \(capacity.hypervisorType), \(capacity.hypervisorVersion), \(now))
            ON CONFLICT (host) DO UPDATE SET vcpus = excluded.vcpus, vcpus_used = excluded.vcpus_used,
                memory_mib = excluded.memory_mib, memory_mib_used = excluded.memory_mib_used,
                disk_gib = excluded.disk_gib, disk_gib_used = excluded.disk_gib_used,
                running_domains = excluded.running_domains, hypervisor_type = excluded.hypervisor_type,
                hypervisor_version = excluded.hypervisor_version, updated_at = excluded.updated_at
            """)
    }

    /// By host.
    func all(in transaction: borrowing Transaction) throws -> [String: ComputeNode] {
        let rows = try transaction.map(
            """
            SELECT host, vcpus, vcpus_used, memory_mib, memory_mib_used, disk_gib, disk_gib_used, running_domains,
                hypervisor_type, hypervisor_version, updated_at
            FROM compute_nodes
            """
        ) { row in
            let capacity = HostCapacity(
                vcpus: try row[1], vcpusUsed: try row[2], memoryMiB: try row[3], memoryMiBUsed: try row[4],
                diskGiB: try row[5], diskGiBUsed: try row[6], runningDomains: try row[7],
                hypervisorType: try row[8], hypervisorVersion: try row[9])
            return (try row[0] as String, ComputeNode(capacity: capacity, updatedAt: try row[10]))
        }
        return Dictionary(rows) { first, _ in first }
    }

    func delete(_ host: String, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM compute_nodes WHERE host = \(host)")
    }
}
