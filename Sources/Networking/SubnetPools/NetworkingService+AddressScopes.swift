import Database
public import ServiceCore

extension NetworkingService {
    /// Address scopes by name: the project's own and those that it may use; to administrators all.
    /// - Throws: `ServiceError`.
    public func addressScopes(as context: RequestContext) throws -> [AddressScope] {
        guard mayLook(context) else { return [] }
        let projectID = context.isAdmin ? nil : try context.requireProject()
        return try read { transaction in
            let shared = try projectID.map { try rbacStore.shared(.addressScope, with: $0, in: transaction) } ?? []
            return try subnetPoolStore.scopes(visibleTo: projectID, in: transaction).map { scope in
                scope.shown(sharedWithCaller: shared.contains(scope.id.text))
            }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func addressScope(_ id: ID<AddressScope>, as context: RequestContext) throws -> AddressScope {
        try read { try visibleScope(id, context, $0) }
    }

    /// - Throws: `ServiceError`: invalid, forbidden.
    public func createAddressScope(_ new: NewAddressScope, as context: RequestContext) throws -> AddressScope {
        try write { try makeScope(new, context, $0) }
    }

    /// Makes all of several scopes, or none.
    /// - Throws: `ServiceError`: invalid, forbidden.
    public func createAddressScopes(_ all: [NewAddressScope], as context: RequestContext) throws -> [AddressScope] {
        try write { transaction in try all.map { try makeScope($0, context, transaction) } }
    }

    private func makeScope(
        _ new: NewAddressScope, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> AddressScope {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createSubnetPool, context)
        if new.shared { try NetworkingPolicy.policy.require(NetworkingPolicy.shareSubnetPool, context) }
        let projectID = try owner(new.projectID, context)
        try requireName(new.name)
        let scope = AddressScope(
            id: .random(), projectID: projectID, name: new.name, version: new.version, shared: new.shared)
        try subnetPoolStore.insert(scope, in: transaction)
        return scope
    }

    /// - Parameters:
    ///   - name: nil leaves it alone.
    ///   - shared: true lets every project use it, which administrators alone may; that cannot be taken back here, only
    ///     by removing its RBAC policy. Nil leaves it alone.
    /// - Throws: `ServiceError`: notFound, forbidden, invalid.
    public func updateAddressScope(
        _ id: ID<AddressScope>, name: String? = nil, shared: Bool? = nil, as context: RequestContext
    ) throws -> AddressScope {
        if let name { try requireName(name) }
        return try write { transaction in
            let scope = try changeableScope(id, NetworkingPolicy.updateSubnetPool, context, transaction)
            if let name { try subnetPoolStore.rename(id, name, in: transaction) }
            if let shared, shared != scope.shared { try share(scope, shared, context, transaction) }
            return try subnetPoolStore.scope(id, in: transaction) ?? scope
        }
    }

    /// Neutron's AddressScopeUpdateError: others may have pools in it by now.
    private func share(
        _ scope: AddressScope, _ shared: Bool, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.shareSubnetPool, context)
        guard shared else {
            var faults = Faults()
            faults.add(
                Place("shared"), "address_scope_stays_shared", "The address scope {value} is shared and stays so.",
                value: scope.name)
            throw ServiceError.invalid(faults.violations)
        }
        let policy = RBACPolicy(
            id: .random(), projectID: scope.projectID, objectType: .addressScope, objectID: scope.id.text,
            targetProject: RBACPolicy.everybody, action: .shared)
        try rbacStore.insert(policy, in: transaction)
    }

    /// - Throws: `ServiceError`: notFound, forbidden, conflict `address_scope_in_use` while pools are in it.
    public func deleteAddressScope(_ id: ID<AddressScope>, as context: RequestContext) throws {
        try write { transaction in
            let scope = try changeableScope(id, NetworkingPolicy.deleteSubnetPool, context, transaction)
            guard try subnetPoolStore.list(ofScope: id, in: transaction).isEmpty else {
                throw ServiceError.conflict(
                    code: "address_scope_in_use",
                    Message("Subnet pools are in the address scope {name}.", ["name": scope.name]))
            }
            try subnetPoolStore.delete(id, in: transaction)
        }
    }

    func visibleScope(
        _ id: ID<AddressScope>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> AddressScope {
        let isShared = try rbacStore.isShared(.addressScope, id.text, with: context.projectID, in: transaction)
        guard mayLook(context), let scope = try subnetPoolStore.scope(id, in: transaction),
            isShared || context.canSee(projectID: scope.projectID)
        else { throw ServiceError.notFound("Address scope", id.text) }
        return scope.shown(sharedWithCaller: isShared)
    }

    private func changeableScope(
        _ id: ID<AddressScope>, _ rule: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> AddressScope {
        let scope = try visibleScope(id, context, transaction)
        try NetworkingPolicy.policy.require(rule, on: scope.projectID, context)
        return scope
    }

    private func requireName(_ name: String) throws {
        var faults = Faults()
        faults.checkLength(name, "name")
        try faults.throwIfAny()
    }
}
