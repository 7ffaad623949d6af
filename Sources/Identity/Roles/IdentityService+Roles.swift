import Database
public import ServiceCore

extension IdentityService {
    /// All roles of the whole cloud, by name.
    /// - Throws: `ServiceError`.
    public func roles() throws -> [Role] {
        try read { try roleStore.all(RoleFilter(), in: $0) }
    }

    /// The roles that are wanted, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator, reader of the system, or reader of the domain asked for.
    public func roles(_ filter: RoleFilter, as context: RequestContext) throws -> [Role] {
        try policy.require("identity:list_roles", inDomain: filter.domainID ?? context.domainID, context)
        return try read { try roleStore.all(filter, in: $0) }
    }

    /// The role of a name, whatever its case; nil when there is none, so that a page can offer to make it.
    /// - Throws: `ServiceError`.
    public func role(named name: String) throws -> Role? {
        try read { try roleStore.role(named: name, in: $0) }
    }

    /// One role.
    /// - Throws: `ServiceError`.
    public func role(_ id: String, as context: RequestContext) throws -> Role {
        let role = try read { try roleStore.role(id: id, in: $0) }
        try policy.require("identity:get_role", inDomain: role?.domainID ?? context.domainID, context)
        guard let role else { throw ServiceError.notFound("Role", id) }
        return role
    }

    /// Makes a role of the whole cloud.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createRole(_ name: String, description: String = "", as context: RequestContext) throws -> Role {
        try createRole(NewRole(name: name, description: description), as: context)
    }

    /// Makes a role.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createRole(_ new: NewRole, as context: RequestContext) throws -> Role {
        try policy.require("identity:create_role", context)
        try IdentityRules.refuse(
            IdentityRules.name(new.name, longest: 255) + IdentityRules.description(new.description))
        let role = Role(
            id: RandomIdentifier.hexadecimal(), name: new.name, description: new.description,
            domainID: new.domainID, isImmutable: new.isImmutable)
        return try write { transaction in
            if let domainID = new.domainID { _ = try known(domain: domainID, in: transaction) }
            guard try roleStore.role(named: new.name, domainID: new.domainID, in: transaction) == nil else {
                throw ServiceError.nameTaken("role", new.name)
            }
            try roleStore.insert(role, in: transaction)
            return role
        }
    }

    /// Changes what is given of a role.
    /// - Throws: `ServiceError`; forbidden `immutable_role`.
    public func updateRole(_ id: String, _ update: RoleUpdate, as context: RequestContext) throws -> Role {
        try policy.require("identity:update_role", context)
        try IdentityRules.refuse(
            (update.name.map { IdentityRules.name($0, longest: 255) } ?? [])
                + IdentityRules.description(update.description))
        return try write { transaction in
            let old = try known(role: id, in: transaction)
            // What protects a role can be taken away from it, by itself.
            guard !old.isImmutable || (update.isImmutable == false && update.name == nil && !old.isIndispensable) else {
                throw ServiceError.immutable(old)
            }
            let new = Role(
                id: id, name: update.name ?? old.name, description: update.description ?? old.description,
                domainID: old.domainID, isImmutable: update.isImmutable ?? old.isImmutable)
            let namesake = try roleStore.role(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil || namesake?.id == id else { throw ServiceError.nameTaken("role", new.name) }
            try roleStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes a role and takes it from everybody. Those that the program rests on cannot be deleted.
    /// - Throws: `ServiceError`; forbidden `immutable_role`.
    public func deleteRole(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_role", context)
        try write { transaction in
            let role = try known(role: id, in: transaction)
            guard !role.isImmutable, !role.isIndispensable else { throw ServiceError.immutable(role) }
            _ = try roleStore.delete(id: id, in: transaction)
        }
    }

    func known(role id: String, in transaction: borrowing Transaction) throws -> Role {
        guard let role = try roleStore.role(id: id, in: transaction) else { throw ServiceError.notFound("Role", id) }
        return role
    }
}

extension Role {
    fileprivate var isIndispensable: Bool { domainID == nil && Self.indispensable.contains(name.lowercased()) }
}

extension ServiceError {
    fileprivate static func immutable(_ role: Role) -> ServiceError {
        let message = Message("The role {name} cannot be changed or deleted.", ["name": role.name])
        return ServiceError(.forbidden, code: "immutable_role", message)
    }
}
