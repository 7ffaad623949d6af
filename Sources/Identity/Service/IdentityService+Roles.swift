import Database
public import ServiceCore

extension IdentityService {
    /// All roles, by name.
    /// - Throws: `ServiceError`.
    public func roles() throws -> [Role] {
        try read { try roleStore.all(in: $0) }
    }

    /// The role of a name, whatever its case; nil when there is none, so that a page can offer to make it.
    /// - Throws: `ServiceError`.
    public func role(named name: String) throws -> Role? {
        try read { try roleStore.role(named: name, in: $0) }
    }

    /// Makes a role.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createRole(_ name: String, description: String = "", as context: RequestContext) throws -> Role {
        try policy.require("identity:create_role", context)
        try IdentityRules.refuse(IdentityRules.name(name, longest: 255))
        let role = Role(id: RandomIdentifier.hexadecimal(), name: name, description: description)
        return try write { transaction in
            guard try roleStore.role(named: name, in: transaction) == nil else {
                throw ServiceError.nameTaken("role", name)
            }
            try roleStore.insert(role, in: transaction)
            return role
        }
    }

    /// Deletes a role and takes it from everybody. The standard roles cannot be deleted: the program rests on them.
    /// - Throws: `ServiceError`.
    public func deleteRole(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_role", context)
        try write { transaction in
            guard let role = try roleStore.role(id: id, in: transaction) else {
                throw ServiceError.notFound("Role", id)
            }
            guard !Role.standard.contains(role.name.lowercased()) else {
                throw ServiceError.conflict(code: "standard_role", "The standard roles cannot be deleted.")
            }
            _ = try roleStore.delete(id: id, in: transaction)
        }
    }

    /// What roles a user holds, and where.
    /// - Throws: `ServiceError`; forbidden unless administrator or oneself.
    public func roleAssignments(ofUser userID: String, as context: RequestContext) throws -> [RoleAssignment] {
        if context.userID != userID { try policy.require("identity:list_role_assignments", context) }
        return try read { try roleStore.assignments(of: userID, in: $0) }
    }

    /// Who holds what role in a project.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func roleAssignments(onProject projectID: String, as context: RequestContext) throws -> [RoleAssignment] {
        try policy.require("identity:list_role_assignments", context)
        return try read { try roleStore.assignments(on: projectID, in: $0) }
    }

    /// Gives a user a role; giving it again changes nothing.
    /// - Throws: `ServiceError`; notFound for an unknown user, role, project or domain.
    public func assign(
        role roleID: String, to userID: String, on scope: RoleScope, as context: RequestContext
    ) throws {
        try policy.require("identity:create_grant", context)
        try write { transaction in
            guard try roleStore.role(id: roleID, in: transaction) != nil else {
                throw ServiceError.notFound("Role", roleID)
            }
            guard try userStore.record(id: userID, in: transaction) != nil else {
                throw ServiceError.notFound("User", userID)
            }
            try refuseUnknown(scope, in: transaction)
            try roleStore.assign(roleID, to: userID, on: scope, in: transaction)
        }
    }

    /// Takes a role from a user. Administrators cannot take their own admin role in the project they work in.
    /// - Throws: `ServiceError`.
    public func unassign(
        role roleID: String, from userID: String, on scope: RoleScope, as context: RequestContext
    ) throws {
        try policy.require("identity:revoke_grant", context)
        try write { transaction in
            let role = try roleStore.role(id: roleID, in: transaction)
            let isOwnProject = context.projectID.map { scope == .project($0) } ?? false
            guard userID != context.userID || !isOwnProject || role?.name.lowercased() != "admin" else {
                throw ServiceError.conflict(
                    code: "own_admin_role",
                    "You cannot revoke your administrative privileges from the project you are currently logged into.")
            }
            guard try roleStore.unassign(roleID, from: userID, on: scope, in: transaction) else {
                throw ServiceError.notFound("Role assignment", roleID)
            }
        }
    }

    private func refuseUnknown(_ scope: RoleScope, in transaction: borrowing Transaction) throws {
        switch scope {
        case .system:
            return
        case .project(let id):
            guard try projectStore.project(id: id, in: transaction) != nil else {
                throw ServiceError.notFound("Project", id)
            }
        case .domain(let id):
            guard try domainStore.domain(id: id, in: transaction) != nil else {
                throw ServiceError.notFound("Domain", id)
            }
        }
    }
}
