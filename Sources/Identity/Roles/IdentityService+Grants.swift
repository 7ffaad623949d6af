import Database
public import ServiceCore

extension IdentityService {
    /// The roles that were given to somebody on a scope, by name, without what comes of them.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system or of the domain.
    public func roles(
        givenTo actor: RoleActor, on scope: RoleScope, isInherited: Bool = false, as context: RequestContext
    ) throws -> [Role] {
        try read { transaction in
            try requireLook(at: scope, context, in: transaction)
            try refuseUnknown(actor, scope, in: transaction)
            let ids = try assignmentStore.roleIDs(
                of: [actor.id], on: [scope.targetID], isInherited: isInherited, in: transaction)
            return try roleStore.roles(ids, in: transaction)
        }
    }

    /// Makes sure that a role was given.
    /// - Throws: `ServiceError`; notFound when it was not.
    public func requireGrant(
        of roleID: String, to actor: RoleActor, on scope: RoleScope, isInherited: Bool = false,
        as context: RequestContext
    ) throws {
        let given = try roles(givenTo: actor, on: scope, isInherited: isInherited, as: context)
        guard given.contains(where: { $0.id == roleID }) else { throw ServiceError.notFound("Role assignment", roleID) }
    }

    /// Gives a user a role; giving it again changes nothing.
    /// - Throws: `ServiceError`; notFound for an unknown user, role, project or domain.
    public func assign(
        role roleID: String, to userID: String, on scope: RoleScope, as context: RequestContext
    ) throws {
        try assign(role: roleID, to: .user(userID), on: scope, as: context)
    }

    /// Gives a user or a group a role; giving it again changes nothing.
    /// - Parameter isInherited: whether it is to count in what lies below the scope instead of in the scope itself.
    /// - Throws: `ServiceError`; notFound for an unknown user, group, role, project or domain; forbidden for a role of
    ///   another domain.
    public func assign(
        role roleID: String, to actor: RoleActor, on scope: RoleScope, isInherited: Bool = false,
        as context: RequestContext
    ) throws {
        try policy.require("identity:create_grant", context)
        try write { transaction in
            let role = try known(role: roleID, in: transaction)
            try refuseUnknown(actor, scope, in: transaction)
            let domainID = try domainID(of: scope, in: transaction)
            guard role.domainID == nil || role.domainID == domainID else {
                throw ServiceError(.forbidden, code: "domain_role", "The role belongs to another domain.")
            }
            try assignmentStore.insert(
                .init(actor: actor, roleID: roleID, scope: scope, isInherited: isInherited), in: transaction)
        }
    }

    /// Takes a role from a user.
    /// - Throws: `ServiceError`.
    public func unassign(
        role roleID: String, from userID: String, on scope: RoleScope, as context: RequestContext
    ) throws {
        try unassign(role: roleID, from: .user(userID), on: scope, as: context)
    }

    /// Takes a role from a user or a group. Administrators cannot take their own admin role in the project they work in.
    /// The user's application credentials for the project go too, as keystone's do: they may have stood on the role.
    /// - Throws: `ServiceError`.
    public func unassign(
        role roleID: String, from actor: RoleActor, on scope: RoleScope, isInherited: Bool = false,
        as context: RequestContext
    ) throws {
        try policy.require("identity:revoke_grant", context)
        try write { transaction in
            let role = try known(role: roleID, in: transaction)
            try refuseUnknown(actor, scope, in: transaction)
            let isOwnProject = context.projectID.map { scope == .project($0) } ?? false
            guard actor != .user(context.userID) || !isOwnProject || role.name.lowercased() != "admin" else {
                throw ServiceError.conflict(
                    code: "own_admin_role",
                    "You cannot revoke your administrative privileges from the project you are currently logged into.")
            }
            let grant = RoleAssignmentStore.Grant(
                actor: actor, roleID: roleID, scope: scope, isInherited: isInherited)
            guard try assignmentStore.delete(grant, in: transaction) else {
                throw ServiceError.notFound("Role assignment", roleID)
            }
            if let userID = actor.userID, let projectID = scope.projectID {
                try applicationCredentialStore.delete(of: userID, projectID: projectID, in: transaction)
            }
        }
    }

    private func requireLook(
        at scope: RoleScope, _ context: RequestContext, in transaction: borrowing Transaction
    ) throws {
        try policy.require(
            "identity:list_grants", inDomain: domainID(of: scope, in: transaction), context)
    }

    /// The domain a scope is or lies in.
    func domainID(of scope: RoleScope, in transaction: borrowing Transaction) throws -> String? {
        switch scope {
        case .system: nil
        case .domain(let id): id
        case .project(let id): try projectStore.project(id: id, in: transaction)?.domainID
        }
    }

    private func refuseUnknown(
        _ actor: RoleActor, _ scope: RoleScope, in transaction: borrowing Transaction
    ) throws {
        switch actor {
        case .user(let id): _ = try known(user: id, in: transaction)
        case .group(let id): _ = try known(group: id, in: transaction)
        }
        switch scope {
        case .system: break
        case .project(let id): _ = try known(project: id, in: transaction)
        case .domain(let id): _ = try known(domain: id, in: transaction)
        }
    }
}
