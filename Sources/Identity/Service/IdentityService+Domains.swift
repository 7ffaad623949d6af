import Database
public import ServiceCore

extension IdentityService {
    /// All domains, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func domains(as context: RequestContext) throws -> [Domain] {
        try policy.require("identity:list_domains", context)
        return try read { try domainStore.all(in: $0) }
    }

    /// The domain of an identifier or a name, whatever its case; nil when there is none.
    /// - Throws: `ServiceError`.
    public func domain(idOrName: String) throws -> Domain? {
        try read { try domainStore.domain(idOrName: idOrName, in: $0) }
    }

    /// Makes a domain.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createDomain(_ name: String, description: String = "", as context: RequestContext) throws -> Domain {
        try policy.require("identity:create_domain", context)
        try IdentityRules.refuse(IdentityRules.name(name, longest: 64))
        let domain = Domain(
            id: RandomIdentifier.hexadecimal(), name: name, description: description, isEnabled: true)
        return try write { transaction in
            // A name that is another domain's identifier would be ambiguous at login.
            guard try domainStore.domain(idOrName: name, in: transaction) == nil else {
                throw ServiceError.nameTaken("domain", name)
            }
            try domainStore.insert(domain, in: transaction)
            return domain
        }
    }

    /// Enables or disables a domain. The users of a disabled one cannot log in, and their tokens stop working.
    /// - Throws: `ServiceError`.
    public func setDomain(_ id: String, enabled: Bool, as context: RequestContext) throws {
        try policy.require("identity:update_domain", context)
        guard enabled || id != context.userDomainID else {
            throw ServiceError.conflict(code: "own_domain", "You cannot disable the domain you are logged in to.")
        }
        let isKnown = try write { try domainStore.setEnabled(enabled, id: id, in: $0) }
        guard isKnown else { throw ServiceError.notFound("Domain", id) }
    }
}
