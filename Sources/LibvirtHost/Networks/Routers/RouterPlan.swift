import ComputeHost

/// What must be said to iproute2 for a router to be what its specification says: a decision on what is there, with
/// neutron's names. For each port a cable (veth(4)) leads from `tap…` in the network's bridge to `qr-…`, or `qg-…` on the
/// external network, in the router's namespace.
struct RouterPlan: Sendable {
    let router: RouterSpec
    /// The alias of what is ours.
    let mark: String

    /// A port with its interface in the namespace.
    struct Interface {
        let port: PortSpec
        let name: String
        /// In CIDR notation.
        let addresses: [String]

        var bridge: String { NetworkSpec(networkID: port.networkID, subnets: []).bridgeName }
    }

    static func name(_ port: PortSpec, isGateway: Bool) -> String {
        (isGateway ? "qg-" : "qr-") + port.portID.prefix(11)
    }

    var interfaces: [Interface] {
        let inside = router.interfaces.map { port in
            Interface(port: port, name: Self.name(port, isGateway: false), addresses: Self.addresses(of: port))
        }
        guard let port = router.gateway else { return inside }
        // Floating IPs are addresses of the router, which answers for them.
        let floating = Set(router.floatingIPs.map { $0.floatingAddress + "/32" }).sorted()
        let own = Self.addresses(of: port)
        return inside + [
            Interface(
                port: port, name: Self.name(port, isGateway: true),
                addresses: own + floating.filter { !own.contains($0) })
        ]
    }

    private static func addresses(of port: PortSpec) -> [String] {
        port.fixedIPs.map { "\($0.address)/\($0.prefixLength)" }
    }

    /// Orders in the host's namespace: cables that are missing or lost an end.
    ///
    /// - Throws: `.unavailable` when a network has no bridge yet, `.failed` when something else has a cable's name.
    func cables(host: LinkTable, inner: LinkTable) throws(HostError) -> [String] {
        var orders: [String] = []
        for interface in interfaces {
            guard let bridge = host[interface.bridge] else {
                throw .unavailable(
                    "there is no bridge \(interface.bridge) for the router's interface \(interface.name) yet")
            }
            let tap = interface.port.tapName
            if let present = host[tap] {
                guard present.kind == "veth", present.alias == mark else {
                    throw .failed(
                        "there is an interface \(tap) that is not Daybreak's",
                        remedy: "If nothing needs it: ip link delete \(tap)")
                }
                if inner[interface.name]?.kind == "veth" {
                    if present.master != bridge.name { orders.append("link set dev \(tap) master \(bridge.name)") }
                    orders += BridgePlan.properties(of: present, mtu: bridge.mtu, isUp: interface.port.adminStateUp)
                    continue
                }
                orders.append("link delete dev \(tap)")
            }
            orders += [
                "link add name \(tap) mtu \(bridge.mtu) type veth peer name \(interface.name) "
                    + "address \(interface.port.macAddress) mtu \(bridge.mtu) netns \(router.namespace)",
                "link set dev \(tap) alias \(mark) addrgenmode none",
                "link set dev \(tap) master \(bridge.name) \(interface.port.adminStateUp ? "up" : "down")",
            ]
        }
        return orders
    }

    /// Orders in the namespace that take away what the router does not have any more.
    func strangers(inner: LinkTable) -> [String] {
        let wanted = Set(interfaces.map(\.name))
        return inner.all.filter { Self.isInterface($0) && !wanted.contains($0.name) }.map {
            "link delete dev \($0.name)"
        }
    }

    /// The interfaces that guests must not take for a way out, or not any more.
    func unadvertised(inner: LinkTable) -> Set<String> {
        let advertised = router.interfaces.filter(router.isAdvertised(on:)).map { Self.name($0, isGateway: false) }
        return Set(inner.all.filter(Self.isInterface).map(\.name)).subtracting(advertised)
    }

    static func isInterface(_ link: Link) -> Bool { link.name.hasPrefix("qr-") || link.name.hasPrefix("qg-") }

    /// Orders in the namespace, once the cables are there.
    func addresses(inner: LinkTable) -> [String] {
        var orders: [String] = []
        for interface in interfaces {
            guard let link = inner[interface.name] else { continue }
            let name = interface.name
            if link.address != interface.port.macAddress {
                orders.append("link set dev \(name) address \(interface.port.macAddress)")
            }
            orders += BridgePlan.properties(of: link, mtu: link.mtu, isUp: true)
            for address in link.addresses where !interface.addresses.contains(address) {
                orders.append("address delete \(address) dev \(name)")
            }
            for address in interface.addresses where !link.addresses.contains(address) {
                let way = address.contains(":") ? "nodad" : address.hasSuffix("/32") ? "" : "broadcast +"
                orders.append("address add \(address) \(way) dev \(name)".replacing("  ", with: " "))
            }
        }
        return orders
    }

