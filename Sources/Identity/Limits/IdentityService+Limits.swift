import Database
public import ServiceCore

extension IdentityService {
    /// The registered limits that are wanted. Everybody may see them.
    /// - Throws: `ServiceError`.
    public func registeredLimits(_ filter: LimitFilter = LimitFilter()) throws -> [RegisteredLimit] {
        try read { try limitStore.registered(in: $0) }.filter(filter.accepts)
    }

    /// One registered limit.
    /// - Throws: `ServiceError`.
    public func registeredLimit(_ id: String) throws -> RegisteredLimit {
        try read { try known(registeredLimit: id, in: $0) }
    }

    /// Registers limits, all or none.
    /// - Throws: `ServiceError`; conflict for one that is registered already.
    public func createRegisteredLimits(
        _ new: [NewRegisteredLimit], as context: RequestContext
    ) throws -> [RegisteredLimit] {
        try policy.require("identity:change_registered_limit", context)
        return try write { transaction in
            try new.map { new in
                let limit = RegisteredLimit(
                    id: RandomIdentifier.hexadecimal(), serviceID: new.serviceID, regionID: new.regionID,
                    resourceName: new.resourceName, defaultLimit: new.defaultLimit, description: new.description)
                try refuseBad(limit, in: transaction)
                try limitStore.insert(limit, in: transaction)
                return limit
            }
        }
    }

    /// Changes what is given of a registered limit.
    /// - Throws: `ServiceError`.
    public func updateRegisteredLimit(
        _ id: String, _ update: RegisteredLimitUpdate, as context: RequestContext
    ) throws -> RegisteredLimit {
        try policy.require("identity:change_registered_limit", context)
        return try write { transaction in
            let old = try known(registeredLimit: id, in: transaction)
            let new = RegisteredLimit(
                id: id, serviceID: update.serviceID ?? old.serviceID, regionID: update.regionID ?? old.regionID,
                resourceName: update.resourceName ?? old.resourceName,
                defaultLimit: update.defaultLimit ?? old.defaultLimit,
                description: update.description ?? old.description)
            try refuseBad(new, in: transaction)
            try limitStore.update(new, in: transaction)
            return new
        }
    }

    /// Takes a registered limit away that no limit stands on.
    /// - Throws: `ServiceError`; forbidden `limit_in_use`.
    public func deleteRegisteredLimit(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:change_registered_limit", context)
        try write { transaction in
            _ = try known(registeredLimit: id, in: transaction)
            let isUsed = try limitStore.limits(LimitFilter(), in: transaction).contains { $0.registered.id == id }
            guard !isUsed else {
                throw ServiceError(.forbidden, code: "limit_in_use", "Limits of projects stand on this one.")
            }
            _ = try limitStore.delete(registeredID: id, in: transaction)
        }
    }

    /// The limits that are wanted. Others than administrators and readers of the system see those of their own project or
    /// domain.
    /// - Throws: `ServiceError`.
    public func limits(_ filter: LimitFilter = LimitFilter(), as context: RequestContext) throws -> [Limit] {
        let limits = try read { try limitStore.limits(filter, in: $0) }
        return limits.filter { maySee($0, context) }
    }

    /// One limit.
    /// - Throws: `ServiceError`.
    public func limit(_ id: String, as context: RequestContext) throws -> Limit {
        let limit = try read { try limitStore.limit(id: id, in: $0) }
        guard let limit else { throw ServiceError.notFound("Limit", id) }
        guard maySee(limit, context) else { throw ServiceError.forbidden("identity:get_limit") }
        return limit
    }

    /// Sets limits, all or none.
    /// - Throws: `ServiceError`; notFound for one that is not registered; conflict for one that is set already.
    public func createLimits(_ new: [NewLimit], as context: RequestContext) throws -> [Limit] {
        try policy.require("identity:change_limit", context)
        return try write { transaction in
            try new.map { new in
                let registered = try limitStore.registered(in: transaction).first { limit in
                    limit.serviceID == new.serviceID && limit.regionID == new.regionID
                        && limit.resourceName == new.resourceName
                }
                guard let registered else { throw ServiceError.notFound("Registered limit", new.resourceName) }
                guard (new.projectID == nil) != (new.domainID == nil) else {
                    let message: Message = "A limit is either for a project or for a domain."
                    throw ServiceError.invalid([Violation(field: "project_id", code: "required", message: message)])
                }
                if let projectID = new.projectID { _ = try known(project: projectID, in: transaction) }
                if let domainID = new.domainID { _ = try known(domain: domainID, in: transaction) }
                try IdentityRules.refuse(
                    IdentityRules.limit(new.resourceLimit) + IdentityRules.description(new.description))
                let limit = Limit(
                    id: RandomIdentifier.hexadecimal(), registered: registered, projectID: new.projectID,
                    domainID: new.domainID, resourceLimit: new.resourceLimit, description: new.description)
                try limitStore.insert(limit, in: transaction)
                return limit
            }
        }
    }

    /// Changes how much a limit is; nil leaves as it is.
    /// - Throws: `ServiceError`.
    public func updateLimit(
        _ id: String, resourceLimit: Int? = nil, description: String?? = nil, as context: RequestContext
    ) throws -> Limit {
        try policy.require("identity:change_limit", context)
        try IdentityRules.refuse(
            IdentityRules.limit(resourceLimit ?? 0) + IdentityRules.description(description ?? nil))
        return try write { transaction in
            guard let old = try limitStore.limit(id: id, in: transaction) else {
                throw ServiceError.notFound("Limit", id)
            }
            let new = Limit(
                id: id, registered: old.registered, projectID: old.projectID, domainID: old.domainID,
                resourceLimit: resourceLimit ?? old.resourceLimit, description: description ?? old.description)
            try limitStore.update(new, in: transaction)
            return new
        }
    }

    /// Takes a limit away: the registered one counts again.
    /// - Throws: `ServiceError`.
    public func deleteLimit(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:change_limit", context)
        try write { transaction in
            guard try limitStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("Limit", id) }
        }
    }

    private func maySee(_ limit: Limit, _ context: RequestContext) -> Bool {
        if context.isAdmin || context.isSystem { return true }
        if let projectID = limit.projectID { return projectID == context.projectID }
        return limit.domainID == context.domainID || limit.domainID == context.projectDomainID
    }

    private func known(
        registeredLimit id: String, in transaction: borrowing Transaction
    ) throws -> RegisteredLimit {
        guard let limit = try limitStore.registered(id: id, in: transaction) else {
            throw ServiceError.notFound("Registered limit", id)
        }
        return limit
    }

    private func refuseBad(_ limit: RegisteredLimit, in transaction: borrowing Transaction) throws {
        try IdentityRules.refuse(
            IdentityRules.text(limit.resourceName, field: "resource_name") + IdentityRules.limit(limit.defaultLimit)
                + IdentityRules.description(limit.description))
        guard try catalogStore.service(id: limit.serviceID, in: transaction) != nil else {
            let message = Message("There is no service {id}.", ["id": limit.serviceID])
            throw ServiceError.invalid([Violation(field: "service_id", code: "unknown_service", message: message)])
        }
        guard let regionID = limit.regionID, try regionStore.region(id: regionID, in: transaction) == nil else {
            return
        }
        let message = Message("There is no region {id}.", ["id": regionID])
        throw ServiceError.invalid([Violation(field: "region_id", code: "unknown_region", message: message)])
    }
}
