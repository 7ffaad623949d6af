import Database
public import ServiceCore

/// The owners' tags and key-value pairs, one by one.
extension ComputeService {
    /// An instance's tags, sorted.
    /// - Throws: `ServiceError`: notFound.
    public func tags(of id: ID<Instance>, as context: RequestContext) throws -> [String] {
        try ServiceError.wrapping {
            try database.read { transaction in
                _ = try tagged(id, for: ComputePolicy.get, as: context, in: transaction)
                return try lifecycle.tags.tags(of: id, in: transaction)
            }
        }
    }

    /// Gives an instance these tags and no others.
    /// - Throws: `ServiceError`: notFound; invalid with violations on tags.
    @discardableResult
    public func setTags(_ tags: [String], of id: ID<Instance>, as context: RequestContext) throws -> [String] {
        try changeTags(of: id, as: context) { $0 = tags }
    }

    /// Adds one tag.
    /// - Returns: whether it is new.
    /// - Throws: `ServiceError`: notFound; invalid with violations on tags.
    public func addTag(_ tag: String, to id: ID<Instance>, as context: RequestContext) throws -> Bool {
        var isNew = false
        try changeTags(of: id, as: context) { tags in
            isNew = !tags.contains(tag)
            if isNew { tags.append(tag) }
        }
        return isNew
    }

    /// Takes one tag away.
    /// - Throws: `ServiceError`: notFound when it is not there.
    public func removeTag(_ tag: String, from id: ID<Instance>, as context: RequestContext) throws {
        try changeTags(of: id, as: context) { tags in
            guard tags.contains(tag) else { throw ServiceError.notFound("Tag", tag) }
            tags.removeAll { $0 == tag }
        }
    }

    @discardableResult
    private func changeTags(
        of id: ID<Instance>, as context: RequestContext, _ change: (inout [String]) throws -> Void
    ) throws -> [String] {
        try ServiceError.wrapping {
            try database.write { transaction in
                let instance = try tagged(id, for: ComputePolicy.tags, as: context, in: transaction)
                var tags = try lifecycle.tags.tags(of: id, in: transaction)
                try change(&tags)
                let violations = TagRules.violations(in: tags)
                guard violations.isEmpty else { throw ServiceError.invalid(violations) }
                try lifecycle.tags.replace(tags, of: id, in: transaction)
                try lifecycle.update(instance, in: transaction) { _ in }
                return try lifecycle.tags.tags(of: id, in: transaction)
            }
        }
    }

    /// Whose instance it is, nova asks here without regard to who wants to know: others are forbidden, and not told that
    /// there is none.
    private func tagged(
        _ id: ID<Instance>, for rule: String, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> Instance {
        guard let instance = try lifecycle.instances.find(id, in: transaction), instance.state.vm != .deleted else {
            throw ServiceError.notFound("Instance", id.text)
        }
        try ComputePolicy.policy.require(rule, on: instance.projectID, context)
        return instance
    }

    /// Sets some key-value pairs and leaves the others.
    /// - Returns: all pairs.
    /// - Throws: `ServiceError`: invalid with violations on metadata; overQuota; conflict.
    @discardableResult
    public func mergeMetadata(
        _ pairs: [String: String], into id: ID<Instance>, as context: RequestContext
    ) throws -> [String: String] {
        let present = try instance(id, as: context).metadata
        return try setMetadata(present.merging(pairs) { $1 }, of: id, as: context).metadata
    }

    /// Takes one key-value pair away.
    /// - Throws: `ServiceError`: notFound when there is none with this key; conflict.
    public func removeMetadata(_ key: String, from id: ID<Instance>, as context: RequestContext) throws {
        var pairs = try instance(id, as: context).metadata
        try ComputePolicy.policy.require(InstanceAction.updateMetadata.rule, context)
        guard pairs.removeValue(forKey: key) != nil else { throw ServiceError.notFound("Metadata item", key) }
        try setMetadata(pairs, of: id, as: context)
    }
}

/// Changes to an instance; nil leaves a field alone.
public struct InstanceUpdate: Sendable {
    /// 1 to 255 characters.
    public var name: String?
    /// At most 255 characters; "" for none.
    public var description: String?
    /// An IPv4 address, "" for none.
    public var accessIPv4: String?
    /// An IPv6 address, "" for none.
    public var accessIPv6: String?
    /// Who sees to the disk's partitions.
    public var diskConfig: DiskConfig?
    /// The guest's host name.
    public var hostname: String?
    /// The zone it stays in when it is placed anew (microversion 2.104).
    public var pinnedZone: RebuildRequest.Change<String>?

    /// No change yet.
    public init() {}
}

extension ComputeService {
    /// Changes what can be changed about an instance at any time.
    /// - Throws: `ServiceError`: invalid with violations on name, description; notFound; conflict `zone_pinned` or
    ///   `other_zone`.
    @discardableResult
    public func update(_ id: ID<Instance>, _ update: InstanceUpdate, as context: RequestContext) throws -> Instance {
        try ServiceError.wrapping {
            let name = update.name.map(\.trimmed)
            let violations = [
                name.flatMap(LaunchRules.name), update.description.flatMap(LaunchRules.description),
            ].compactMap(\.self)
            guard violations.isEmpty else { throw ServiceError.invalid(violations) }
            try database.write { transaction in
                let instance = try visible(id, for: InstanceAction.rename.rule, as: context, in: transaction)
                if let change = update.pinnedZone { try pin(instance, change, in: transaction) }
                try lifecycle.update(instance, in: transaction) {
                    $0.name = name ?? $0.name
                    $0.description = update.description ?? $0.description
                    $0.accessIPv4 = update.accessIPv4 ?? $0.accessIPv4
                    $0.accessIPv6 = update.accessIPv6 ?? $0.accessIPv6
                    $0.diskConfig = update.diskConfig ?? $0.diskConfig
                    $0.hostname = update.hostname ?? $0.hostname
                }
            }
            return try instance(id, as: context)
        }
    }

    /// An instance that is free can be bound to the zone it is in, and one that is bound can be freed; nothing else.
    private func pin(
        _ instance: Instance, _ change: RebuildRequest.Change<String>, in transaction: borrowing Transaction
    ) throws {
        guard case .set(let zone) = change else {
            return try lifecycle.specs.setZone(nil, of: instance.id, in: transaction)
        }
        if let pinned = try lifecycle.specs.find(instance.id, in: transaction)?.requestedZone {
            guard zone != pinned else { return }
            throw ServiceError.conflict(
                code: "zone_pinned",
                Message("The instance is bound to the availability zone {zone}. Free it first.", ["zone": pinned]))
        }
        guard instance.isOnHost, zone == instance.availabilityZone else {
            throw ServiceError.conflict(
                code: "other_zone",
                Message("An instance can only be bound to the availability zone that it is in."))
        }
        try lifecycle.specs.setZone(zone, of: instance.id, in: transaction)
    }
}
