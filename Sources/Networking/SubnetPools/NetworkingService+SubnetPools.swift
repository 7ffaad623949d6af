import Database
public import ServiceCore

extension NetworkingService {
    /// Subnet pools by name: the project's own and those that it may use; to administrators all.
    /// - Throws: `ServiceError`.
    public func subnetPools(as context: RequestContext) throws -> [SubnetPool] {
        guard mayLook(context) else { return [] }
        let projectID = context.isAdmin ? nil : try context.requireProject()
        return try read { transaction in
            let shared = try projectID.map { try rbacStore.shared(.subnetPool, with: $0, in: transaction) } ?? []
            return try subnetPoolStore.list(visibleTo: projectID, in: transaction).map { pool in
                pool.shown(sharedWithCaller: shared.contains(pool.id.text))
            }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func subnetPool(_ id: ID<SubnetPool>, as context: RequestContext) throws -> SubnetPool {
        try read { try visiblePool(id, context, $0) }
    }

    /// - Throws: `ServiceError`: invalid with every fault by neutron's field names, notFound, forbidden, overQuota,
    ///   conflict `default_subnet_pool_exists`, `address_scope_prefix_conflict`.
    public func createSubnetPool(_ new: NewSubnetPool, as context: RequestContext) throws -> SubnetPool {
        try write { try makePool(new, context, $0) }
    }

    /// Makes all of several pools, or none.
    /// - Throws: `ServiceError`, as ``createSubnetPool(_:as:)``.
    public func createSubnetPools(_ all: [NewSubnetPool], as context: RequestContext) throws -> [SubnetPool] {
        try write { transaction in try all.map { try makePool($0, context, transaction) } }
    }

    private func makePool(
        _ new: NewSubnetPool, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SubnetPool {
        let policy = NetworkingPolicy.policy
        try policy.require(NetworkingPolicy.createSubnetPool, context)
        if new.shared || new.isDefault { try policy.require(NetworkingPolicy.shareSubnetPool, context) }
        let projectID = try owner(new.projectID, context)
        var checker = SubnetPoolChecker()
        checker.faults.checkLength(new.name, "name")
        checker.faults.checkLength(new.description, "description")
        let prefixes = checker.prefixes(new.prefixes)
        let version = prefixes.first?.version ?? .v4
        let lengths = checker.lengths(
            min: new.minPrefixLength, max: new.maxPrefixLength, standard: new.defaultPrefixLength, present: nil,
            version)
        let quota = checker.quota(new.defaultQuota)
        try checker.faults.throwIfAny()
        try requireQuota(.subnetPool, adding: 1, projectID, transaction)
        let now = clock.now()
        let pool = SubnetPool(
            id: .random(), projectID: projectID, name: new.name, description: new.description, version: version,
            prefixes: prefixes, lengths: lengths, shared: new.shared, isDefault: new.isDefault,
            defaultQuota: quota, addressScopeID: new.addressScopeID, revision: 1, createdAt: now, updatedAt: now)
        try requireFitting(pool, context, transaction)
        try subnetPoolStore.insert(pool, in: transaction)
        return pool
    }

    /// - Throws: `ServiceError`: invalid (also for prefixes that leave out some the pool has), notFound, forbidden,
    ///   conflict `revision_conflict`, `default_subnet_pool_exists`, `address_scope_prefix_conflict`.
    public func updateSubnetPool(
        _ id: ID<SubnetPool>, _ update: SubnetPoolUpdate, as context: RequestContext
    ) throws -> SubnetPool {
        try write { transaction in
            var pool = try changeablePool(id, NetworkingPolicy.updateSubnetPool, context, transaction)
            try requireRevision(update.revision, current: pool.revision, pool.displayName)
            if let isDefault = update.isDefault, isDefault != pool.isDefault {
                try NetworkingPolicy.policy.require(NetworkingPolicy.shareSubnetPool, context)
            }
            try apply(update, to: &pool)
            try requireFitting(pool, context, transaction)
            pool.revision += 1
            pool.updatedAt = clock.now()
            try subnetPoolStore.update(pool, in: transaction)
            return pool
        }
    }

    /// - Throws: `ServiceError`: notFound, forbidden, conflict `subnet_pool_in_use` while subnets are cut from it.
    public func deleteSubnetPool(
        _ id: ID<SubnetPool>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let pool = try changeablePool(id, NetworkingPolicy.deleteSubnetPool, context, transaction)
            try requireRevision(revision, current: pool.revision, pool.displayName)
            guard try subnetPoolStore.taken(from: id, in: transaction).isEmpty else {
                throw ServiceError.conflict(
                    code: "subnet_pool_in_use",
                    Message("Subnets are cut from the pool {name}.", ["name": pool.displayName]))
            }
            try subnetPoolStore.delete(id, in: transaction)
        }
    }
}

extension NetworkingService {
    func visiblePool(
        _ id: ID<SubnetPool>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SubnetPool {
        let isShared = try rbacStore.isShared(.subnetPool, id.text, with: context.projectID, in: transaction)
        guard mayLook(context), let pool = try subnetPoolStore.find(id, in: transaction),
            isShared || context.canSee(projectID: pool.projectID)
        else { throw ServiceError.notFound("Subnet pool", id.text) }
        return pool.shown(sharedWithCaller: isShared)
    }

    private func changeablePool(
        _ id: ID<SubnetPool>, _ rule: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SubnetPool {
        let pool = try visiblePool(id, context, transaction)
        try NetworkingPolicy.policy.require(rule, on: pool.projectID, context)
        return pool
    }

    private func apply(_ update: SubnetPoolUpdate, to pool: inout SubnetPool) throws {
        var checker = SubnetPoolChecker()
        checker.faults.checkLength(update.name, "name")
        checker.faults.checkLength(update.description, "description")
        if let inputs = update.prefixes {
            let prefixes = checker.prefixes(inputs)
            let whole = SubnetPoolAllocation(prefixes: prefixes, taken: [])
            // Neutron's IllegalSubnetPoolPrefixUpdate.
            for prefix in pool.prefixes where checker.faults.violations.isEmpty && !whole.contains(prefix) {
                checker.faults.add(
                    Place("prefixes"), "prefix_removed", "The pool has {value}, which cannot be taken out.",
                    value: prefix.description)
            }
            pool.prefixes = prefixes
        }
        pool.lengths = checker.lengths(
            min: update.minPrefixLength, max: update.maxPrefixLength, standard: update.defaultPrefixLength,
            present: pool.lengths, pool.version)
        if let quota = update.defaultQuota { pool.defaultQuota = checker.quota(quota) }
        try checker.faults.throwIfAny()
        pool.name = update.name ?? pool.name
        pool.description = update.description ?? pool.description
        pool.isDefault = update.isDefault ?? pool.isDefault
        switch update.scope {
        case .scope(let id): pool.addressScopeID = id
        case .noScope: pool.addressScopeID = nil
        case nil: break
        }
    }

    /// There is one default pool of a version, and the pools of a scope do not overlap.
    private func requireFitting(
        _ pool: SubnetPool, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        if pool.isDefault, let other = try subnetPoolStore.standard(pool.version, in: transaction),
            other.id != pool.id
        {
            throw ServiceError.conflict(
                code: "default_subnet_pool_exists",
                Message("The pool {name} is the default already.", ["name": other.displayName]))
        }
        guard let scopeID = pool.addressScopeID else { return }
        let scope = try visibleScope(scopeID, context, transaction)
        var faults = Faults()
        if scope.version != pool.version {
            faults.add(
                Place("address_scope_id"), "scope_of_other_version", "The address scope {value} is {version}.",
                value: scope.name, ["version": scope.version.name])
        }
        try faults.throwIfAny()
        for other in try subnetPoolStore.list(ofScope: scopeID, in: transaction) where other.id != pool.id {
            guard other.prefixes.contains(where: { theirs in pool.prefixes.contains { $0.overlaps(theirs) } }) else {
                continue
            }
            throw ServiceError.conflict(
                code: "address_scope_prefix_conflict",
                Message(
                    "The pool {name} of the same address scope has some of these addresses.",
                    ["name": other.displayName]))
        }
    }
}

/// Cutting a subnet from a pool.
extension NetworkingService {
    /// The subnet that is wanted with an address block of its pool, if it asks for a pool.
    /// - Throws: `ServiceError`: notFound, invalid on `prefixlen`, `cidr`, `allocation_pools`, conflict
    ///   `subnet_pool_exhausted`, `subnet_pool_quota_exceeded`.
    func cut(
        _ new: NewSubnet, projectID: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> NewSubnet {
        guard let pool = try pool(for: new, context, transaction) else { return new }
        let taken = try subnetPoolStore.taken(from: pool.id, in: transaction)
        let room = SubnetPoolAllocation(prefixes: pool.prefixes, taken: taken.map(\.cidr))
        var checker = SubnetPoolChecker()
        let typed = new.cidr.isEmpty ? nil : checker.faults.cidr(new.cidr, Place("cidr"))
        let length =
            typed?.prefix ?? checker.length(new.prefixLength, "prefixlen", pool.version)
            ?? pool.lengths.standard
        requireLength(length, of: pool, typed == nil ? "prefixlen" : "cidr", &checker.faults)
        if new.cidr.isEmpty, !new.allocationPools.isEmpty {
            checker.faults.add(
                Place("allocation_pools"), "pools_without_cidr",
                "Allocation pools can be given only together with a network address.", value: "")
        }
        if let typed, !room.contains(typed) {
            checker.faults.add(
                Place("cidr"), "cidr_outside_pool", "{value} is not part of the pool {pool}.", value: new.cidr,
                ["pool": pool.displayName])
        }
        try checker.faults.throwIfAny()
        if let typed, room.taken.contains(where: { $0.overlaps(typed) }) { throw Self.exhausted(pool, typed.prefix) }
        guard let cidr = typed ?? room.firstFree(length: length) else { throw Self.exhausted(pool, length) }
        if let quota = pool.defaultQuota {
            let own = taken.filter { $0.projectID == projectID }.map(\.cidr)
            guard SubnetPoolAllocation.units(own + [cidr]) <= UInt128(quota) else {
                throw ServiceError.conflict(
                    code: "subnet_pool_quota_exceeded",
                    Message("The project may take no more from the pool {name}.", ["name": pool.displayName]))
            }
        }
        var subnet = new
        subnet.cidr = cidr.description
        subnet.subnetPoolID = pool.id
        return subnet
    }

    /// The pool that a subnet is to be cut from, if it is to be cut from one.
    private func pool(
        for new: NewSubnet, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SubnetPool? {
        if let id = new.subnetPoolID { return try visiblePool(id, context, transaction) }
        guard new.usesDefaultPool else { return nil }
        if let pool = try subnetPoolStore.standard(new.version ?? .v4, in: transaction) { return pool }
        var faults = Faults()
        faults.add(
            Place("use_default_subnetpool"), "no_default_subnet_pool", "There is no default subnet pool of {value}.",
            value: (new.version ?? .v4).name)
        throw ServiceError.invalid(faults.violations)
    }

    private func requireLength(_ length: Int, of pool: SubnetPool, _ field: String, _ faults: inout Faults) {
        guard !(pool.lengths.min...pool.lengths.max).contains(length) else { return }
        faults.add(
            Place(field), "prefix_length_outside_pool", "Subnets of this pool have prefix lengths from {min} to {max}.",
            value: String(length), ["min": String(pool.lengths.min), "max": String(pool.lengths.max)])
    }

    private static func exhausted(_ pool: SubnetPool, _ length: Int) -> ServiceError {
        .conflict(
            code: "subnet_pool_exhausted",
            Message(
                "The pool {name} has no room for a subnet of prefix length {length}.",
                ["name": pool.displayName, "length": String(length)]))
    }
}
