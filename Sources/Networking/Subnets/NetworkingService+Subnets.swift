import Database
public import ServiceCore

extension NetworkingService {
    /// The subnets of a network, in the order they were made.
    /// - Throws: `ServiceError`: notFound.
    public func subnets(of networkID: ID<Network>, as context: RequestContext) throws -> [Subnet] {
        try read { transaction in
            _ = try visibleNetwork(networkID, context, transaction)
            return try subnetStore.list(of: networkID, in: transaction)
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func subnet(_ id: ID<Subnet>, as context: RequestContext) throws -> Subnet {
        try read { try visibleSubnet(id, context, $0).subnet }
    }

    /// Adds a subnet; with DHCP the network's DHCP server gets the lowest free address of it.
    /// - Throws: `ServiceError`: invalid with every fault, notFound, forbidden, overQuota, conflict
    ///   `subnet_pool_exhausted`, `subnet_pool_quota_exceeded`.
    public func createSubnet(
        _ new: NewSubnet, on networkID: ID<Network>, as context: RequestContext
    ) throws -> Subnet {
        try write { try makeSubnet(new, on: networkID, context, $0) }
    }

    /// Adds all of several subnets, or none.
    /// - Throws: `ServiceError`, as ``createSubnet(_:on:as:)``.
    public func createSubnets(
        _ all: [(new: NewSubnet, networkID: ID<Network>)], as context: RequestContext
    ) throws -> [Subnet] {
        try write { transaction in try all.map { try makeSubnet($0.new, on: $0.networkID, context, transaction) } }
    }

    private func makeSubnet(
        _ new: NewSubnet, on networkID: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Subnet {
        let network = try extensibleNetwork(networkID, NetworkingPolicy.createSubnet, context, transaction)
        var faults = Faults()
        let rules = SubnetRules(configuration: configuration)
        let wanted = try cut(new, projectID: network.projectID, context, transaction)
        let checked = rules.content(of: wanted, siblings: network.subnets, &faults)
        let content = try faults.faultless(checked)
        try requireSamePool(content, on: networkID, transaction)
        let subnet = try addSubnet(content, to: network, transaction)
        try addSelfConfigured(of: subnet, on: network, context, transaction)
        try networkStore.touch(networkID, at: clock.now(), in: transaction)
        try changed(network, .updated, context, transaction)
        return subnet
    }

    /// Changes a subnet. Pools are given as a set, and rows stay for those that keep some of their addresses; shrinking
    /// them below allocated addresses is allowed, the ports keep their addresses (``addressesOutsidePools(of:as:)``
    /// names them).
    /// - Throws: `ServiceError`: invalid with every fault, notFound, forbidden, conflict `revision_conflict`,
    ///   `gateway_ip_in_use` when a router has the gateway's address, `ip_address_generation_failure` when DHCP is
    ///   enabled on a full subnet.
    public func updateSubnet(
        _ id: ID<Subnet>, _ update: SubnetUpdate, as context: RequestContext
    ) throws -> Subnet {
        try write { transaction in
            let (current, network) = try changeableSubnet(id, NetworkingPolicy.updateSubnet, context, transaction)
            try requireRevision(update.revision, current: current.revision, current.displayName)
            var faults = Faults()
            let rules = SubnetRules(configuration: configuration)
            let content = rules.content(of: current, applying: update, &faults)
            try faults.throwIfAny()
            if content.gateway != current.gateway { try requireGatewayUnused(current, transaction) }
            var subnet = current.having(content, at: clock.now())
            try subnetStore.update(subnet, in: transaction)
            // Forms send the pools whether they have changed or not.
            if update.allocationPools != nil {
                subnet.pools = try poolStore.change(current.pools, to: content.pools, of: id, in: transaction)
            }
            try networkStore.touch(network.id, at: subnet.updatedAt, in: transaction)
            guard !subnet.isServed(as: current) else {
                events.publish(.change(of: network), in: transaction)
                return subnet
            }
            try arrangeDHCP(on: network, transaction)
            try changed(network, .updated, context, transaction)
            try applyRouters(on: network.id, context, transaction)
            return subnet
        }
    }

    /// Deletes a subnet; the DHCP server's address of it goes with it.
    /// - Throws: `ServiceError`: notFound, forbidden, conflict `subnet_in_use` when other ports have addresses of it.
    public func deleteSubnet(
        _ id: ID<Subnet>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let (subnet, network) = try changeableSubnet(id, NetworkingPolicy.deleteSubnet, context, transaction)
            try requireRevision(revision, current: subnet.revision, subnet.displayName)
            let isOwn = subnet.ipv6Mode?.isSelfConfigured == true
            let ports = try portStore.ordinaryPorts(onSubnet: id, routersOnly: isOwn, limit: 4, in: transaction)
            guard ports.isEmpty else {
                throw ServiceError.conflict(
                    code: "subnet_in_use",
                    Message(
                        "Ports have addresses of the subnet {name}: {ports}. Delete the instances or ports first.",
                        ["name": subnet.displayName, "ports": Self.listed(ports)]))
            }
            try arrangeDHCP(on: network, without: id, transaction)
            if isOwn { try releaseAddresses(of: subnet, transaction) }
            try subnetStore.delete(id, in: transaction)
            try networkStore.touch(network.id, at: clock.now(), in: transaction)
            try changed(network, .updated, context, transaction)
        }
    }

    /// Neutron's GatewayIpInUse: the address by which guests know their router is the router's.
    private func requireGatewayUnused(_ subnet: Subnet, _ transaction: borrowing Transaction) throws {
        guard let gateway = subnet.gateway,
            let port = try routerStore.port(with: gateway, on: subnet.networkID, in: transaction)
        else { return }
        throw ServiceError.conflict(
            code: "gateway_ip_in_use",
            Message(
                "The gateway {address} is in use by the router port {port}.",
                ["address": gateway.description, "port": port.text]))
    }

    /// Neutron's NetworkSubnetPoolAffinityError: the subnets of a network that are of one version come from one pool, or
    /// from pools of one address scope.
    private func requireSamePool(
        _ new: SubnetContent, on networkID: ID<Network>, _ transaction: borrowing Transaction
    ) throws {
        let pool = try new.subnetPoolID.flatMap { try subnetPoolStore.find($0, in: transaction) }
        for other in try subnetStore.list(of: networkID, in: transaction) where other.version == new.cidr.version {
            guard other.subnetPoolID != new.subnetPoolID else { continue }
            let theirs = try other.subnetPoolID.flatMap { try subnetPoolStore.find($0, in: transaction) }
            if let scope = theirs?.addressScopeID, scope == pool?.addressScopeID { continue }
            var faults = Faults()
            faults.add(
                Place("subnetpool_id"), "network_subnet_pool_affinity",
                "All {version} subnets of a network come from the same subnet pool, and {value} does not.",
                value: other.displayName, ["version": new.cidr.version.name])
            try faults.throwIfAny()
        }
    }

    /// Stores a checked subnet with its pools and sees to its DHCP server.
    func addSubnet(
        _ content: SubnetContent, to network: Network, _ transaction: borrowing Transaction
    ) throws -> Subnet {
        try requireQuota(.subnet, adding: 1, network.projectID, transaction)
        var subnet = Subnet(content, of: network, at: clock.now())
        try subnetStore.insert(subnet, in: transaction)
        subnet.pools = try poolStore.change([], to: content.pools, of: subnet.id, in: transaction)
        try arrangeDHCP(on: network, transaction)
        return subnet
    }
}

extension Subnet {
    /// A new subnet whose pools are still to be stored.
    fileprivate init(_ content: SubnetContent, of network: Network, at now: Timestamp) {
        self.init(
            id: .random(), networkID: network.id, projectID: network.projectID, isExternal: network.external,
            name: content.name, description: content.description, cidr: content.cidr, gateway: content.gateway,
            enableDHCP: content.enableDHCP, ipv6Mode: content.ipv6Mode, pools: [],
            dnsNameservers: content.dnsNameservers, hostRoutes: content.hostRoutes,
            subnetPoolID: content.subnetPoolID, revision: 1, createdAt: now,
            updatedAt: now)
    }

    /// Whether hosts serve both in the same way: from which pools addresses are given, and what people call the subnet,
    /// is nothing to them.
    fileprivate func isServed(as other: Subnet) -> Bool {
        gateway == other.gateway && enableDHCP == other.enableDHCP && dnsNameservers == other.dnsNameservers
            && hostRoutes == other.hostRoutes
    }

    /// This subnet with other content; its pools stay as they are stored.
    fileprivate func having(_ content: SubnetContent, at now: Timestamp) -> Subnet {
        var subnet = self
        subnet.name = content.name
        subnet.description = content.description
        subnet.gateway = content.gateway
        subnet.enableDHCP = content.enableDHCP
        subnet.dnsNameservers = content.dnsNameservers
        subnet.hostRoutes = content.hostRoutes
        subnet.revision += 1
        subnet.updatedAt = now
        return subnet
    }
}
