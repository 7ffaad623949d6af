import ComputeHost

/// What a network's dnsmasq(8) is started with and reads: a computation, in the shape that neutron's DHCP agent gives it.
///
/// What changes while guests come and go is in files that dnsmasq reads again at a SIGHUP; only another set of subnets, or
/// another MTU, makes other arguments and a new process.
struct DnsmasqPlan: Sendable, Hashable {
    let arguments: [String]
    /// Contents by name.
    let files: [String: String]
    /// Which guest each address is promised to: MAC addresses by address.
    let reservations: [String: String]

    /// The domain of names that guests get (neutron's `dns_domain`).
    static let domain = "openstacklocal"
    /// How long a guest may keep its address without asking again, in seconds (neutron's `dhcp_lease_duration`).
    private static let leaseDuration = 86_400

    init(arguments: [String], files: [String: String], reservations: [String: String]) {
        self.arguments = arguments
        self.files = files
        self.reservations = reservations
    }

    /// What serves a network.
    /// - Parameters:
    ///   - directory: where the files are.
    ///   - user: whom dnsmasq runs as; it must be able to enter the directory.
    init(_ network: NetworkSpec, port: PortSpec, directory: String, user: String) {
        let served = network.subnets.filter(\.enableDHCP)
        let subnets = served.filter { subnet in port.fixedIPs.contains { $0.subnetID == subnet.subnetID } }
        let ranges = subnets.compactMap(Self.range)
        let advertises = subnets.contains { $0.isIPv6 && $0.advertisesRouter }
        let interface = DHCPPlan.interface(port)
        arguments =
            [
                "--no-hosts", "--no-resolv", "--pid-file=\(directory)/pid", "--dhcp-hostsfile=\(directory)/host",
                "--addn-hosts=\(directory)/addn_hosts", "--dhcp-optsfile=\(directory)/opts",
                "--dhcp-leasefile=\(directory)/leases", "--dhcp-match=set:ipxe,175",
                "--dhcp-userclass=set:ipxe6,iPXE", "--bind-dynamic", "--interface=\(interface)",
                "--except-interface=lo",
            ] + ranges
            + (advertises
                // It tells the prefix and is nobody's way out: a lifetime of 0 as a router (RFC 4861, section 6.2.3).
                ? ["--enable-ra", "--ra-param=\(interface),mtu:\(network.mtu),10,0"] : [])
            + [
                "--dhcp-option-force=option:mtu,\(network.mtu)", "--dhcp-lease-max=\(Self.leases(subnets))",
                "--dhcp-authoritative", "--conf-file=/dev/null", "--domain=\(Self.domain)", "--user=\(user)",
            ]
        var reservations: [String: String] = [:]
        var hosts = ""
        var names = ""
        for guest in network.ports {
            for fixed in guest.fixedIPs {
                let name = Self.hostname(guest, fixed.address)
                names += "\(fixed.address) \(name).\(Self.domain) \(name)\n"
                guard let subnet = subnets.first(where: { $0.subnetID == fixed.subnetID }) else { continue }
                let tag = guest.hasOptions(for: subnet) ? "set:\(Self.tag(guest))," : ""
                let address = subnet.isIPv6 ? "[\(fixed.address)]" : fixed.address
                if subnet.givesAddresses {
                    reservations[fixed.address] = guest.macAddress
                    hosts += "\(guest.macAddress),\(tag)\(name).\(Self.domain),\(address)\n"
                } else if subnet.ipv6Mode == .stateless, !tag.isEmpty {
                    hosts += "\(guest.macAddress),\(tag)\(address)\n"
                }
            }
        }
        self.reservations = reservations
        let options =
            subnets.flatMap { Self.options($0, of: network, port: port) }
            + network.ports.flatMap { Self.options(of: $0, in: subnets) }
        files = ["host": hosts, "addn_hosts": names, "opts": options.map { $0 + "\n" }.joined()]
    }

    static func tag(_ subnet: SubnetSpec) -> String { "subnet-" + subnet.subnetID }

