import Cryptography
import Database
public import ServiceCore

extension IdentityService {
    /// What is set for a domain, without secrets.
    /// - Throws: `ServiceError`; notFound when nothing of that part is set; forbidden `unsupported_option`.
    public func configuration(
        ofDomain id: String, _ part: DomainConfiguration.Part = .everything, as context: RequestContext
    ) throws -> DomainConfiguration {
        if let rules = try DomainConfiguration.securityCompliance(part, ofDomain: id) { return rules }
        try policy.require("identity:get_domain_config", context)
        try DomainConfiguration.requireSupported(part)
        return try read { transaction in
            _ = try known(domain: id, in: transaction)
            let found = try shown(configurationOf: id, in: transaction)[part]
            guard !found.isEmpty else { throw ServiceError.notFound("Domain configuration", id) }
            return found
        }
    }

    /// What counts where a domain has nothing set.
    /// - Throws: `ServiceError`; forbidden `unsupported_option`.
    public func defaultConfiguration(
        _ part: DomainConfiguration.Part, as context: RequestContext
    ) throws -> DomainConfiguration {
        try policy.require("identity:get_domain_config", context)
        try DomainConfiguration.requireSupported(part)
        let found = DomainConfiguration.defaults[part]
        guard !found.isEmpty else { throw ServiceError.notFound("Domain configuration", "default") }
        return found
    }

    /// Sets this for a domain and nothing else.
    /// - Returns: what is set now, and whether nothing was before.
    /// - Throws: `ServiceError`.
    public func replaceConfiguration(
        ofDomain id: String, by new: DomainConfiguration, as context: RequestContext
    ) throws -> (configuration: DomainConfiguration, isNew: Bool) {
        try policy.require("identity:change_domain_config", context)
        try new.requireSupported()
        return try write { transaction in
            _ = try known(domain: id, in: transaction)
            let isNew = try domainOptionStore.options(of: id, in: transaction).isEmpty
            try domainOptionStore.delete(.everything, of: id, in: transaction)
            try save(new, of: id, in: transaction)
            return (try shown(configurationOf: id, in: transaction), isNew)
        }
    }

    /// Sets this for a domain beside what is set. A change of a part names that part only, and the part has to be there.
    /// - Returns: all that is set now.
    /// - Throws: `ServiceError`.
    public func updateConfiguration(
        ofDomain id: String, _ part: DomainConfiguration.Part, by new: DomainConfiguration, as context: RequestContext
    ) throws -> DomainConfiguration {
        try policy.require("identity:change_domain_config", context)
        try DomainConfiguration.requireSupported(part)
        try new.requireSupported()
        guard new[part] == new else {
            throw ServiceError(
                .forbidden, code: "other_option", "Only what the address names can be changed there.")
        }
        return try write { transaction in
            try requireSet(part, of: id, in: transaction)
            try save(new, of: id, in: transaction)
            return try shown(configurationOf: id, in: transaction)
        }
    }

    /// Forgets what is set for a domain.
    /// - Throws: `ServiceError`; notFound for a group or an option that is not set.
    public func deleteConfiguration(
        ofDomain id: String, _ part: DomainConfiguration.Part, as context: RequestContext
    ) throws {
        try policy.require("identity:change_domain_config", context)
        try DomainConfiguration.requireSupported(part)
        try write { transaction in
            try requireSet(part, of: id, in: transaction)
            try domainOptionStore.delete(part, of: id, in: transaction)
        }
    }

    private func requireSet(
        _ part: DomainConfiguration.Part, of id: String, in transaction: borrowing Transaction
    ) throws {
        _ = try known(domain: id, in: transaction)
        let whole = DomainConfiguration(try domainOptionStore.options(of: id, in: transaction))
        guard part == .everything || !whole[part].isEmpty else {
            throw ServiceError.notFound("Domain configuration", id)
        }
    }

    private func shown(
        configurationOf id: String, in transaction: borrowing Transaction
    ) throws -> DomainConfiguration {
        let options = try domainOptionStore.options(of: id, in: transaction)
        return DomainConfiguration(options.filter { !DomainConfiguration.isSecret($0.name, in: $0.group) })
    }

    private func save(
        _ new: DomainConfiguration, of id: String, in transaction: borrowing Transaction
    ) throws {
        for var option in new.options {
            if DomainConfiguration.isSecret(option.name, in: option.group) {
                option.value = credentialSeal.seal(Array(option.value.utf8), at: clock.now().seconds)
            }
            try domainOptionStore.save(option, of: id, in: transaction)
        }
    }
}
