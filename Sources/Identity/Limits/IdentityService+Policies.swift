import Database
public import ServiceCore

extension IdentityService {
    /// All policies that are kept here.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func policies(as context: RequestContext) throws -> [StoredPolicy] {
        try policy.require("identity:list_policies", context)
        return try read { try policyStore.policies(in: $0) }
    }

    /// One policy.
    /// - Throws: `ServiceError`.
    public func policy(_ id: String, as context: RequestContext) throws -> StoredPolicy {
        try policy.require("identity:list_policies", context)
        return try read { try known(policy: id, in: $0) }
    }

    /// Keeps a policy.
    /// - Throws: `ServiceError`.
    public func createPolicy(type: String, blob: String, as context: RequestContext) throws -> StoredPolicy {
        try policy.require("identity:change_policy", context)
        try IdentityRules.refuse(
            IdentityRules.text(type, field: "type") + IdentityRules.description(blob, field: "blob"))
        let new = StoredPolicy(id: RandomIdentifier.hexadecimal(), type: type, blob: blob)
        try write { try policyStore.insert(new, in: $0) }
        return new
    }

    /// Changes what is given of a policy.
    /// - Throws: `ServiceError`.
    public func updatePolicy(
        _ id: String, type: String? = nil, blob: String? = nil, as context: RequestContext
    ) throws -> StoredPolicy {
        try policy.require("identity:change_policy", context)
        try IdentityRules.refuse(
            IdentityRules.text(type, field: "type") + IdentityRules.description(blob, field: "blob"))
        return try write { transaction in
            let old = try known(policy: id, in: transaction)
            let new = StoredPolicy(id: id, type: type ?? old.type, blob: blob ?? old.blob)
            try policyStore.update(new, in: transaction)
            return new
        }
    }

    /// Forgets a policy.
    /// - Throws: `ServiceError`.
    public func deletePolicy(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:change_policy", context)
        try write { transaction in
            guard try policyStore.delete(policyID: id, in: transaction) else {
                throw ServiceError.notFound("Policy", id)
            }
        }
    }

    /// All endpoint groups.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func endpointGroups(as context: RequestContext) throws -> [EndpointGroup] {
        try policy.require("identity:list_endpoint_groups", context)
        return try read { try policyStore.endpointGroups(in: $0) }
    }

    /// One endpoint group.
    /// - Throws: `ServiceError`.
    public func endpointGroup(_ id: String, as context: RequestContext) throws -> EndpointGroup {
        try policy.require("identity:list_endpoint_groups", context)
        return try read { try known(endpointGroup: id, in: $0) }
    }

    /// Makes an endpoint group.
    /// - Throws: `ServiceError`; invalid for a filter there is not.
    public func createEndpointGroup(
        name: String, description: String?, filters: ExtraAttributes, as context: RequestContext
    ) throws -> EndpointGroup {
        try policy.require("identity:change_endpoint_group", context)
        let group = EndpointGroup(
            id: RandomIdentifier.hexadecimal(), name: name, description: description, filters: filters)
        try refuseBad(group)
        try write { try policyStore.insert(group, in: $0) }
        return group
    }

    /// Changes what is given of an endpoint group.
    /// - Throws: `ServiceError`.
    public func updateEndpointGroup(
        _ id: String, name: String? = nil, description: String?? = nil, filters: ExtraAttributes? = nil,
        as context: RequestContext
    ) throws -> EndpointGroup {
        try policy.require("identity:change_endpoint_group", context)
        return try write { transaction in
            let old = try known(endpointGroup: id, in: transaction)
            let new = EndpointGroup(
                id: id, name: name ?? old.name, description: description ?? old.description,
                filters: filters ?? old.filters)
            try refuseBad(new)
            try policyStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes an endpoint group.
    /// - Throws: `ServiceError`.
    public func deleteEndpointGroup(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:change_endpoint_group", context)
        try write { transaction in
            guard try policyStore.delete(endpointGroupID: id, in: transaction) else {
                throw ServiceError.notFound("Endpoint Group", id)
            }
        }
    }

    private func refuseBad(_ group: EndpointGroup) throws {
        var violations =
            IdentityRules.text(group.name, field: "name") + IdentityRules.description(group.description)
            + group.filters.violations
        let filters: Set<String> = ["service_id", "region_id", "interface"]
        if let unknown = group.filters.values.keys.filter({ !filters.contains($0) }).min() {
            let message = Message("There is no filter {name}.", ["name": unknown])
            violations.append(Violation(field: "filters", code: "unknown_filter", message: message))
        }
        try IdentityRules.refuse(violations)
    }

    private func known(policy id: String, in transaction: borrowing Transaction) throws -> StoredPolicy {
        guard let policy = try policyStore.policy(id: id, in: transaction) else {
            throw ServiceError.notFound("Policy", id)
        }
        return policy
    }

    func known(endpointGroup id: String, in transaction: borrowing Transaction) throws -> EndpointGroup {
        guard let group = try policyStore.endpointGroup(id: id, in: transaction) else {
            throw ServiceError.notFound("Endpoint Group", id)
        }
        return group
    }
}
