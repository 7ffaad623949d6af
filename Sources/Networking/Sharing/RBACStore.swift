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

    /// What a listing asks for, of the policies about what a project owns; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [RBACPolicy] {
        let selection = try ListingStore.rbacPolicies.selection(
            listing, visible: projectID.map { "b.project_id = \($0)" } ?? "TRUE", to: projectID, in: transaction)
        return try transaction.map(
            """
            SELECT \(sql: Self.columns) FROM rbac_policies b WHERE \(sql: selection.condition)
            ORDER BY \(sql: selection.order)
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

    /// Whether a project beside the owner, with no policy of its own but this, uses the object.
    func isUsed(by policy: RBACPolicy, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.value(
            """
            SELECT EXISTS (SELECT 1 FROM (\(sql: Self.users(of: policy))) u
                WHERE u.project_id NOT IN (\(policy.projectID), '')
                AND (\(policy.targetProject) = '*' OR u.project_id = \(policy.targetProject))
                AND NOT EXISTS (SELECT 1 FROM rbac_policies r WHERE r.object_type = \(policy.objectType)
                    AND r.object_id = \(policy.objectID) AND r.target_project IN (u.project_id, '*')
                    AND r.action = 'access_as_shared' AND r.id <> \(policy.id)))
            """) ?? false
    }

    /// The projects of what hangs on an object.
    private static func users(of policy: RBACPolicy) -> SQL {
        switch policy.objectType {
        case .network:
            """
            SELECT p.project_id FROM ports p
            WHERE p.network_id = \(policy.objectID) AND p.device_owner <> 'network:dhcp'
            """
        case .securityGroup:
            """
            SELECT p.project_id FROM securitygroupportbindings b JOIN ports p ON p.id = b.port_id
            WHERE b.security_group_id = \(policy.objectID)
            """
        case .subnetPool: "SELECT s.project_id FROM subnets s WHERE s.subnetpool_id = \(policy.objectID)"
        case .addressScope: "SELECT s.project_id FROM subnetpools s WHERE s.address_scope_id = \(policy.objectID)"
        }
    }

    private static func policy(_ row: Row) throws -> RBACPolicy {
        RBACPolicy(
            id: try row[0], projectID: try row[1], objectType: try row[2], objectID: try row[3],
            targetProject: try row[4], action: try row[5])
    }
}
