import Database
import ServiceCore

/// The only SQL for `rbac_policies`. Triggers keep `networks.shared` and `networks.external` as the policies say, and the
/// policies as those flags are set.
struct RBACStore {
    private static let columns: SQL = "id, project_id, object_type, object_id, target_project, action"

    func find(_ id: ID<RBACPolicy>, in transaction: borrowing Transaction) throws -> RBACPolicy? {
        try transaction.first("SELECT \(sql: Self.columns) FROM rbac_policies WHERE id = \(id)", Self.policy)
    }

    /// Another policy with the same values.
    func find(like policy: RBACPolicy, in transaction: borrowing Transaction) throws -> RBACPolicy? {
        try transaction.first(
            """
            SELECT \(sql: Self.columns) FROM rbac_policies WHERE object_type = \(policy.objectType)
                AND object_id = \(policy.objectID) AND target_project = \(policy.targetProject)
                AND action = \(policy.action)
            """, Self.policy)
    }

    /// In the order of their objects.
    func list(ofProject projectID: String?, in transaction: borrowing Transaction) throws -> [RBACPolicy] {
        guard let projectID else {
            return try transaction.map(
                "SELECT \(sql: Self.columns) FROM rbac_policies ORDER BY project_id, object_type, object_id, id",
                Self.policy)
        }
        return try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM rbac_policies WHERE project_id = \(projectID)
            ORDER BY object_type, object_id, id
            """, Self.policy)
    }

    /// Whether a project may use an object, as anything, or as one thing.
    func isShared(
        _ type: SharedObject, _ objectID: String, with projectID: String?, as action: SharingAction? = nil,
        in transaction: borrowing Transaction
    ) throws -> Bool {
        var condition: SQL = """
            object_type = \(type) AND object_id = \(objectID) AND target_project IN (\(projectID ?? "*"), '*')
            """
        if let action { condition += " AND action = \(action)" }
        return try transaction.value("SELECT EXISTS (SELECT 1 FROM rbac_policies WHERE \(sql: condition))") ?? false
    }

    /// The objects of a kind that a project may use as shared, though they may be others'.
    func shared(
        _ type: SharedObject, with projectID: String, in transaction: borrowing Transaction
    ) throws -> Set<String> {
        Set(
            try transaction.map(
                """
                SELECT object_id FROM rbac_policies WHERE object_type = \(type)
                    AND target_project IN (\(projectID), '*') AND action = 'access_as_shared'
                """
            ) { row in try row[0] as String })
    }

    func insert(_ policy: RBACPolicy, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO rbac_policies (id, project_id, object_type, object_id, target_project, action)
            VALUES (\(policy.id), \(policy.projectID), \(policy.objectType), \(policy.objectID),
                \(policy.targetProject), \(policy.action))
            """)
    }

    func delete(_ id: ID<RBACPolicy>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM rbac_policies WHERE id = \(id)")
    }

    /// Whether a project beside the owner, with no policy of its own but this, has ports on a network.
    func networkIsUsed(by policy: RBACPolicy, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM ports p WHERE p.network_id = \(policy.objectID)
                AND p.project_id NOT IN (\(policy.projectID), '') AND p.device_owner <> 'network:dhcp'
                AND (\(policy.targetProject) = '*' OR p.project_id = \(policy.targetProject))
                AND NOT EXISTS (SELECT 1 FROM rbac_policies r WHERE r.object_type = 'network'
                    AND r.object_id = p.network_id AND r.target_project IN (p.project_id, '*')
                    AND r.action = 'access_as_shared' AND r.id <> \(policy.id)))
            """) ?? false
    }

    /// Whether a project beside the owner, with no policy of its own but this, has ports with a security group.
    func groupIsUsed(by policy: RBACPolicy, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM securitygroupportbindings b JOIN ports p ON p.id = b.port_id
                WHERE b.security_group_id = \(policy.objectID) AND p.project_id <> \(policy.projectID)
                AND (\(policy.targetProject) = '*' OR p.project_id = \(policy.targetProject))
                AND NOT EXISTS (SELECT 1 FROM rbac_policies r WHERE r.object_type = 'security_group'
                    AND r.object_id = b.security_group_id AND r.target_project IN (p.project_id, '*')
                    AND r.id <> \(policy.id)))
            """) ?? false
    }

    private static func policy(_ row: Row) throws -> RBACPolicy {
        RBACPolicy(
            id: try row[0], projectID: try row[1], objectType: try row[2], objectID: try row[3],
            targetProject: try row[4], action: try row[5])
    }
}
