import ComputeHost
import Database
public import ServiceCore

extension NetworkingService {
    /// The router's ports: those on networks inside, then its way out.
    /// - Throws: `ServiceError`: notFound.
    public func routerPorts(of id: ID<NetworkRouter>, as context: RequestContext) throws -> [Port] {
        try read { transaction in
            let router = try visibleRouter(id, context, transaction)
            let gateway = try router.gateway.flatMap { try portStore.find($0.portID, in: transaction) }
            return try interfacePorts(of: id, transaction) + (gateway.map { [$0] } ?? [])
        }
    }

    /// Joins a router to a subnet, under the address of the subnet's gateway or one of the caller's choice, or plugs a free
    /// port into it.
    /// - Throws: `ServiceError`: notFound, forbidden; invalid for a subnet without a gateway, for one that overlaps
    ///   another of the router's, for a port without an address, or with IPv6 where the router has such a port, on
    ///   `fixed_ips` for an address; conflict `port_in_use`, `ip_address_in_use`; overQuota.
    public func addInterface(
        to id: ID<NetworkRouter>, _ target: RouterInterfaceTarget, as context: RequestContext
    ) throws -> RouterInterface {
        try write { transaction in
            let router = try changeableRouter(id, NetworkingPolicy.addRouterInterface, context, transaction)
            let joined = Set(try interfacePorts(of: id, transaction).flatMap(\.fixedIPs).map(\.subnetID))
                .union(router.gateway?.fixedIPs.map(\.subnetID) ?? [])
            let (port, subnetIDs) =
                switch target {
                case .subnet(let subnetID):
                    (try join(router, subnetID, joined, context, transaction), [subnetID])
                case .address(let subnetID, let address):
                    try join(router, subnetID, under: address, joined, context, transaction)
                case .port(let portID):
                    try plug(portID, into: router, joined, context, transaction)
                }
            try noteInterface(port, of: router, context, transaction)
            return RouterInterface(routerID: id, port: port, subnetIDs: subnetIDs)
        }
    }

    /// Parts a router from a subnet, or from all subnets of a port of it. A port without an address left is deleted.
    /// - Throws: `ServiceError`: notFound, forbidden, conflict `router_interface_in_use_by_floating_ip`,
    ///   `router_interface_in_use_by_route`.
    public func removeInterface(
        from id: ID<NetworkRouter>, _ target: RouterInterfaceTarget, as context: RequestContext
    ) throws -> RouterInterface {
        try write { transaction in
            let router = try changeableRouter(id, NetworkingPolicy.removeRouterInterface, context, transaction)
            let found = try interfacePorts(of: id, transaction).first { port in
                switch target {
                case .subnet(let subnetID), .address(let subnetID, _):
                    port.fixedIPs.contains { $0.subnetID == subnetID }
                case .port(let portID): port.id == portID
                }
            }
            guard let port = found else {
                switch target {
                case .subnet(let subnetID), .address(let subnetID, _):
                    throw ServiceError.notFound("Router interface", subnetID.text)
                case .port(let portID): throw ServiceError.notFound("Router interface", portID.text)
                }
            }
            let leaving = port.fixedIPs.map(\.subnetID).filter { target == .subnet($0) || target == .port(port.id) }
            let used = try floatingIPStore.ids(ofRouter: id, inside: leaving, limit: 4, in: transaction)
            guard used.isEmpty else {
                throw ServiceError.conflict(
                    code: "router_interface_in_use_by_floating_ip",
                    Message(
                        "Floating IPs need this interface: {floatingips}. Disassociate them first.",
                        ["floatingips": Self.listed(used)]))
            }
            try requireReachable(router.routes, of: router, without: leaving, transaction)
            try part(port, from: leaving, transaction)
            try noteInterface(port, of: router, context, transaction)
            return RouterInterface(routerID: id, port: port, subnetIDs: leaving)
        }
    }

    private func part(_ port: Port, from leaving: [ID<Subnet>], _ transaction: borrowing Transaction) throws {
        let staying = port.fixedIPs.filter { !leaving.contains($0.subnetID) }
        guard !staying.isEmpty else { return try remove(port, transaction) }
        for fixedIP in port.fixedIPs where leaving.contains(fixedIP.subnetID) {
            guard let subnet = try subnetStore.find(fixedIP.subnetID, in: transaction) else { continue }
            try allocator.release(fixedIP, in: subnet, in: transaction)
        }
        try portStore.update(port.having(staying, at: clock.now()), in: transaction)
        changed(port, .updated, transaction)
    }

    private func noteInterface(
        _ port: Port, of router: NetworkRouter, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        try routerStore.touch(router.id, at: clock.now(), in: transaction)
        try changed(router, .updated, context, transaction)
        guard let network = try networkStore.find(port.networkID, in: transaction) else { return }
        try changed(network, .updated, context, transaction)
    }

