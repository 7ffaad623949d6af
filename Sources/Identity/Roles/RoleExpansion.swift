import Database

/// Makes of each role that was given what comes of it: one assignment for every member of a group, for every project it
/// is inherited by, and for every role it implies.
struct RoleExpansion {
    let effective: EffectiveRoles
    /// Where is asked about; nil is everywhere.
    let scopes: Set<RoleScope>?
    let filter: RoleAssignmentFilter

    private var members: [String: [String]] = [:]
    private var projects: [RoleScope: [RoleScope]] = [:]
    private var implied: [String: [Role]] = [:]

    init(effective: EffectiveRoles, scopes: Set<RoleScope>?, filter: RoleAssignmentFilter) {
        self.effective = effective
        self.scopes = scopes
        self.filter = filter
    }

    mutating func assignments(in transaction: borrowing Transaction) throws -> [RoleAssignment] {
        var found: [RoleAssignment] = []
        var seen: Set<Place> = []
        for grant in try grants(in: transaction) {
            let origin = RoleAssignment.Origin(
                actor: grant.actor, roleID: grant.roleID, scope: grant.scope, isInherited: grant.isInherited)
            for scope in try places(of: grant, in: transaction) {
                for user in try users(of: grant.actor, in: transaction) {
                    for role in try roles(of: grant.roleID, in: transaction)
                    where seen.insert(Place(user: user, role: role.id, scope: scope)).inserted {
                        found.append(RoleAssignment(actor: .user(user), role: role, scope: scope, origin: origin))
                    }
                }
            }
        }
        return found
    }

    private struct Place: Hashable {
        let user: String
        let role: String
        let scope: RoleScope
    }

    /// The rows that can have to do with what is asked for.
    private func grants(in transaction: borrowing Transaction) throws -> [RoleAssignmentStore.Grant] {
        let actors =
            try filter.userID.map { try effective.actors(of: $0, in: transaction) }
            ?? filter.groupID.map { [$0] }
        var targets: [String]?
        if let scopes {
            targets = try scopes.flatMap { scope in
                guard case .project(let id) = scope,
                    let project = try effective.tree.store.project(id: id, in: transaction)
                else { return [scope.targetID] }
                let above = try effective.tree.ancestors(of: project, in: transaction)
                return [id, project.domainID] + above.map(\.id)
            }
        }
        let grants = try effective.assignments.grants(of: actors, on: targets, in: transaction)
        return grants.filter { filter.isInherited == nil || $0.isInherited == filter.isInherited }
    }

    private mutating func places(
        of grant: RoleAssignmentStore.Grant, in transaction: borrowing Transaction
    ) throws -> [RoleScope] {
        guard grant.isInherited else { return wanted([grant.scope]) }
        if let known = projects[grant.scope] { return known }
        let below = try effective.projects(below: grant.scope, in: transaction).map { RoleScope.project($0.id) }
        projects[grant.scope] = wanted(below)
        return wanted(below)
    }

    private func wanted(_ places: [RoleScope]) -> [RoleScope] {
        guard let scopes else { return places }
        return places.filter(scopes.contains)
    }

    private mutating func users(of actor: RoleActor, in transaction: borrowing Transaction) throws -> [String] {
        switch actor {
        case .user(let id):
            return [id]
        case .group(let id):
            let all = try members[id] ?? effective.groups.userIDs(of: id, in: transaction)
            members[id] = all
            return all.filter { filter.userID == nil || $0 == filter.userID }
        }
    }

    private mutating func roles(of roleID: String, in transaction: borrowing Transaction) throws -> [Role] {
        let all = try implied[roleID] ?? effective.counting([roleID], in: transaction)
        implied[roleID] = all
        return all.filter { filter.roleID == nil || $0.id == filter.roleID }
    }
}
