import Database
public import ServiceCore

extension ComputeService {
    /// All host aggregates, by name.
    /// - Throws: `ServiceError`.
    public func aggregates(as context: RequestContext) throws -> [Aggregate] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.aggregates, context)
            return try database.read { try aggregates.all(in: $0) }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func aggregate(_ id: Int, as context: RequestContext) throws -> Aggregate {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.aggregates, context)
            return try database.read { try find(aggregate: id, in: $0) }
        }
    }

    /// Makes an aggregate.
    /// - Parameters:
    ///   - zone: the availability zone its hosts shall be; nil or empty for none.
    ///   - hosts: the first ones.
    /// - Throws: `ServiceError`: invalid with violations on name, availability_zone, hosts; conflict when the name is
    ///   taken, and as ``setAggregateHosts``.
    @discardableResult
    public func createAggregate(
        named name: String, availabilityZone zone: String? = nil, hosts: [String] = [], as context: RequestContext
    ) throws -> Aggregate {
        try changing(as: context) { transaction in
            let (name, zone) = (name.trimmed, zone?.trimmed.nonEmpty)
            let violations = [AggregateRules.name(name), zone.flatMap { AggregateRules.zone($0) }]
            try refuse(violations)
            try requireFree(name, but: nil, in: transaction)
            let id = try aggregates.insert(name, at: clock.now(), in: transaction)
            if let zone { try aggregates.setMetadata([Aggregate.zoneKey: zone], of: id, in: transaction) }
            try put(hosts, into: find(aggregate: id, in: transaction), in: transaction)
            return try find(aggregate: id, in: transaction)
        }
    }

    /// Changes name and zone. A zone can be changed but not be taken away, as in nova.
    /// - Throws: `ServiceError`: notFound; invalid with violations on name, availability_zone; conflict when the name is
    ///   taken, when a host would be in two zones, or when instances are where the zone would change.
    @discardableResult
    public func updateAggregate(
        _ id: Int, name: String, availabilityZone zone: String?, as context: RequestContext
    ) throws -> Aggregate {
        try changing(as: context) { transaction in
            let aggregate = try find(aggregate: id, in: transaction)
            let name = name.trimmed
            let zone = zone?.trimmed ?? ""
            let isEmptied = zone.isEmpty && aggregate.availabilityZone != nil
            let zoneFault = zone.isEmpty && !isEmptied ? nil : AggregateRules.zone(zone)
            try refuse([AggregateRules.name(name), zoneFault])
            try requireFree(name, but: id, in: transaction)
            try aggregates.rename(id, name, in: transaction)
            if let zone = zone.nonEmpty, zone != aggregate.availabilityZone {
                try requireSafe(zone: zone, for: aggregate.hosts, of: aggregate, in: transaction)
                let metadata = aggregate.metadata.merging([Aggregate.zoneKey: zone]) { $1 }
                try aggregates.setMetadata(metadata, of: id, in: transaction)
            }
            return try touched(id, in: transaction)
        }
    }

    /// Replaces the metadata. Without `availability_zone` the hosts fall back to the cloud's own zone.
    /// - Throws: `ServiceError`: notFound; invalid with violations on metadata.<key>; conflict as for ``updateAggregate``.
    @discardableResult
    public func setAggregateMetadata(
        _ metadata: [String: String], of id: Int, as context: RequestContext
    ) throws -> Aggregate {
        try changing(as: context) { transaction in
            let aggregate = try find(aggregate: id, in: transaction)
            try refuse(AggregateRules.metadata(metadata))
            let zone = metadata[Aggregate.zoneKey]
            if zone != aggregate.availabilityZone {
                try requireSafe(zone: zone, for: aggregate.hosts, of: aggregate, in: transaction)
            }
            try aggregates.setMetadata(metadata, of: id, in: transaction)
            return try touched(id, in: transaction)
        }
    }

    /// Makes exactly these hosts the aggregate's, or changes nothing.
    /// - Throws: `ServiceError`: notFound; invalid with a violation on hosts when one is not a compute host; conflict when
    ///   a host would be in two zones, or when instances are where the zone would change.
    @discardableResult
    public func setAggregateHosts(
        _ hosts: [String], of id: Int, as context: RequestContext
    ) throws -> Aggregate {
        try changing(as: context) { transaction in
            try put(hosts, into: find(aggregate: id, in: transaction), in: transaction)
            return try touched(id, in: transaction)
        }
    }

    /// Adds one host.
    /// - Throws: `ServiceError`: conflict when it is in the aggregate already; as ``setAggregateHosts``.
    @discardableResult
    public func addHost(_ host: String, toAggregate id: Int, as context: RequestContext) throws -> Aggregate {
        let aggregate = try aggregate(id, as: context)
        guard !aggregate.hosts.contains(host) else {
            throw ServiceError.conflict(
                code: "host_exists",
                Message(
                    "The host {host} is in the aggregate {name} already.", ["host": host, "name": aggregate.name]))
        }
        return try setAggregateHosts(aggregate.hosts + [host], of: id, as: context)
    }

    /// Removes one host.
    /// - Throws: `ServiceError`: notFound when it is not in the aggregate; as ``setAggregateHosts``.
    @discardableResult
    public func removeHost(_ host: String, fromAggregate id: Int, as context: RequestContext) throws -> Aggregate {
        let aggregate = try aggregate(id, as: context)
        guard aggregate.hosts.contains(host) else { throw ServiceError.notFound("Host", host) }
        return try setAggregateHosts(aggregate.hosts.filter { $0 != host }, of: id, as: context)
    }

    /// Deletes an aggregate that has no hosts.
    /// - Throws: `ServiceError`: notFound; conflict while it has hosts.
    public func deleteAggregate(_ id: Int, as context: RequestContext) throws {
        try changing(as: context) { transaction in
            guard try find(aggregate: id, in: transaction).hosts.isEmpty else {
                throw ServiceError.conflict(
                    code: "aggregate_in_use",
                    Message("The host aggregate has hosts. Remove them before you delete it."))
            }
            try aggregates.delete(id, in: transaction)
        }
    }
}

