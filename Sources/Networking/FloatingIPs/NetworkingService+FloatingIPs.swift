import Database
public import ServiceCore

extension NetworkingService {
    /// Floating IPs by address.
    /// - Throws: `ServiceError`: forbidden when all are asked for by others than administrators.
    public func floatingIPs(
        _ filter: FloatingIPFilter = FloatingIPFilter(), as context: RequestContext
    ) throws -> [FloatingIP] {
        guard mayLook(context) else { return [] }
        var projectID: String?
        switch filter.scope {
        case .everything: guard context.isAdmin else { throw ServiceError.forbidden(NetworkingPolicy.get) }
        case .project: projectID = try context.requireProject()
        }
        return try read { try floatingIPStore.list(filter, visibleTo: projectID, in: $0) }
    }

    /// - Throws: `ServiceError`: notFound.
    public func floatingIP(_ id: ID<FloatingIP>, as context: RequestContext) throws -> FloatingIP {
        try read { try visibleFloatingIP(id, context, $0) }
    }

    /// Takes an address of an external network, and leads it to a port if one is named.
    /// - Throws: `ServiceError`: invalid, notFound, forbidden, overQuota, conflict `ip_address_in_use`,
    ///   `ip_address_generation_failure`, and what ``associate(_:portID:fixedIP:as:)`` throws.
    public func createFloatingIP(_ new: NewFloatingIP, as context: RequestContext) throws -> FloatingIP {
        try write { try makeFloatingIP(new, context, $0) }
    }

    /// Takes all of several addresses, or none.
    /// - Throws: `ServiceError`, as ``createFloatingIP(_:as:)``.
    public func createFloatingIPs(_ all: [NewFloatingIP], as context: RequestContext) throws -> [FloatingIP] {
        try write { transaction in try all.map { try makeFloatingIP($0, context, transaction) } }
    }

