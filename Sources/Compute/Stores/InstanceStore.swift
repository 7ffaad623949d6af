import ComputeHost
public import Database
import Images
import ServiceCore

extension VMState: DatabaseValue {}
extension TaskState: DatabaseValue {}
extension PowerState: DatabaseValue {}
extension LaunchPhase: DatabaseValue {}
extension InstanceLock: DatabaseValue {}
extension DiskConfig: DatabaseValue {}

/// The table of instances, with the fault that belongs to each. Every statement about them is here.
struct InstanceStore: Sendable {
    private static let columns: SQL = """
        id, number, name, description, project_id, project_name, user_id, user_name, vm_state, task_state, power_state,
        host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib, disk_gib, image_id, image_name, key_name,
        launch_index, reservation_id, config_drive, note, domain_type, instances.created_at, updated_at, launched_at,
        revision, locked_by, locked_reason, claimed_vcpus, claimed_memory_mib, claimed_disk_gib, swap_mib,
        ephemeral_gib, flavor_specs, access_ipv4, access_ipv6, disk_config, hostname, deleted_at
        """
    private static let fault: SQL = """
        instance_faults.code AS fault_code, phase, message, remedy, details, instance_faults.created_at AS fault_at
        """
    static let selection: SQL = """
        SELECT \(sql: columns), \(sql: fault)
        FROM instances LEFT JOIN instance_faults ON instance_faults.instance_id = instances.id
        """

    /// The next free number. Rows are never removed, so no number comes twice.
    func nextNumber(in transaction: borrowing Transaction) throws -> Int {
        (try transaction.value("SELECT max(number) FROM instances", as: Int.self) ?? 0) + 1
    }

    func insert(_ instance: Instance, in transaction: borrowing Transaction) throws {
        let flavor = instance.flavor
        try transaction.execute(
            """
            INSERT INTO instances (id, number, name, description, project_id, project_name, user_id, user_name,
                vm_state, task_state, power_state, host, availability_zone, flavor_id, flavor_name, vcpus, memory_mib,
                disk_gib, image_id, image_name, key_name, launch_index, reservation_id, config_drive, created_at,
                updated_at, revision, claimed_vcpus, claimed_memory_mib, claimed_disk_gib, swap_mib, ephemeral_gib,
                flavor_specs, access_ipv4, access_ipv6, disk_config, hostname)
            VALUES (\(instance.id), \(instance.number), \(instance.name), \(instance.description),
                \(instance.projectID), \(instance.projectName), \(instance.userID), \(instance.userName),
                \(instance.state.vm), \(instance.state.task), \(instance.powerState), \(instance.host),
                \(instance.availabilityZone), \(flavor.id), \(flavor.name), \(flavor.vcpus), \(flavor.memoryMiB),
                \(flavor.diskGiB), \(instance.imageID), \(instance.imageName), \(instance.keyName),
                \(instance.launchIndex), \(instance.reservationID), \(instance.configDrive), \(instance.createdAt),
                \(instance.updatedAt), \(instance.revision), \(instance.claim.vcpus), \(instance.claim.memoryMiB),
                \(instance.claim.diskGiB), \(flavor.swapMiB), \(flavor.ephemeralGiB),
                \(StoredJSON.text(flavor.extraSpecs)), \(instance.accessIPv4), \(instance.accessIPv6),
                \(instance.diskConfig), \(instance.hostname))
            """)
    }

    /// Writes what can change about an instance, if it still is as it was read: in that state and that revision. This
    /// is nova's `expected_task_state`; without it two clicks race.
    /// - Returns: false when somebody was quicker.
    func save(
        _ instance: Instance, was old: InstanceState, deletedAt: Timestamp?, in transaction: borrowing Transaction
    ) throws -> Bool {
        let (flavor, claim) = (instance.flavor, instance.claim)
        let changed = try transaction.execute(
            """
            UPDATE instances
            SET name = \(instance.name), description = \(instance.description), vm_state = \(instance.state.vm),
                task_state = \(instance.state.task), power_state = \(instance.powerState), host = \(instance.host),
                availability_zone = \(instance.availabilityZone),
                note = \(try StoredJSON.text(instance.note)), domain_type = \(instance.domainType),
                updated_at = \(instance.updatedAt), launched_at = \(instance.launchedAt), deleted_at = \(deletedAt),
                flavor_id = \(flavor.id), flavor_name = \(flavor.name), vcpus = \(flavor.vcpus),
                memory_mib = \(flavor.memoryMiB), disk_gib = \(flavor.diskGiB), claimed_vcpus = \(claim.vcpus),
                claimed_memory_mib = \(claim.memoryMiB), claimed_disk_gib = \(claim.diskGiB),
                image_id = \(instance.imageID), image_name = \(instance.imageName),
                locked_by = \(instance.lockedBy), locked_reason = \(instance.lockReason),
                swap_mib = \(flavor.swapMiB), ephemeral_gib = \(flavor.ephemeralGiB),
                flavor_specs = \(StoredJSON.text(flavor.extraSpecs)), access_ipv4 = \(instance.accessIPv4),
                access_ipv6 = \(instance.accessIPv6), disk_config = \(instance.diskConfig),
                hostname = \(instance.hostname), key_name = \(instance.keyName),
                revision = revision + 1
            WHERE id = \(instance.id) AND vm_state = \(old.vm) AND task_state IS \(old.task)
                AND revision = \(instance.revision)
            """)
        return changed == 1
    }

    func find(_ id: ID<Instance>, in transaction: borrowing Transaction) throws -> Instance? {
        try transaction.first("\(sql: Self.selection) WHERE instances.id = \(id)", Self.instance)
    }