    /// The addresses that others are to hear of, because the router had not had them, by interface.
    func newAddresses(inner: LinkTable) -> [(interface: Interface, addresses: [String])] {
        interfaces.compactMap { interface in
            let present = inner[interface.name]?.addresses ?? []
            let new = interface.addresses.filter { !present.contains($0) }
            return new.isEmpty ? nil : (interface, new.map { String($0.prefix { $0 != "/" }) })
        }
    }

    // MARK: Routes

    /// Where to, through whom: the way out, and what people added.
    var routes: [Route] {
        var routes: [Route] = []
        if let port = router.gateway {
            for fixed in port.fixedIPs {
                guard let gateway = fixed.gateway else { continue }
                let isIPv6 = gateway.contains(":")
                guard !routes.contains(where: { $0.isIPv6 == isIPv6 }) else { continue }
                let block = IPBlock("\(fixed.address)/\(fixed.prefixLength)")
                let isNeighbor = block.map { $0 == IPBlock("\(gateway)/\(fixed.prefixLength)") } ?? false
                routes.append(
                    Route(
                        dst: "default", gateway: gateway,
                        device: isNeighbor ? nil : Self.name(port, isGateway: true)))
            }
        }
        return routes
            + router.routes.compactMap { route in
                guard let block = IPBlock(route.destination), let hop = IPBlock(route.nextHop) else { return nil }
                return Route(dst: block.isEverything ? "default" : block.text, gateway: hop.text)
            }
    }

    /// Orders for the routes, once the addresses are there. The kernel's own are left alone.
    func routeOrders(present: [Route]) -> [String] {
        let wanted = routes
        let gone = present.filter { $0.isStatic && !wanted.contains($0) }
        let missing = wanted.filter { route in !present.contains { $0.isStatic && $0 == route } }
        return gone.map { "route delete \($0.dst) via \($0.gateway ?? "") proto static" }
            + missing.map { route in
                // One that no address of the interface tells where it is.
                let place = route.dev.map { " dev \($0) onlink" } ?? ""
                return "route replace \(route.dst) via \(route.gateway ?? "")\(place) proto static"
            }
    }

    /// A route, as `ip -json route show` prints it.
    struct Route: Decodable, Hashable, Sendable {
        let dst: String
        let gateway: String?
        let dev: String?
        private let `protocol`: String?

        init(dst: String, gateway: String, device: String? = nil) {
            (self.dst, self.gateway, dev, `protocol`) = (dst, gateway, device, nil)
        }

        var isStatic: Bool { `protocol` == "static" }
        var isIPv6: Bool { gateway?.contains(":") ?? dst.contains(":") }

        static func == (one: Self, other: Self) -> Bool { one.dst == other.dst && one.gateway == other.gateway }
        func hash(into hasher: inout Hasher) { hasher.combine(dst) }
    }
}

extension RouterSpec {
    /// - Throws: `.failed` for anything that cannot become part of names, orders and rules.
    func check() throws(HostError) {
        try NetworkSpec.checkID(routerID)
        var addresses = floatingIPs.flatMap { [$0.floatingAddress, $0.fixedAddress] } + routes.map(\.nextHop)
        for port in interfaces + [gateway].compactMap({ $0 }) {
            try NetworkSpec.checkID(port.networkID)
            try UserNetwork.checkPortID(port.portID)
            try UserNetwork.checkMACAddress(port.macAddress)
            addresses += port.fixedIPs.map(\.address) + port.fixedIPs.compactMap(\.gateway)
        }
        for subnet in advertisedSubnets { try subnet.check() }
        for address in addresses where IPBlock(address: address) == nil {
            throw .failed("\"\(address.prefix(80))\" is not an address", remedy: nil)
        }
        for floating in floatingIPs where floating.floatingAddress.contains(":") || floating.fixedAddress.contains(":")
        {
            throw .failed("the floating IP \(floating.floatingAddress.prefix(80)) is not IPv4", remedy: nil)
        }
        for route in routes where IPBlock(route.destination) == nil {
            throw .failed("\"\(route.destination.prefix(80))\" is not a block of addresses", remedy: nil)
        }
    }
}