    private func join(
        _ router: NetworkRouter, _ subnetID: ID<Subnet>, _ joined: Set<ID<Subnet>>, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws -> Port {
        let (subnet, network) = try visibleSubnet(subnetID, context, transaction)
        var faults = Faults()
        let place = Place("subnet_id")
        guard let gateway = subnet.gateway, subnet.cidr.contains(gateway) else {
            faults.add(
                place, "subnet_without_gateway",
                "The subnet {value} has no gateway address that the router could have.", value: subnet.displayName)
            throw ServiceError.invalid(faults.violations)
        }
        if let mode = subnet.ipv6Mode, mode.routerAdvertisement == nil {
            faults.add(
                place, "subnet_advertised_outside",
                "The subnet {value} is advertised by a router outside of the cloud.", value: subnet.displayName)
        }
        try faults.throwIfAny()
        try requireNoOverlap(subnet, joined, transaction)
        if subnet.version == .v6, let port = try ipv6Port(of: router.id, on: network.id, transaction) {
            let fixedIP = try allocator.allocate(gateway, in: subnet, for: port.id, in: transaction)
            let extended = port.having(port.fixedIPs + [fixedIP], at: clock.now())
            try portStore.update(extended, in: transaction)
            changed(extended, .updated, transaction)
            return extended
        }
        try requireQuota(.port, adding: 1, router.projectID, transaction)
        var port = try insertOwnPort(
            DeviceOwner.routerInterface, of: router.id.text, on: network, projectID: router.projectID, transaction)
        port.fixedIPs = [try allocator.allocate(gateway, in: subnet, for: port.id, in: transaction)]
        changed(port, .created, transaction)
        return port
    }

    private func join(
        _ router: NetworkRouter, _ subnetID: ID<Subnet>, under address: String, _ joined: Set<ID<Subnet>>,
        _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> (Port, [ID<Subnet>]) {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createPort, context)
        let (_, network) = try visibleSubnet(subnetID, context, transaction)
        try requireQuota(.port, adding: 1, router.projectID, transaction)
        var new = NewPort(networkID: network.id)
        new.fixedIPs = [FixedIPInput(subnetID: subnetID, address: address)]
        new.securityGroups = []
        let port = try addPort(new, to: network, projectID: router.projectID, card: nil, transaction)
        return try plug(port.id, into: router, joined, context, transaction)
    }

    /// The router's port with IPv6 addresses on a network: neutron allows one, which advertises all prefixes.
    private func ipv6Port(
        of id: ID<NetworkRouter>, on networkID: ID<Network>, _ transaction: borrowing Transaction
    ) throws -> Port? {
        try interfacePorts(of: id, transaction).first { port in
            port.networkID == networkID && port.fixedIPs.contains { $0.address.version == .v6 }
        }
    }

    private func plug(
        _ portID: ID<Port>, into router: NetworkRouter, _ joined: Set<ID<Subnet>>, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws -> (Port, [ID<Subnet>]) {
        var port = try visiblePort(portID, context, transaction)
        guard context.canSee(projectID: port.projectID) else {
            throw ServiceError.forbidden(NetworkingPolicy.addRouterInterface)
        }
        guard port.deviceID.isEmpty, port.deviceOwner.isEmpty else {
            throw ServiceError.conflict(
                code: "port_in_use",
                Message("The port {name} is in use by {device}.", ["name": port.displayName, "device": port.deviceID]))
        }
        try requirePluggable(port, into: router, transaction)
        for subnetID in Set(port.fixedIPs.map(\.subnetID)) {
            guard let subnet = try subnetStore.find(subnetID, in: transaction) else { continue }
            try requireNoOverlap(subnet, joined, transaction)
        }
        let groups = port.securityGroupIDs
        let owner = DeviceOwner.routerInterface
        let host = try host(forOwn: owner, of: router.id.text, on: port.networkID, transaction)
        port.becomeOwn(owner, of: router.id.text, on: host, at: clock.now())
        try portStore.update(port, in: transaction)
        try portSecurityStore.replace(of: port, in: transaction)
        try membersChanged(of: groups, but: port.networkID, context, transaction)
        changed(port, .updated, transaction)
        return (port, port.fixedIPs.map(\.subnetID))
    }

    private func requirePluggable(
        _ port: Port, into router: NetworkRouter, _ transaction: borrowing Transaction
    ) throws {
        var faults = Faults()
        if port.fixedIPs.isEmpty {
            faults.add(
                Place("port_id"), "router_port_without_address", "The port {value} has no address.",
                value: port.displayName)
        }
        if Set(port.fixedIPs.filter { $0.address.version == .v4 }.map(\.subnetID)).count > 1 {
            faults.add(
                Place("port_id"), "router_port_on_two_subnets", "The port {value} is on more than one IPv4 subnet.",
                value: port.displayName)
        }
        if port.fixedIPs.contains(where: { $0.address.version == .v6 }),
            let other = try ipv6Port(of: router.id, on: port.networkID, transaction)
        {
            faults.add(
                Place("port_id"), "router_has_ipv6_port",
                "The router has the IPv6 port {other} on this network already. Add the subnet to the router instead.",
                value: port.displayName, ["other": other.displayName])
        }
        try faults.throwIfAny()
    }
}
