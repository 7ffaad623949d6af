import Database
public import ServiceCore

/// Neutron's lists: what a project sees, to administrators everything, by any attribute. Each takes a constant number of
/// statements.
extension NetworkingService {
    /// - Throws: `ServiceError`: invalid for an attribute that is none or a value that cannot be; notFound for a marker
    ///   that is none; forbidden for attributes that only administrators know. So do all of these.
    public func networks(_ listing: Listing, as context: RequestContext) throws -> [Network] {
        if listing.attributes.contains(where: { $0.hasPrefix("provider:") }) {
            try NetworkingPolicy.policy.require(NetworkingPolicy.provider, context)
        }
        return try listed(context) { projectID, transaction in
            let networks = try networkStore.list(listing, visibleTo: projectID, in: transaction)
            let shared = try projectID.map { try rbacStore.shared(.network, with: $0, in: transaction) } ?? []
            return networks.map { shown($0, sharedWithCaller: shared.contains($0.id.text), to: context) }
        }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func subnets(_ listing: Listing, as context: RequestContext) throws -> [Subnet] {
        try listed(context) { try subnetStore.list(listing, visibleTo: $0, in: $1) }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func ports(_ listing: Listing, as context: RequestContext) throws -> [Port] {
        if listing.attributes.contains("binding:host_id") {
            try NetworkingPolicy.policy.require(NetworkingPolicy.getBinding, context)
        }
        return try listed(context) { try portStore.list(listing, visibleTo: $0, in: $1) }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func routers(_ listing: Listing, as context: RequestContext) throws -> [NetworkRouter] {
        try listed(context) { try routerStore.list(listing, visibleTo: $0, in: $1) }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func floatingIPs(_ listing: Listing, as context: RequestContext) throws -> [FloatingIP] {
        try listed(context) { try floatingIPStore.list(listing, visibleTo: $0, in: $1) }
    }

    /// The caller's default group is made when there is none, as in neutron.
    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func securityGroups(_ listing: Listing, as context: RequestContext) throws -> [SecurityGroup] {
        if let projectID = context.projectID { try ensureDefaultGroup(of: projectID) }
        return try listed(context) { try groupStore.list(listing, visibleTo: $0, in: $1) }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func securityGroupRules(_ listing: Listing, as context: RequestContext) throws -> [SecurityGroupRule] {
        if let projectID = context.projectID { try ensureDefaultGroup(of: projectID) }
        return try listed(context) { try groupStore.rules(listing, visibleTo: $0, in: $1) }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func subnetPools(_ listing: Listing, as context: RequestContext) throws -> [SubnetPool] {
        try listed(context) { projectID, transaction in
            let shared = try projectID.map { try rbacStore.shared(.subnetPool, with: $0, in: transaction) } ?? []
            return try subnetPoolStore.list(listing, visibleTo: projectID, in: transaction).map {
                $0.shown(sharedWithCaller: shared.contains($0.id.text))
            }
        }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func addressScopes(_ listing: Listing, as context: RequestContext) throws -> [AddressScope] {
        try listed(context) { projectID, transaction in
            let shared = try projectID.map { try rbacStore.shared(.addressScope, with: $0, in: transaction) } ?? []
            return try subnetPoolStore.scopes(listing, visibleTo: projectID, in: transaction).map {
                $0.shown(sharedWithCaller: shared.contains($0.id.text))
            }
        }
    }

    /// - Throws: `ServiceError`, as ``networks(_:as:)``.
    public func rbacPolicies(_ listing: Listing, as context: RequestContext) throws -> [RBACPolicy] {
        try listed(context) { try rbacStore.list(listing, visibleTo: $0, in: $1) }
    }

    private func listed<Item>(
        _ context: RequestContext, _ body: (String?, borrowing Transaction) throws -> [Item]
    ) throws -> [Item] {
        guard mayLook(context) else { return [] }
        let projectID = context.isAdmin ? nil : try context.requireProject()
        return try read { try body(projectID, $0) }
    }
}

extension Listing {
    /// All attributes that it names.
    fileprivate var attributes: [String] { filters.map(\.attribute) + sort.map(\.attribute) }
}
