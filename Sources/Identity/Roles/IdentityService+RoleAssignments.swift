import Database
public import ServiceCore

extension IdentityService {
    /// What roles a user was given, and where.
    /// - Throws: `ServiceError`; forbidden unless administrator or oneself.
    public func roleAssignments(ofUser userID: String, as context: RequestContext) throws -> [RoleAssignment] {
        if context.userID != userID { try policy.require("identity:list_role_assignments", context) }
        return try read { try assignments(RoleAssignmentFilter(userID: userID), in: $0) }
    }

    /// Who was given what role in a project.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func roleAssignments(onProject projectID: String, as context: RequestContext) throws -> [RoleAssignment] {
        try roleAssignments(RoleAssignmentFilter(scope: .project(projectID)), as: context)
    }

    /// The assignments that are wanted.
    /// - Throws: `ServiceError`; forbidden unless administrator, reader of the system, or reader of the domain that is
    ///   asked for.
    public func roleAssignments(
        _ filter: RoleAssignmentFilter, as context: RequestContext
    ) throws -> [RoleAssignment] {
        try read { transaction in
            var domain: String?
            if let scope = filter.scope { domain = try domainID(of: scope, in: transaction) }
            try policy.require("identity:list_role_assignments", inDomain: domain, context)
            guard !filter.isEffective || filter.groupID == nil else {
                let message: Message = "What comes of a group's roles is told of its members, not of the group."
                throw ServiceError.invalid([Violation(field: "group.id", code: "effective_group", message: message)])
            }
            return try assignments(filter, in: transaction)
        }
    }

    /// The names of everything that some assignments speak of.
    /// - Throws: `ServiceError`.
    public func names(in assignments: [RoleAssignment]) throws -> RoleAssignmentNames {
        try read { transaction in
            var names = RoleAssignmentNames()
            let domains = Dictionary(
                try domainStore.all(in: transaction).map { ($0.id, $0.name) }
            ) { first, _ in first }
            for id in Set(assignments.compactMap(\.actor.userID)) {
                let user = try userStore.record(id: id, in: transaction)?.user
                names.users[id] = user.map { .init(name: $0.name, domainID: $0.domainID) }
            }
            for id in Set(assignments.compactMap(\.actor.groupID)) {
                let group = try groupStore.group(id: id, in: transaction)
                names.groups[id] = group.map { .init(name: $0.name, domainID: $0.domainID) }
            }
            for id in Set(assignments.compactMap(\.scope.projectID)) {
                let project = try projectStore.project(id: id, in: transaction)
                names.projects[id] = project.map { .init(name: $0.name, domainID: $0.domainID) }
            }
            names.domains = domains
            return names
        }
    }

    private func assignments(
        _ filter: RoleAssignmentFilter, in transaction: borrowing Transaction
    ) throws -> [RoleAssignment] {
        let scopes = try scopes(filter, in: transaction)
        guard filter.isEffective else {
            let actor = filter.userID ?? filter.groupID
            let grants = try assignmentStore.grants(
                of: actor.map { [$0] }, on: scopes?.map(\.targetID), in: transaction)
            let roles = try rolesByID(Set(grants.map(\.roleID)), in: transaction)
            return grants.compactMap { grant in
                guard filter.roleID == nil || grant.roleID == filter.roleID,
                    filter.isInherited == nil || grant.isInherited == filter.isInherited, let role = roles[grant.roleID]
                else { return nil }
                return RoleAssignment(
                    actor: grant.actor, role: role, scope: grant.scope, isInherited: grant.isInherited)
            }
        }
        var expansion = RoleExpansion(effective: effective, scopes: scopes.map { Set($0) }, filter: filter)
        return try expansion.assignments(in: transaction)
    }

    /// The scope asked for, with what is a part of it when that is asked for too.
    private func scopes(
        _ filter: RoleAssignmentFilter, in transaction: borrowing Transaction
    ) throws -> [RoleScope]? {
        guard let scope = filter.scope else { return nil }
        guard filter.includesSubtree, case .project(let id) = scope else { return [scope] }
        let below = try ProjectTree(store: projectStore).descendants(of: id, in: transaction)
        return [scope] + below.map { .project($0.id) }
    }

    private func rolesByID(
        _ ids: Set<String>, in transaction: borrowing Transaction
    ) throws -> [String: Role] {
        Dictionary(try roleStore.roles(ids, in: transaction).map { ($0.id, $0) }) { first, _ in first }
    }
}
