import Database

/// The table `role_assignments`.
struct RoleAssignmentStore {
    /// A row.
    struct Grant: Hashable {
        let actor: RoleActor
        let roleID: String
        let scope: RoleScope
        let isInherited: Bool
    }

    /// Gives a role; giving it again changes nothing.
    func insert(_ grant: Grant, in transaction: borrowing Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO role_assignments (user_id, group_id, role_id, scope, project_id, domain_id, inherited)
            VALUES (\(grant.actor.userID), \(grant.actor.groupID), \(grant.roleID), \(grant.scope.kind),
                \(grant.scope.projectID), \(grant.scope.domainID), \(grant.isInherited))
            ON CONFLICT DO NOTHING
            """)
    }

    func delete(_ grant: Grant, in transaction: borrowing Transaction) throws -> Bool {
        try transaction.execute(
            """
            DELETE FROM role_assignments
            WHERE actor_id = \(grant.actor.id) AND target_id = \(grant.scope.targetID)
                AND inherited = \(grant.isInherited) AND role_id = \(grant.roleID)
            """) == 1
    }

    /// What roles these actors were given on these targets.
    func roleIDs(
        of actors: [String], on targets: [String], isInherited: Bool, in transaction: borrowing Transaction
    ) throws -> [String] {
        try transaction.map(
            """
            SELECT DISTINCT role_id FROM role_assignments
            WHERE actor_id IN (\(list: actors)) AND target_id IN (\(list: targets)) AND inherited = \(isInherited)
            """
        ) { row in try row[0] }
    }

    /// The domains on which these actors were given a role, by name.
    func domains(of actors: [String], in transaction: borrowing Transaction) throws -> [Domain] {
        try transaction.map(
            """
            SELECT DISTINCT d.id, d.name, d.description, d.enabled, d.immutable
            FROM role_assignments AS a JOIN domains AS d ON d.id = a.domain_id
            WHERE a.actor_id IN (\(list: actors)) AND a.inherited = 0 ORDER BY d.name
            """
        ) { row in
            try Domain(id: row[0], name: row[1], description: row[2], isEnabled: row[3], isImmutable: row[4])
        }
    }

    /// What these actors were given to be inherited.
    func inherited(of actors: [String], in transaction: borrowing Transaction) throws -> [Grant] {
        try grants("WHERE actor_id IN (\(list: actors)) AND inherited = 1", in: transaction)
    }

    /// All rows, or those of some actors and targets.
    func grants(
        of actors: [String]?, on targets: [String]?, in transaction: borrowing Transaction
    ) throws -> [Grant] {
        let actors = actors.map { "actor_id IN (\(list: $0))" as SQL }
        let targets = targets.map { "target_id IN (\(list: $0))" as SQL }
        return try grants(.matching(actors, targets), in: transaction)
    }

    private func grants(_ condition: SQL, in transaction: borrowing Transaction) throws -> [Grant] {
        try transaction.map(
            """
            SELECT user_id, group_id, role_id, project_id, domain_id, inherited FROM role_assignments
            \(sql: condition) ORDER BY actor_id, target_id, inherited, role_id
            """
        ) { row in
            let userID: String? = try row[0]
            let groupID: String? = try row[1]
            let projectID: String? = try row[3]
            let domainID: String? = try row[4]
            return Grant(
                actor: userID.map(RoleActor.user) ?? .group(groupID ?? ""), roleID: try row[2],
                scope: projectID.map(RoleScope.project) ?? domainID.map(RoleScope.domain) ?? .system,
                isInherited: try row[5])
        }
    }
}

extension RoleScope {
    fileprivate var kind: String {
        switch self {
        case .project: "project"
        case .domain: "domain"
        case .system: "system"
        }
    }
}