    func find(_ ids: [ID<Instance>], in transaction: borrowing Transaction) throws -> [Instance] {
        try transaction.map("\(sql: Self.selection) WHERE instances.id IN (\(list: ids))", Self.instance)
    }

    /// The instances of a host that exist.
    func onHost(_ host: String, in transaction: borrowing Transaction) throws -> [Instance] {
        try transaction.map(
            "\(sql: Self.selection) WHERE host = \(host) AND deleted_at IS NULL", Self.instance)
    }

    /// The instances that ran at some time between two moments, oldest first.
    func existing(
        from start: Timestamp, to end: Timestamp, project: String?, in transaction: borrowing Transaction
    ) throws -> [Instance] {
        var sql: SQL = """
            \(sql: Self.selection)
            WHERE launched_at < \(end) AND (deleted_at IS NULL OR deleted_at > \(start))
            """
        if let project { sql += " AND project_id = \(project)" }
        return try transaction.map("\(sql: sql) ORDER BY instances.created_at, number", Self.instance)
    }

    /// Id and name of the instances that exist on each host.
    func names(in transaction: borrowing Transaction) throws -> [(host: String, id: String, name: String)] {
        try transaction.map(
            "SELECT host, id, name FROM instances WHERE deleted_at IS NULL AND host > '' ORDER BY host, number"
        ) { row in (try row[0], try row[1], try row[2]) }
    }

    /// Whether a host has instances that exist.
    func isUsed(host: String, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            "SELECT EXISTS (SELECT 1 FROM instances WHERE host = \(host) AND deleted_at IS NULL)") ?? false
    }

    /// Instances somebody should be working on.
    func unsettled(in transaction: borrowing Transaction) throws -> [Instance] {
        try transaction.map(
            """
            \(sql: Self.selection)
            WHERE task_state IS NOT NULL OR vm_state = 'building'
            """, Self.instance)
    }

    /// What the instances that exist were promised on each host.
    func useByHost(in transaction: borrowing Transaction) throws -> [String: HostResources] {
        let rows = try transaction.map(
            """
            SELECT host, sum(claimed_vcpus), sum(claimed_memory_mib), sum(claimed_disk_gib)
            FROM instances INDEXED BY instances_by_host
            WHERE deleted_at IS NULL AND host > '' AND NOT (vm_state = 'error' AND launched_at IS NULL)
            GROUP BY host
            """
        ) { row in
            (try row[0] as String, HostResources(vcpus: try row[1], memoryMiB: try row[2], diskGiB: try row[3]))
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// What a project's instances take of its quota.
    func use(ofProject projectID: String, in transaction: borrowing Transaction) throws -> ComputeResources {
        try transaction.first(
            "SELECT instances, cores, memory_mib FROM compute_usages WHERE project_id = \(projectID)"
        ) { ComputeResources(instances: try $0[0], cores: try $0[1], memoryMiB: try $0[2]) }
            ?? ComputeResources(instances: 0, cores: 0, memoryMiB: 0)
    }

    func setFault(
        _ fault: InstanceFault?, of id: ID<Instance>, in transaction: borrowing Transaction
    ) throws {
        guard let fault else {
            try transaction.execute("DELETE FROM instance_faults WHERE instance_id = \(id)")
            return
        }
        try transaction.execute(
            """
            INSERT INTO instance_faults (instance_id, code, phase, message, remedy, details, created_at)
            VALUES (\(id), \(fault.code), \(fault.phase), \(try StoredJSON.text(fault.message)),
                \(try StoredJSON.text(fault.remedy)), \(fault.details), \(fault.createdAt))
            ON CONFLICT (instance_id) DO UPDATE SET code = excluded.code, phase = excluded.phase,
                message = excluded.message, remedy = excluded.remedy, details = excluded.details,
                created_at = excluded.created_at
            """)
    }
}

extension InstanceStore {
    static func instance(_ row: Row) throws -> Instance {
        try Instance(
            id: row[0], number: row[1], name: row[2], description: row[3], projectID: row[4], projectName: row[5],
            userID: row[6], userName: row[7], state: InstanceState(row[8], row[9]), powerState: row[10], host: row[11],
            availabilityZone: row[12],
            flavor: InstanceFlavor(
                id: row[13], name: row[14], vcpus: row[15], memoryMiB: row[16], diskGiB: row[17], swapMiB: row[35],
                ephemeralGiB: row[36], extraSpecs: specs(row[37])),
            claim: HostResources(vcpus: row[32], memoryMiB: row[33], diskGiB: row[34]),
            imageID: row[18], imageName: row[19], keyName: row[20], launchIndex: row[21], reservationID: row[22],
            configDrive: row[23], createdAt: row[26], updatedAt: row[27], launchedAt: row[28], fault: fault(row),
            note: StoredJSON.message(row[24]), domainType: row[25], lockedBy: row[30],
            lockReason: row[31], revision: row[29], accessIPv4: row[38], accessIPv6: row[39], diskConfig: row[40],
            hostname: row[41], deletedAt: row[42])
    }

    /// Nearly all flavors have none: those are not parsed.
    private static func specs(_ text: String) throws -> [String: String] {
        text == "{}" ? [:] : try StoredJSON.value(text)
    }

    /// Its columns come after the instance's own.
    private static func fault(_ row: Row) throws -> InstanceFault? {
        guard let code = try row[43] as Int?, let message = try StoredJSON.message(row[45]) else { return nil }
        return try InstanceFault(
            code: code, phase: row[44], message: message, remedy: StoredJSON.message(row[46]), details: row[47],
            createdAt: row[48])
    }
}
