import Database
import ServiceCore

/// The tables of server groups. Every statement about them is here.
struct ServerGroupStore: Sendable {
    private static let selection: SQL = """
        SELECT id, name, policy, max_server_per_host, project_id, user_id, created_at FROM server_groups
        """

    /// The group an instance is in; nil for none.
    func group(of id: ID<Instance>, in transaction: borrowing Transaction) throws -> String? {
        try transaction.value("SELECT group_id FROM server_group_members WHERE instance_id = \(id)")
    }

    func insert(_ group: ServerGroup, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO server_groups (id, name, policy, max_server_per_host, project_id, user_id, created_at)
            VALUES (\(group.id), \(group.name), \(group.policy), \(group.maxServerPerHost), \(group.projectID),
                \(group.userID), \(group.createdAt))
            """)
    }

    func delete(_ id: ID<ServerGroup>, in transaction: borrowing Transaction) throws {
        try transaction.execute("DELETE FROM server_groups WHERE id = \(id)")
    }

    /// A project's groups, or all; by name.
    func all(project: String?, in transaction: borrowing Transaction) throws -> [ServerGroup] {
        let narrowed: SQL = project.map { "\(sql: Self.selection) WHERE project_id = \($0)" } ?? Self.selection
        let groups = try transaction.map("\(sql: narrowed) ORDER BY name, id", { try Self.group($0, []) })
        return try groups.map { try $0.with(members(of: $0.id, in: transaction)) }
    }

    func find(_ id: ID<ServerGroup>, in transaction: borrowing Transaction) throws -> ServerGroup? {
        let group = try transaction.first("\(sql: Self.selection) WHERE id = \(id)", { try Self.group($0, []) })
        return try group?.with(members(of: id, in: transaction))
    }

    func count(ofProject project: String, in transaction: borrowing Transaction) throws -> Int {
        try transaction.value("SELECT count(*) FROM server_groups WHERE project_id = \(project)") ?? 0
    }

    func add(
        _ instance: ID<Instance>, to id: ID<ServerGroup>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            "INSERT INTO server_group_members (instance_id, group_id) VALUES (\(instance), \(id))")
    }

    /// What a group wants, and where its members are but one; nil when there is no such group any more. A build that
    /// failed has left its host.
    func requirement(
        _ id: ID<ServerGroup>, without instance: ID<Instance>, in transaction: borrowing Transaction
    ) throws -> GroupRequirement? {
        guard let group = try find(id, in: transaction) else { return nil }
        let hosts = try transaction.map(
            """
            SELECT host FROM server_group_members JOIN instances ON instances.id = instance_id
            WHERE group_id = \(id) AND instance_id != \(instance) AND deleted_at IS NULL AND host IS NOT NULL
                AND NOT (vm_state = 'error' AND launched_at IS NULL)
            """
        ) { try $0[0] as String }
        return GroupRequirement(
            name: group.name, policy: group.policy, mostPerHost: group.maxServerPerHost ?? 1,
            members: Dictionary(hosts.map { ($0, 1) }, uniquingKeysWith: +))
    }

    private func members(
        of id: ID<ServerGroup>, in transaction: borrowing Transaction
    ) throws -> [ServerGroup.Member] {
        try transaction.map(
            """
            SELECT instances.id, name, host FROM server_group_members JOIN instances ON instances.id = instance_id
            WHERE group_id = \(id) AND deleted_at IS NULL ORDER BY number
            """
        ) { ServerGroup.Member(id: try $0[0], name: try $0[1], host: try $0[2]) }
    }

    private static func group(_ row: Row, _ members: [ServerGroup.Member]) throws -> ServerGroup {
        ServerGroup(
            id: try row[0], name: try row[1], policy: try row[2], maxServerPerHost: try row[3], projectID: try row[4],
            userID: try row[5], createdAt: try row[6], members: members)
    }
}

extension ServerGroup {
    fileprivate func with(_ members: [Member]) -> ServerGroup {
        ServerGroup(
            id: id, name: name, policy: policy, maxServerPerHost: maxServerPerHost, projectID: projectID,
            userID: userID, createdAt: createdAt, members: members)
    }
}