    private func makeFloatingIP(
        _ new: NewFloatingIP, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> FloatingIP {
        let policy = NetworkingPolicy.policy
        try policy.require(NetworkingPolicy.createFloatingIP, context)
        if new.address?.isEmpty == false { try policy.require(NetworkingPolicy.floatingAddress, context) }
        let projectID = try owner(new.projectID, context)
        var faults = Faults()
        faults.checkLength(new.description, "description")
        try faults.throwIfAny()
        let network = try externalNetwork(new.networkID, context, transaction)
        try requireQuota(.floatingIP, adding: 1, projectID, transaction)
        let id = ID<FloatingIP>.random()
        let port = try floatingPort(of: id, on: network, new, transaction)
        guard let taken = port.fixedIPs.first else { throw Self.noFreeAddress(in: []) }
        let now = clock.now()
        var floatingIP = FloatingIP(
            id: id, projectID: projectID, description: new.description, address: taken.address,
            networkID: network.id, networkName: network.name, portID: port.id, association: nil, revision: 1,
            createdAt: now, updatedAt: now)
        if let portID = new.portID {
            floatingIP.association = try association(of: floatingIP, with: portID, new.fixedIP, context, transaction)
        }
        try floatingIPStore.insert(floatingIP, in: transaction)
        try changed(floatingIP, .created, [floatingIP.association], context, transaction)
        return floatingIP
    }

    /// Changes where a floating IP leads, and what is said of it.
    /// - Throws: `ServiceError`: conflict `revision_conflict`, and what ``associate(_:portID:fixedIP:as:)`` throws.
    public func updateFloatingIP(
        _ id: ID<FloatingIP>, _ update: FloatingIPUpdate, as context: RequestContext
    ) throws -> FloatingIP {
        var faults = Faults()
        faults.checkLength(update.description, "description")
        try faults.throwIfAny()
        return try change(id, context) { floatingIP, transaction in
            try requireRevision(update.revision, current: floatingIP.revision, floatingIP.address.description)
            floatingIP.description = update.description ?? floatingIP.description
            switch update.target {
            case nil: break
            case .nowhere: floatingIP.association = nil
            case .port(let portID, let fixedIP):
                floatingIP.association = try association(of: floatingIP, with: portID, fixedIP, context, transaction)
            case .address(let fixedIP):
                guard let portID = floatingIP.association?.portID else {
                    var faults = Faults()
                    faults.add(
                        Place("fixed_ip_address"), "fixed_ip_without_port",
                        "The floating IP leads to no port that could have the address {value}.", value: fixedIP)
                    throw ServiceError.invalid(faults.violations)
                }
                floatingIP.association = try association(of: floatingIP, with: portID, fixedIP, context, transaction)
            }
        }
    }

    /// Leads a floating IP to a port, from wherever it led before.
    /// - Parameter fixedIP: the port's address as typed, when it has more than one IPv4 address.
    /// - Throws: `ServiceError`: notFound (also `external_gateway_for_floating_ip_not_found`, when no router joins the
    ///   port's subnet to the external network), invalid, forbidden, conflict
    ///   `floating_ip_port_already_associated`.
    public func associate(
        _ id: ID<FloatingIP>, portID: ID<Port>, fixedIP: String? = nil, as context: RequestContext
    ) throws -> FloatingIP {
        try change(id, context) { floatingIP, transaction in
            floatingIP.association = try association(of: floatingIP, with: portID, fixedIP, context, transaction)
        }
    }

    /// Leads a floating IP nowhere. Repeatable.
    /// - Throws: `ServiceError`: notFound, forbidden.
    public func disassociate(_ id: ID<FloatingIP>, as context: RequestContext) throws -> FloatingIP {
        try change(id, context) { floatingIP, _ in floatingIP.association = nil }
    }

    /// - Throws: `ServiceError`: notFound, forbidden, invalid.
    public func describeFloatingIP(
        _ id: ID<FloatingIP>, _ description: String, as context: RequestContext
    ) throws -> FloatingIP {
        var faults = Faults()
        faults.checkLength(description, "description")
        try faults.throwIfAny()
        return try change(id, context) { floatingIP, _ in floatingIP.description = description }
    }

    /// Gives the address back.
    /// - Throws: `ServiceError`: notFound, forbidden.
    public func releaseFloatingIP(
        _ id: ID<FloatingIP>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let floatingIP = try visibleFloatingIP(id, context, transaction)
            try NetworkingPolicy.policy.require(NetworkingPolicy.deleteFloatingIP, context)
            try requireRevision(revision, current: floatingIP.revision, floatingIP.address.description)
            try release(floatingIP, context, transaction)
        }
    }

    /// Neutron's `delete_disassociated_floatingips`: addresses that lead nowhere do not keep their network.
    func releaseIdleFloatingIPs(
        of networkID: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        var filter = FloatingIPFilter()
        filter.networkID = networkID
        for floatingIP in try floatingIPStore.list(filter, visibleTo: nil, in: transaction)
        where floatingIP.association == nil {
            try release(floatingIP, context, transaction)
        }
    }

    private func release(
        _ floatingIP: FloatingIP, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        try floatingIPStore.delete(floatingIP.id, in: transaction)
        if let port = try portStore.find(floatingIP.portID, in: transaction) { try remove(port, transaction) }
        try changed(floatingIP, .deleted, [floatingIP.association], context, transaction)
    }

    /// Ports of the caller's project that a floating IP can lead to, now: what a form offers.
    /// - Throws: `ServiceError`: forbidden.
    public func floatingIPTargets(as context: RequestContext) throws -> [Port] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.get, context)
        let projectID = try context.requireProject()
        return try read { transaction in
            let routers = try routerStore.list(RouterFilter(), visibleTo: projectID, in: transaction)
            let interfaces = try routers.filter { $0.gateway != nil }.flatMap {
                try interfacePorts(of: $0.id, transaction)
            }
            let subnets = Set(interfaces.flatMap(\.fixedIPs).map(\.subnetID))
            let networks = Set(interfaces.map(\.networkID)).sorted { $0.text < $1.text }
            return try networks.flatMap {
                try portStore.list(PortFilter(networkID: $0), visibleTo: nil, in: transaction)
            }.filter { port in
                port.projectID == projectID && !DeviceOwner.isTrusted(port.deviceOwner)
                    && port.fixedIPs.contains { $0.address.version == .v4 && subnets.contains($0.subnetID) }
            }
        }
    }
}

