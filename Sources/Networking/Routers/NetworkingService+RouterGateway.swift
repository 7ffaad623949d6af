import Database
import ServiceCore

/// A router's way out, and its routes.
extension NetworkingService {
    /// Gives a router a way out, or another one. The router's row is the caller's to store.
    /// - Throws: `ServiceError`: invalid, notFound, forbidden, conflict.
    func setGateway(
        _ input: RouterGatewayInput, of router: inout NetworkRouter, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws {
        let policy = NetworkingPolicy.policy
        let present = router.gateway
        if let enableSNAT = input.enableSNAT, enableSNAT != present?.enableSNAT ?? true {
            try policy.require(NetworkingPolicy.routerSNAT, context)
        }
        if input.fixedIPs != nil { try policy.require(NetworkingPolicy.routerAddress, context) }
        let network = try externalNetwork(input.networkID, context, transaction)
        let enableSNAT = input.enableSNAT ?? present?.enableSNAT ?? true
        if var kept = present, kept.networkID == network.id, input.fixedIPs == nil {
            kept.enableSNAT = enableSNAT
            router.gateway = kept
            return
        }
        let joined = try interfacePorts(of: router.id, transaction).flatMap(\.fixedIPs).map(\.subnetID)
        let outside = try subnetStore.list(of: network.id, in: transaction)
        for subnet in outside { try requireNoOverlap(subnet, Set(joined), transaction) }
        if present != nil { try clearGateway(of: &router, transaction) }
        var port = try insertOwnPort(
            DeviceOwner.routerGateway, of: router.id.text, on: network, projectID: "", transaction)
        let addressing = PortAddressing(allocator: allocator, subnets: outside)
        let recipient = AddressAllocator.Recipient(portID: port.id, macAddress: port.macAddress, isDHCP: false)
        port.fixedIPs =
            if let inputs = input.fixedIPs, !inputs.isEmpty {
                try addressing.allocate(inputs, for: recipient, in: transaction)
            } else {
                try addressing.allocateDefault(for: recipient, in: transaction)
            }
        guard !port.fixedIPs.isEmpty else {
            throw Self.invalidGateway(
                "external_network_without_subnet",
                Message("The external network {value} has no subnet to take an address of."), network.displayName)
        }
        router.gateway = RouterGateway(
            networkID: network.id, networkName: network.name, portID: port.id, fixedIPs: port.fixedIPs,
            enableSNAT: enableSNAT)
    }

    /// Takes a router's way out away.
    /// - Throws: `ServiceError`: conflict `router_gateway_in_use_by_floating_ip`.
    func clearGateway(of router: inout NetworkRouter, _ transaction: borrowing Transaction) throws {
        guard let gateway = router.gateway else { return }
        let used = try floatingIPStore.ids(ofRouter: router.id, limit: 4, in: transaction)
        guard used.isEmpty else {
            throw ServiceError.conflict(
                code: "router_gateway_in_use_by_floating_ip",
                Message(
                    "Floating IPs need the gateway of the router {name}: {floatingips}. Disassociate them first.",
                    ["name": router.displayName, "floatingips": Self.listed(used)]))
        }
        router.gateway = nil
        try routerStore.update(router, in: transaction)
        if let port = try portStore.find(gateway.portID, in: transaction) { try remove(port, transaction) }
    }

    /// A network that leads out of the cloud, and that the caller may see.
    func externalNetwork(
        _ id: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Network {
        let network = try visibleNetwork(id, context, transaction)
        guard network.external else {
            throw Self.invalidGateway(
                "network_not_external", Message("The network {value} is not an external network."), network.displayName)
        }
        return network
    }

    private static func invalidGateway(_ code: String, _ message: Message, _ value: String) -> ServiceError {
        var faults = Faults()
        faults.add(Place("network_id"), code, message.text, value: value)
        return .invalid(faults.violations)
    }

    /// Neutron: the subnets of one router do not overlap.
    func requireNoOverlap(
        _ subnet: Subnet, _ joined: Set<ID<Subnet>>, _ transaction: borrowing Transaction
    ) throws {
        var faults = Faults()
        for id in joined.sorted(by: { $0.text < $1.text }) {
            guard let other = try subnetStore.find(id, in: transaction) else { continue }
            if other.id == subnet.id {
                faults.add(
                    Place("subnet_id"), "router_on_subnet_already", "The router is on the subnet {value} already.",
                    value: subnet.displayName)
            } else if other.cidr.overlaps(subnet.cidr) {
                faults.add(
                    Place("subnet_id"), "router_subnets_overlap",
                    "{value} overlaps {other}, which the router is on already.", value: subnet.cidr.description,
                    ["other": other.cidr.description])
            }
        }
        try faults.throwIfAny()
    }
}

/// Neutron's extra routes.
extension NetworkingService {
    /// The routes that were typed, checked against what the router is joined to.
    func checkedRoutes(
        _ inputs: [HostRouteInput], of router: NetworkRouter, _ transaction: borrowing Transaction
    ) throws -> [HostRoute] {
        var faults = Faults()
        let rules = SubnetListRules(cidr: nil, configuration: configuration)
        let routes = rules.routes(
            inputs, list: "routes", limit: configuration.maxRoutes, code: "too_many_routes", &faults)
        try faults.throwIfAny()
        let ports = try self.ports(of: router, transaction)
        let subnets = try joinedSubnets(ports, transaction)
        let own = Set(ports.flatMap(\.fixedIPs).map(\.address))
        for (index, route) in routes.enumerated() {
            let place = Place.row(index, of: "routes", line: inputs[index].line).part("nexthop")
            let value = route.nextHop.description
            if route.nextHop.version != route.destination.version {
                faults.add(
                    place, "route_of_two_versions", "'{value}' is not of the version of {destination}.", value: value,
                    ["destination": route.destination.description])
            } else if own.contains(route.nextHop) {
                faults.add(place, "nexthop_is_router", "'{value}' is the router itself.", value: value)
            } else if !subnets.contains(where: { $0.cidr.contains(route.nextHop) }) {
                faults.add(
                    place, "nexthop_not_connected", "'{value}' is on no subnet that the router is joined to.",
                    value: value)
            }
        }
        try faults.throwIfAny()
        return routes
    }

    /// Refuses to part a router from a subnet that its routes lead through.
    func requireReachable(
        _ routes: [HostRoute], of router: NetworkRouter, without leaving: [ID<Subnet>],
        _ transaction: borrowing Transaction
    ) throws {
        guard !routes.isEmpty else { return }
        let subnets = try joinedSubnets(try ports(of: router, transaction), transaction)
            .filter { !leaving.contains($0.id) }
        guard
            let route = routes.first(where: { route in !subnets.contains { $0.cidr.contains(route.nextHop) } })
        else { return }
        throw ServiceError.conflict(
            code: "router_interface_in_use_by_route",
            Message(
                "The route to {destination} by {nexthop} needs it. Delete the route first.",
                ["destination": route.destination.description, "nexthop": route.nextHop.description]))
    }

    /// The router's ports inside and outside.
    private func ports(of router: NetworkRouter, _ transaction: borrowing Transaction) throws -> [Port] {
        let gateway = try router.gateway.flatMap { try portStore.find($0.portID, in: transaction) }
        return try interfacePorts(of: router.id, transaction) + (gateway.map { [$0] } ?? [])
    }

    private func joinedSubnets(_ ports: [Port], _ transaction: borrowing Transaction) throws -> [Subnet] {
        try Set(ports.flatMap(\.fixedIPs).map(\.subnetID)).compactMap { try subnetStore.find($0, in: transaction) }
    }
}
