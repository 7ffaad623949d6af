import Database
import ServiceCore

/// The table of quotas that differ from the default. Every statement about it is here.
struct ComputeQuotaStore: Sendable {
    /// Nil when the project has the default limits.
    func limits(ofProject projectID: String, in transaction: borrowing Transaction) throws -> ComputeResources? {
        try transaction.first(
            "SELECT instances, cores, memory_mib FROM compute_quotas WHERE project_id = \(projectID)"
        ) { ComputeResources(instances: try $0[0], cores: try $0[1], memoryMiB: try $0[2]) }
    }

    func set(
        _ limits: ComputeResources, ofProject projectID: String, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO compute_quotas (project_id, instances, cores, memory_mib)
            VALUES (\(projectID), \(limits.instances), \(limits.cores), \(limits.memoryMiB))
            ON CONFLICT (project_id) DO UPDATE SET
                instances = excluded.instances, cores = excluded.cores, memory_mib = excluded.memory_mib
            """)
    }
}