    /// `static`: only whom the host file names gets an address. Nil for a subnet that dnsmasq has nothing to say in.
    static func range(_ subnet: SubnetSpec) -> String? {
        guard let block = IPBlock(cidr: subnet.cidr) else { return nil }
        let start = "--dhcp-range=set:\(tag(subnet)),\(block.address)"
        guard subnet.isIPv6 else { return "\(start),static,\(block.netmask),\(leaseDuration)s" }
        switch subnet.ipv6Mode {
        case .stateful: return "\(start),static,\(block.prefixLength),\(leaseDuration)s"
        case .stateless:
            return "\(start),\(subnet.advertisesRouter ? "ra-stateless" : "static"),\(block.prefixLength),\(leaseDuration)s"
        case .slaac:
            return subnet.advertisesRouter ? "\(start),ra-only,\(block.prefixLength),\(leaseDuration)s" : nil
        case nil: return nil
        }
    }

    /// As many as there are addresses, up to what neutron allows.
    private static func leases(_ subnets: [SubnetSpec]) -> Int {
        min(1 << 24, max(256, subnets.compactMap { IPBlock(cidr: $0.cidr)?.count }.reduce(0, +)))
    }

    /// Neutron's `host-192-168-56-107`, unless the port has a name that is one.
    private static func hostname(_ port: PortSpec, _ address: String) -> String {
        let isLabel =
            port.hostname.map { name in
                (1...63).contains(name.utf8.count) && name.first != "-" && name.last != "-"
                    && name.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
            } ?? false
        if let name = port.hostname, isLabel { return name }
        return "host-" + address.replacing(".", with: "-").replacing(":", with: "-")
    }

    private static func options(_ subnet: SubnetSpec, of network: NetworkSpec, port: PortSpec) -> [String] {
        let tag = "tag:" + tag(subnet)
        let own = port.fixedIPs.first { $0.subnetID == subnet.subnetID }?.address ?? ""
        let servers = subnet.dnsNameservers.isEmpty ? [own] : subnet.dnsNameservers
        if subnet.isIPv6 {
            let addresses = servers.map { "[\($0)]" }.joined(separator: ",")
            return ["\(tag),option6:dns-server,\(addresses)", "\(tag),option6:domain-search,\(domain)"]
        }
        // The address that says "none".
        let hasServers = servers != ["0.0.0.0"]
        let gateway = subnet.hostRoutes.first { $0.destination == "0.0.0.0/0" }?.nextHop ?? subnet.gateway
        let routes = routes(subnet, of: network, metadata: own, gateway: gateway)
            .map { "\($0.destination),\($0.nextHop)" }.joined(separator: ",")
        return [
            hasServers ? "\(tag),option:dns-server,\(servers.joined(separator: ","))" : "\(tag),option:dns-server",
            "\(tag),option:classless-static-route,\(routes)", "\(tag),249,\(routes)",
            gateway.map { "\(tag),option:router,\($0)" } ?? "\(tag),option:router",
        ]
    }

    /// Option 121 (RFC 3442). A guest that takes it does not look at the option for the router, so that the default
    /// route is in it as well.
    private static func routes(
        _ subnet: SubnetSpec, of network: NetworkSpec, metadata: String, gateway: String?
    ) -> [RouteSpec] {
        let metadataRoute = RouteSpec(destination: DHCPPlan.metadataAddress + "/32", nextHop: metadata)
        var routes = subnet.hostRoutes.filter { $0.destination != "0.0.0.0/0" }
        if !routes.contains(where: { $0.destination == metadataRoute.destination }) {
            routes.insert(metadataRoute, at: 0)
        }
        for other in network.subnets where other.subnetID != subnet.subnetID && !other.isIPv6 {
            routes.append(RouteSpec(destination: other.cidr, nextHop: "0.0.0.0"))
        }
        if let gateway { routes.append(RouteSpec(destination: "0.0.0.0/0", nextHop: gateway)) }
        return routes
    }
}

extension SubnetSpec {
    var isIPv6: Bool { cidr.contains(":") }
    /// Whether guests are told their addresses, and do not make them up.
    var givesAddresses: Bool { !isIPv6 || ipv6Mode == .stateful }
}
