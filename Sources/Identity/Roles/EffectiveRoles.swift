import Database

/// What comes of the roles that were given: who holds which role where.
///
/// A user holds what it was given itself and what its groups were given; in a project also what was given on anything
/// above it to be inherited; and whatever those roles imply. Roles of a domain count only by what they imply.
struct EffectiveRoles {
    let assignments: RoleAssignmentStore
    let roles: RoleStore
    let groups: GroupStore
    let tree: ProjectTree

    /// A user with its groups.
    func actors(of userID: String, in transaction: borrowing Transaction) throws -> [String] {
        try [userID] + groups.groupIDs(of: userID, in: transaction)
    }

    /// The roles these actors hold in a project, by name.
    func roles(
        of actors: [String], on project: Project, in transaction: borrowing Transaction
    ) throws -> [Role] {
        let above = try tree.ancestors(of: project, in: transaction).map(\.id) + [project.domainID]
        let given = try assignments.roleIDs(of: actors, on: [project.id], isInherited: false, in: transaction)
        let inherited = try assignments.roleIDs(of: actors, on: above, isInherited: true, in: transaction)
        return try counting(given + inherited, in: transaction)
    }

    /// The roles these actors hold on a domain or in the system, by name.
    func roles(of actors: [String], on scope: RoleScope, in transaction: borrowing Transaction) throws -> [Role] {
        try counting(
            assignments.roleIDs(of: actors, on: [scope.targetID], isInherited: false, in: transaction), in: transaction)
    }

    /// The projects in which these actors hold a role, by name.
    func projects(of actors: [String], in transaction: borrowing Transaction) throws -> [Project] {
        let given = try tree.store.projects(of: actors, in: transaction)
        let inherited = try assignments.inherited(of: actors, in: transaction)
        guard !inherited.isEmpty else { return given }
        var all = Dictionary(given.map { ($0.id, $0) }) { first, _ in first }
        for target in Set(inherited.map(\.scope)) {
            for project in try projects(below: target, in: transaction) { all[project.id] = project }
        }
        return all.values.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    /// Where a role counts that was given on a scope to be inherited.
    func projects(below scope: RoleScope, in transaction: borrowing Transaction) throws -> [Project] {
        switch scope {
        case .project(let id): try tree.descendants(of: id, in: transaction)
        case .domain(let id): try tree.store.all(ProjectFilter(domainID: id), in: transaction)
        case .system: []
        }
    }

    /// Some roles with all they imply, by name, without those of a domain.
    func counting(_ ids: [String], in transaction: borrowing Transaction) throws -> [Role] {
        guard !ids.isEmpty else { return [] }
        return try roles.roles(withImplied(ids, in: transaction), in: transaction).filter { $0.domainID == nil }
    }

    func withImplied(_ ids: some Sequence<String>, in transaction: borrowing Transaction) throws -> Set<String> {
        var all = Set(ids)
        var latest = all
        while !latest.isEmpty {
            latest = try Set(roles.impliedIDs(by: latest, in: transaction)).subtracting(all)
            all.formUnion(latest)
        }
        return all
    }
}

extension IdentityService {
    var effective: EffectiveRoles {
        EffectiveRoles(
            assignments: assignmentStore, roles: roleStore, groups: groupStore, tree: ProjectTree(store: projectStore))
    }

    func actors(of userID: String, in transaction: borrowing Transaction) throws -> [String] {
        try effective.actors(of: userID, in: transaction)
    }

    /// The projects in which a user holds a role, by name.
    func projects(heldBy userID: String, in transaction: borrowing Transaction) throws -> [Project] {
        try effective.projects(of: actors(of: userID, in: transaction), in: transaction)
    }

    /// The projects in which a user can work: enabled ones of enabled domains.
    func projects(openTo userID: String, in transaction: borrowing Transaction) throws -> [Project] {
        var enabled: [String: Bool] = [:]
        return try projects(heldBy: userID, in: transaction).filter { project in
            guard project.isEnabled else { return false }
            if let isEnabled = enabled[project.domainID] { return isEnabled }
            let isEnabled = try domainStore.domain(id: project.domainID, in: transaction)?.isEnabled ?? false
            enabled[project.domainID] = isEnabled
            return isEnabled
        }
    }
}

extension IdentityService {
    /// Whether a user holds a role in the system.
    /// - Throws: `ServiceError`.
    public func holdsSystemRole(_ userID: String) throws -> Bool {
        try read { transaction in
            let actors = try actors(of: userID, in: transaction)
            return try !effective.roles(of: actors, on: .system, in: transaction).isEmpty
        }
    }
}