extension NetworkingService {
    /// A floating IP the caller may see: its project's own, or any to an administrator.
    func visibleFloatingIP(
        _ id: ID<FloatingIP>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> FloatingIP {
        guard mayLook(context), let floatingIP = try floatingIPStore.find(id, in: transaction),
            context.canSee(projectID: floatingIP.projectID)
        else { throw ServiceError.notFound("Floating IP", id.text) }
        return floatingIP
    }

    private func change(
        _ id: ID<FloatingIP>, _ context: RequestContext,
        _ body: (inout FloatingIP, borrowing Transaction) throws -> Void
    ) throws -> FloatingIP {
        try write { transaction in
            let before = try visibleFloatingIP(id, context, transaction)
            try NetworkingPolicy.policy.require(NetworkingPolicy.updateFloatingIP, context)
            var floatingIP = before
            try body(&floatingIP, transaction)
            guard floatingIP != before else { return floatingIP }
            floatingIP.revision += 1
            floatingIP.updatedAt = clock.now()
            try floatingIPStore.update(floatingIP, in: transaction)
            try changed(floatingIP, .updated, [before.association, floatingIP.association], context, transaction)
            return floatingIP
        }
    }

    /// Floating IPs that led to addresses a port no longer has lead nowhere.
    /// - Parameter kept: the addresses that the port still has.
    func disassociate(
        from port: Port, keeping kept: [FixedIP] = [], _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        for var floatingIP in try floatingIPStore.list(ofPort: port.id, in: transaction) {
            let former = floatingIP.association
            if kept.contains(where: { $0.address == former?.fixedAddress }) { continue }
            floatingIP.association = nil
            floatingIP.revision += 1
            floatingIP.updatedAt = clock.now()
            try floatingIPStore.update(floatingIP, in: transaction)
            try changed(floatingIP, .updated, [former], context, transaction)
        }
    }

    private func floatingPort(
        of id: ID<FloatingIP>, on network: Network, _ new: NewFloatingIP, _ transaction: borrowing Transaction
    ) throws -> Port {
        let subnets = try subnetStore.list(of: network.id, in: transaction).filter {
            $0.version == .v4 && (new.subnetID == nil || new.subnetID == $0.id)
        }
        guard !subnets.isEmpty else {
            var faults = Faults()
            faults.add(
                Place("network_id"), "network_without_ipv4_subnet", "The network {value} has no IPv4 subnet.",
                value: network.displayName)
            throw ServiceError.invalid(faults.violations)
        }
        var port = try insertOwnPort(
            DeviceOwner.floatingIP, of: id.text, on: network, projectID: "", transaction)
        let recipient = AddressAllocator.Recipient(portID: port.id, macAddress: port.macAddress, isDHCP: false)
        let addressing = PortAddressing(allocator: allocator, subnets: subnets)
        if let address = new.address, !address.isEmpty {
            var faults = Faults()
            let wanted = faults.address(address, Place("floating_ip_address"))
            if let wanted, !subnets.contains(where: { $0.cidr.usable.contains(wanted) }) {
                faults.add(
                    Place("floating_ip_address"), "invalid_ip_for_subnet",
                    "{value} is not a usable address of a subnet of this network.", value: address)
            }
            try faults.throwIfAny()
            port.fixedIPs = try addressing.allocate([FixedIPInput(address: address)], for: recipient, in: transaction)
        } else {
            port.fixedIPs = try addressing.allocateDefault(for: recipient, in: transaction)
        }
        return port
    }

    private func changed(
        _ floatingIP: FloatingIP, _ what: ResourceEvent.Change, _ associations: [FloatingIP.Association?],
        _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        for routerID in Set(associations.compactMap { $0?.routerID }) {
            try routerStore.touch(routerID, at: clock.now(), in: transaction)
            try enqueueApply(routerID, context, transaction)
        }
        events.publish(
            ResourceEvent(kind: "floatingip", id: floatingIP.id.text, projectID: floatingIP.projectID, what: what),
            in: transaction)
    }
}
