import Database
import ServiceCore

/// The only SQL for `securitygroups`, `default_security_group` and `securitygrouprules`. Groups come with their rules:
/// two statements for a whole list.
struct SecurityGroupStore {
    private static let columns: SQL = """
        g.id, g.project_id, g.name, g.description, g.stateful,
        EXISTS (SELECT 1 FROM default_security_group d WHERE d.security_group_id = g.id),
        g.revision_number, g.created_at, g.updated_at,
        EXISTS (SELECT 1 FROM rbac_policies WHERE object_type = 'security_group' AND object_id = g.id)
        """
    private static let ruleColumns: SQL = """
        r.id, r.security_group_id, r.project_id, r.direction, r.ethertype, r.protocol, r.port_range_min,
        r.port_range_max, r.remote_ip_prefix, r.remote_group_id, r.description, r.created_at, r.updated_at,
        r.revision_number, (SELECT group_concat(tag) FROM tags WHERE resource_id = r.id)
        """

    /// By name.
    func list(
        _ filter: SecurityGroupFilter, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [SecurityGroup] {
        var condition = Self.visible(to: projectID)
        if let owner = filter.projectID { condition += " AND g.project_id = \(owner)" }
        if let name = filter.name { condition += " AND g.name = \(name)" }
        return try find(condition, in: transaction)
    }

    /// The groups `g` that a project sees: its own and those that are shared with it.
    private static func visible(to projectID: String?) -> SQL {
        guard let projectID else { return "TRUE" }
        return """
            (g.project_id = \(projectID) OR g.id IN (SELECT object_id FROM rbac_policies
                WHERE object_type = 'security_group' AND target_project IN (\(projectID), '*')))
            """
    }

    /// What a listing asks for, of what a project sees; nil sees all.
    func list(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [SecurityGroup] {
        let selection = try ListingStore.securityGroups.selection(
            listing, visible: Self.visible(to: projectID), to: projectID, in: transaction)
        return try find(selection.condition, order: selection.order, in: transaction)
    }

    func find(_ id: ID<SecurityGroup>, in transaction: borrowing Transaction) throws -> SecurityGroup? {
        try find("g.id = \(id)", in: transaction).first
    }

    func find(
        _ ids: some Collection<ID<SecurityGroup>>, in transaction: borrowing Transaction
    ) throws -> [SecurityGroup] {
        ids.isEmpty ? [] : try find("g.id IN (\(list: ids))", in: transaction)
    }

    /// The group that ports of a project get when none is named.
    func defaultID(ofProject projectID: String, in transaction: borrowing Transaction) throws -> ID<SecurityGroup>? {
        try transaction.value(
            "SELECT security_group_id FROM default_security_group WHERE project_id = \(projectID)")
    }

    private func find(
        _ condition: SQL, order: SQL = "g.name, g.id", in transaction: borrowing Transaction
    ) throws -> [SecurityGroup] {
        let rules = try transaction.map(
            """
            SELECT \(sql: Self.ruleColumns) FROM securitygroups g JOIN securitygrouprules r ON r.security_group_id = g.id
            WHERE \(sql: condition) ORDER BY r.created_at, r.position
            """, Self.rule)
        let rulesByGroup = Dictionary(grouping: rules, by: \.groupID)
        return try transaction.map(
            "SELECT \(sql: Self.columns) FROM securitygroups g WHERE \(sql: condition) ORDER BY \(sql: order)"
        ) { row in
            let id: ID<SecurityGroup> = try row[0]
            return SecurityGroup(
                id: id, projectID: try row[1], name: try row[2], description: try row[3], shared: try row[9],
                stateful: try row[4], isDefault: try row[5], rules: rulesByGroup[id] ?? [], revision: try row[6],
                createdAt: try row[7], updatedAt: try row[8])
        }
    }

    func insert(_ group: SecurityGroup, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO securitygroups (id, project_id, name, description, stateful, revision_number, created_at,
                updated_at)
            VALUES (\(group.id), \(group.projectID), \(group.name), \(group.description), \(group.stateful),
                \(group.revision), \(group.createdAt), \(group.updatedAt))
            """)
        if group.isDefault {
            try transaction.execute(
                """
                INSERT INTO default_security_group (project_id, security_group_id)
                VALUES (\(group.projectID), \(group.id))
                """)
        }
        for rule in group.rules { try insert(rule, in: transaction) }
    }

    func update(_ group: SecurityGroup, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            UPDATE securitygroups SET name = \(group.name), description = \(group.description),
                stateful = \(group.stateful), revision_number = \(group.revision), updated_at = \(group.updatedAt)
            WHERE id = \(group.id)
            """)
    }

    /// A change of the group's rules is a change of the group, as in neutron.
    func touch(_ id: ID<SecurityGroup>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE securitygroups SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    /// Its rules, and those that name it as the other side, go with it.
    func delete(_ id: ID<SecurityGroup>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM default_security_group WHERE security_group_id = \(id)")
        try transaction.execute("DELETE FROM securitygroups WHERE id = \(id)")
    }
}

extension SecurityGroupStore {
    func rule(
        _ id: ID<SecurityGroupRule>, in transaction: borrowing Transaction
    ) throws -> SecurityGroupRule? {
        try transaction.first(
            "SELECT \(sql: Self.ruleColumns) FROM securitygrouprules r WHERE r.id = \(id)", Self.rule)
    }

    /// What a listing asks for, of the rules of groups that a project sees; nil sees all.
    func rules(
        _ listing: Listing, visibleTo projectID: String?, in transaction: borrowing Transaction
    ) throws -> [SecurityGroupRule] {
        let visible: SQL = """
            r.security_group_id IN (SELECT g.id FROM securitygroups g WHERE \(sql: Self.visible(to: projectID)))
            """
        let selection = try ListingStore.securityGroupRules.selection(
            listing, visible: projectID == nil ? "TRUE" : visible, to: projectID, in: transaction)
        return try transaction.map(
            """
            SELECT \(sql: Self.ruleColumns) FROM securitygrouprules r WHERE \(sql: selection.condition)
            ORDER BY \(sql: selection.order)
            """, Self.rule)
    }

    /// The groups with a rule that names one as the other side.
    func groups(naming id: ID<SecurityGroup>, in transaction: borrowing Transaction) throws -> [ID<SecurityGroup>] {
        try transaction.map(
            "SELECT DISTINCT security_group_id FROM securitygrouprules WHERE remote_group_id = \(id)"
        ) { row in try row[0] }
    }

    func insert(_ rule: SecurityGroupRule, in transaction: borrowing Transaction) throws {
        let content = rule.content
        try transaction.execute(
            """
            INSERT INTO securitygrouprules (id, security_group_id, project_id, direction, ethertype, protocol,
                port_range_min, port_range_max, remote_ip_prefix, remote_group_id, description, created_at,
                updated_at)
            VALUES (\(rule.id), \(rule.groupID), \(rule.projectID), \(content.direction), \(content.etherType),
                \(content.protocolName), \(content.portRangeMin), \(content.portRangeMax),
                \(content.remoteIPPrefix), \(content.remoteGroupID), \(rule.description), \(rule.createdAt),
                \(rule.updatedAt))
            """)
    }

    func touch(_ id: ID<SecurityGroupRule>, at now: Timestamp, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            "UPDATE securitygrouprules SET revision_number = revision_number + 1, updated_at = \(now) WHERE id = \(id)")
    }

    func delete(_ id: ID<SecurityGroupRule>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM securitygrouprules WHERE id = \(id)")
    }

    private static func rule(_ row: Row) throws -> SecurityGroupRule {
        let content = SecurityGroupRuleContent(
            direction: try row[3], etherType: try row[4], protocolName: try row[5], portRangeMin: try row[6],
            portRangeMax: try row[7], remoteIPPrefix: try row[8], remoteGroupID: try row[9])
        // A tag has no comma.
        let tags = (try row[14] as String?)?.split(separator: ",").map(String.init).sorted()
        return SecurityGroupRule(
            id: try row[0], groupID: try row[1], projectID: try row[2], content: content, description: try row[10],
            revision: try row[13], tags: tags ?? [], createdAt: try row[11], updatedAt: try row[12])
    }
}