extension ComputeService {
    private func changing<T>(
        as context: RequestContext, _ body: (borrowing Transaction) throws -> T
    ) throws -> T {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.aggregates, context)
            return try database.write { try body($0) }
        }
    }

    private func find(aggregate id: Int, in transaction: borrowing Transaction) throws -> Aggregate {
        guard let aggregate = try aggregates.find(id, in: transaction) else {
            throw ServiceError.notFound("Host aggregate", "\(id)")
        }
        return aggregate
    }

    private func touched(_ id: Int, in transaction: borrowing Transaction) throws -> Aggregate {
        try aggregates.touch(id, at: clock.now(), in: transaction)
        return try find(aggregate: id, in: transaction)
    }

    private func put(
        _ hosts: [String], into aggregate: Aggregate, in transaction: borrowing Transaction
    ) throws {
        let known = Set(
            try serviceRecords.all(at: clock.now(), in: transaction)
                .filter { $0.binary == ServiceRecord.compute }.map(\.host))
        let added = Set(hosts).subtracting(aggregate.hosts).sorted()
        let removed = aggregate.hosts.filter { !hosts.contains($0) }
        try refuse(
            added.filter { !known.contains($0) }.map {
                Violation(
                    field: "hosts", code: "not_found",
                    message: Message("There is no compute host {host}.", ["host": $0]), value: $0)
            })
        if let zone = aggregate.availabilityZone {
            try requireSafe(zone: zone, for: added, of: aggregate, in: transaction)
            try requireSafe(zone: nil, for: removed, of: aggregate, in: transaction)
        }
        for host in added { try aggregates.addHost(host, to: aggregate.id, in: transaction) }
        for host in removed { try aggregates.removeHost(host, from: aggregate.id, in: transaction) }
    }

    private func refuse(_ violations: [Violation?]) throws {
        let violations = violations.compactMap(\.self)
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
    }

    private func requireFree(_ name: String, but id: Int?, in transaction: borrowing Transaction) throws {
        let isTaken = try aggregates.all(in: transaction).contains {
            $0.id != id && $0.name.lowercased() == name.lowercased()
        }
        guard !isTaken else {
            throw ServiceError.conflict(
                code: "aggregate_exists",
                Message("A host aggregate named {name} exists already.", ["name": name]))
        }
    }

    /// nova's `is_safe_to_update_az`: no host is in two zones, and no instance changes its zone under its owner.
    private func requireSafe(
        zone: String?, for hosts: [String], of aggregate: Aggregate, in transaction: borrowing Transaction
    ) throws {
        if let zone {
            for other in try aggregates.all(in: transaction) where other.id != aggregate.id {
                guard let its = other.availabilityZone, its != zone,
                    let host = hosts.first(where: { other.hosts.contains($0) })
                else { continue }
                throw ServiceError.conflict(
                    code: "host_in_other_zone",
                    Message(
                        "The host {host} is in the availability zone {zone} already, by the aggregate {name}.",
                        ["host": host, "zone": its, "name": other.name]))
            }
        }
        let present = try aggregates.zones(in: transaction)
        let fallback = work.configuration.availabilityZone
        for host in hosts where (present[host] ?? fallback) != zone ?? fallback {
            guard try lifecycle.instances.isUsed(host: host, in: transaction) else { continue }
            throw ServiceError.conflict(
                code: "zone_in_use",
                Message(
                    "There are instances on the host {host}; its availability zone cannot change.", ["host": host]))
        }
    }
}

extension String {
    /// Nil when empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}
