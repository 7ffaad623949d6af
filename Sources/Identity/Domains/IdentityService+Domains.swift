import Database
public import ServiceCore

extension IdentityService {
    /// The domains that are wanted, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func domains(_ filter: DomainFilter = DomainFilter(), as context: RequestContext) throws -> [Domain] {
        try policy.require("identity:list_domains", context)
        return try read { try domainStore.all(filter, in: $0) }
    }

    /// One domain; for others than administrators that of their project, or the one their token is good for.
    /// - Throws: `ServiceError`.
    public func domain(_ id: String, as context: RequestContext) throws -> Domain {
        if context.projectDomainID != id, context.domainID != id {
            try policy.require("identity:get_domain", inDomain: id, context)
        }
        return try read { try known(domain: id, in: $0) }
    }

    /// The domain of an identifier or a name, whatever its case; nil when there is none.
    /// - Throws: `ServiceError`.
    public func domain(idOrName: String) throws -> Domain? {
        try read { try domainStore.domain(idOrName: idOrName, in: $0) }
    }

    /// The domains a user holds a role on, by name: what a token could be good for.
    /// - Throws: `ServiceError`.
    public func domains(for userID: String) throws -> [Domain] {
        try read { transaction in
            let actors = try actors(of: userID, in: transaction)
            return try assignmentStore.domains(of: actors, in: transaction).filter(\.isEnabled)
        }
    }

    /// Makes a domain.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createDomain(_ name: String, description: String = "", as context: RequestContext) throws -> Domain {
        try createDomain(NewDomain(name: name, description: description), as: context)
    }

    /// Makes a domain.
    /// - Throws: `ServiceError`; conflict when the name or the identifier is taken.
    public func createDomain(_ new: NewDomain, as context: RequestContext) throws -> Domain {
        try policy.require("identity:create_domain", context)
        try IdentityRules.refuse(
            IdentityRules.name(new.name, longest: 64) + IdentityRules.description(new.description)
                + IdentityRules.identifier(new.id, field: "explicit_domain_id"))
        let domain = Domain(
            id: new.id ?? RandomIdentifier.hexadecimal(), name: new.name, description: new.description,
            isEnabled: new.isEnabled, isImmutable: new.isImmutable)
        return try write { transaction in
            // A name that is another domain's identifier would be ambiguous at login.
            let namesake = try domainStore.domain(idOrName: new.name, in: transaction)
            guard try namesake == nil && domainStore.domain(id: domain.id, in: transaction) == nil else {
                throw ServiceError.nameTaken("domain", new.name)
            }
            try domainStore.insert(domain, in: transaction)
            return domain
        }
    }

    /// Renames, describes, enables or disables a domain. The users of a disabled one cannot log in, and their tokens stop
    /// working.
    /// - Throws: `ServiceError`.
    public func updateDomain(_ id: String, _ update: DomainUpdate, as context: RequestContext) throws -> Domain {
        try policy.require("identity:update_domain", context)
        try IdentityRules.refuse(
            (update.name.map { IdentityRules.name($0, longest: 64) } ?? [])
                + IdentityRules.description(update.description))
        guard update.isEnabled != false || id != context.userDomainID else {
            throw ServiceError.conflict(code: "own_domain", "You cannot disable the domain you are logged in to.")
        }
        return try write { transaction in
            let old = try known(domain: id, in: transaction)
            guard !old.isImmutable || update.onlyUnlocks else { throw ServiceError.immutable("domain", old.name) }
            let new = Domain(
                id: id, name: update.name ?? old.name, description: update.description ?? old.description,
                isEnabled: update.isEnabled ?? old.isEnabled, isImmutable: update.isImmutable ?? old.isImmutable)
            let namesake = try domainStore.domain(idOrName: new.name, in: transaction)
            guard namesake == nil || namesake?.id == id else { throw ServiceError.nameTaken("domain", new.name) }
            try domainStore.update(new, in: transaction)
            return new
        }
    }

    /// Enables or disables a domain.
    /// - Throws: `ServiceError`.
    public func setDomain(_ id: String, enabled: Bool, as context: RequestContext) throws {
        _ = try updateDomain(id, DomainUpdate(isEnabled: enabled), as: context)
    }

    /// Deletes a disabled domain with its projects, users, groups and roles.
    /// - Throws: `ServiceError`; forbidden `domain_enabled` for one that is enabled, `immutable`.
    public func deleteDomain(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_domain", context)
        try write { transaction in
            let domain = try known(domain: id, in: transaction)
            guard !domain.isImmutable else { throw ServiceError.immutable("domain", domain.name) }
            guard !domain.isEnabled else {
                throw ServiceError(
                    .forbidden, code: "domain_enabled",
                    "A domain that is enabled cannot be deleted, please disable it first.")
            }
            try forget(usersIn: id, in: transaction)
            try domainStore.delete(id: id, in: transaction)
        }
    }

    func known(domain id: String, in transaction: borrowing Transaction) throws -> Domain {
        guard let domain = try domainStore.domain(id: id, in: transaction) else {
            throw ServiceError.notFound("Domain", id)
        }
        return domain
    }

    /// Credentials name their owners without a foreign key, as keystone's do.
    private func forget(usersIn domainID: String, in transaction: borrowing Transaction) throws {
        for user in try userStore.all(UserFilter(domainID: domainID), in: transaction) {
            try credentialStore.delete(of: user.id, in: transaction)
        }
        for project in try projectStore.all(ProjectFilter(domainID: domainID), in: transaction) {
            try credentialStore.delete(projectID: project.id, in: transaction)
        }
    }
}
