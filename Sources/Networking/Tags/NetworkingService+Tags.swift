import Database
public import ServiceCore

/// What can be tagged.
public enum TaggedResource: Sendable, Hashable {
    case network(ID<Network>)
    case subnet(ID<Subnet>)
    case port(ID<Port>)
    case router(ID<NetworkRouter>)
    case floatingIP(ID<FloatingIP>)
    case securityGroup(ID<SecurityGroup>)
    case securityGroupRule(ID<SecurityGroupRule>)
    case subnetPool(ID<SubnetPool>)

    var id: String {
        switch self {
        case .network(let id): id.text
        case .subnet(let id): id.text
        case .port(let id): id.text
        case .router(let id): id.text
        case .floatingIP(let id): id.text
        case .securityGroup(let id): id.text
        case .securityGroupRule(let id): id.text
        case .subnetPool(let id): id.text
        }
    }
}

extension NetworkingService {
    /// The tags of a resource, sorted.
    /// - Throws: `ServiceError`: notFound.
    public func tags(of resource: TaggedResource, as context: RequestContext) throws -> [String] {
        try read { transaction in
            _ = try owner(of: resource, context, transaction)
            return try storedTags(of: resource, transaction)
        }
    }

    /// The tags of resources that the caller has seen already, by their ids: one statement for a list.
    /// - Throws: `ServiceError`.
    public func tags(ofVisible ids: [String]) throws -> [String: [String]] {
        try read { try tagStore.tags(of: ids, in: $0) }
    }

    /// Replaces the tags of a resource. A change of them is a change of the resource, as in neutron: its revision grows.
    /// - Throws: `ServiceError`: notFound, forbidden, invalid for tags that are empty or longer than 255 characters, and
    ///   for more than 50.
    public func setTags(_ tags: [String], of resource: TaggedResource, as context: RequestContext) throws {
        try requireTags(tags)
        try changeTags(of: resource, context) { transaction in
            try tagStore.replace(with: Set(tags).sorted(), of: resource.id, in: transaction)
        }
    }

    /// Adds a tag. Repeatable.
    /// - Throws: `ServiceError`: notFound, forbidden, invalid.
    public func addTag(_ tag: String, to resource: TaggedResource, as context: RequestContext) throws {
        try requireTags([tag])
        try changeTags(of: resource, context) { transaction in
            try tagStore.insert(tag, of: resource.id, in: transaction)
            try requireTags(storedTags(of: resource, transaction))
        }
    }

    /// Takes a tag away.
    /// - Throws: `ServiceError`: notFound, also when the resource has no such tag; forbidden.
    public func removeTag(_ tag: String, from resource: TaggedResource, as context: RequestContext) throws {
        try changeTags(of: resource, context) { transaction in
            guard try tagStore.delete(tag, of: resource.id, in: transaction) else {
                throw ServiceError.notFound("Tag", tag)
            }
        }
    }

    private func changeTags(
        of resource: TaggedResource, _ context: RequestContext, _ body: (borrowing Transaction) throws -> Void
    ) throws {
        try write { transaction in
            let owner = try owner(of: resource, context, transaction)
            try NetworkingPolicy.policy.require(NetworkingPolicy.tag, context)
            guard context.canSee(projectID: owner) else { throw ServiceError.forbidden(NetworkingPolicy.tag) }
            let before = try storedTags(of: resource, transaction)
            try body(transaction)
            if try storedTags(of: resource, transaction) != before { try touch(resource, transaction) }
        }
    }

    private func storedTags(of resource: TaggedResource, _ transaction: borrowing Transaction) throws -> [String] {
        try tagStore.tags(of: [resource.id], in: transaction)[resource.id] ?? []
    }

    private func touch(_ resource: TaggedResource, _ transaction: borrowing Transaction) throws {
        let now = clock.now()
        switch resource {
        case .network(let id): try networkStore.touch(id, at: now, in: transaction)
        case .subnet(let id): try subnetStore.touch(id, at: now, in: transaction)
        case .port(let id): try portStore.touch(id, at: now, in: transaction)
        case .router(let id): try routerStore.touch(id, at: now, in: transaction)
        case .floatingIP(let id): try floatingIPStore.touch(id, at: now, in: transaction)
        case .securityGroup(let id): try groupStore.touch(id, at: now, in: transaction)
        case .securityGroupRule(let id): try groupStore.touch(id, at: now, in: transaction)
        case .subnetPool(let id): try subnetPoolStore.touch(id, at: now, in: transaction)
        }
    }

    private func requireTags(_ tags: [String]) throws {
        var faults = Faults()
        for tag in tags {
            if tag.isEmpty || tag.contains(",") {
                faults.add(
                    Place("tags"), "invalid_tag", "'{value}' is no tag: a tag has characters and no comma.", value: tag)
            }
            faults.checkLength(tag, "tags")
        }
        if tags.count > Self.mostTags {
            faults.add(
                Place("tags"), "too_many_tags", "There are {value} entries; at most {limit} are allowed.",
                value: String(tags.count), ["limit": String(Self.mostTags)])
        }
        try faults.throwIfAny()
    }

    /// Neutron's limit for one resource.
    private static let mostTags = 50

    /// Whose a resource is that the caller may see.
    private func owner(
        of resource: TaggedResource, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> String {
        switch resource {
        case .network(let id): try visibleNetwork(id, context, transaction).projectID
        case .subnet(let id): try visibleSubnet(id, context, transaction).network.projectID
        case .port(let id): try visiblePort(id, context, transaction).projectID
        case .router(let id): try visibleRouter(id, context, transaction).projectID
        case .floatingIP(let id): try visibleFloatingIP(id, context, transaction).projectID
        case .securityGroup(let id): try visibleGroup(id, context, transaction).projectID
        case .securityGroupRule(let id): try visibleRule(id, context, transaction).rule.projectID
        case .subnetPool(let id): try visiblePool(id, context, transaction).projectID
        }
    }
}
