import ComputeHost

/// `network_data.json`: the guest's links, and how each gets its first address of either kind. Where a DHCP server says
/// it, it says no more than that, as in nova.
struct NetworkDataDocument: Encodable {
    struct Link: Encodable {
        let id: String
        let vif_id: String
        let type: String
        /// Left to the DHCP server where there is one.
        let mtu: Int?
        let ethernet_mac_address: String

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(vif_id, forKey: .vif_id)
            try container.encode(type, forKey: .type)
            // Readers ask for it: null, and not absent.
            try container.encode(mtu, forKey: .mtu)
            try container.encode(ethernet_mac_address, forKey: .ethernet_mac_address)
        }

        private enum CodingKeys: String, CodingKey { case id, vif_id, type, mtu, ethernet_mac_address }
    }

    struct Route: Encodable {
        let network: String
        let netmask: String
        let gateway: String
    }

    struct Network: Encodable {
        let id: String
        let type: String
        let link: String
        let network_id: String
        var ip_address: String?
        var netmask: String?
        var routes: [Route]?
        var services: [Service]?
    }

    struct Service: Encodable, Equatable {
        var type = "dns"
        let address: String
    }

    private(set) var links: [Link] = []
    private(set) var networks: [Network] = []
    private(set) var services: [Service] = []

    init(_ interfaces: [InterfaceSpec], _ subnets: [SubnetSpec]) {
        let subnets = Dictionary(subnets.map { ($0.subnetID, $0) }) { first, _ in first }
        for interface in interfaces {
            let hasDHCP = interface.fixedIPs.contains { subnets[$0.subnetID]?.enableDHCP == true }
            links.append(
                Link(
                    id: interface.tapName, vif_id: interface.portID,
                    type: interface.mode == .bridge ? "bridge" : "phy", mtu: hasDHCP ? nil : interface.mtu,
                    ethernet_mac_address: interface.macAddress))
            let firsts = [interface.fixedIPs.first { !$0.isIPv6 }, interface.fixedIPs.first { $0.isIPv6 }]
            for fixed in firsts.compactMap(\.self) { add(fixed, subnets[fixed.subnetID], of: interface) }
        }
    }

    private mutating func add(_ fixed: FixedAddress, _ subnet: SubnetSpec?, of interface: InterfaceSpec) {
        let family = fixed.isIPv6 ? "ipv6" : "ipv4"
        let mode = subnet?.ipv6Mode
        var network = Network(
            id: "network\(networks.count)",
            type: mode.map { "\(family)_\($0.rawValue)" } ?? (subnet?.enableDHCP == true ? family + "_dhcp" : family),
            link: interface.tapName, network_id: interface.networkID)
        let servers = fixed.dnsNameservers.map { Service(address: $0) }
        for server in servers where !services.contains(server) { services.append(server) }
        if mode != nil || subnet?.enableDHCP != true {
            let any = fixed.isIPv6 ? "::" : "0.0.0.0"
            network.ip_address = fixed.address
            network.netmask = Netmask.text(fixed.prefixLength, isIPv6: fixed.isIPv6)
            network.services = servers
            network.routes =
                (fixed.gateway.map { [Route(network: any, netmask: any, gateway: $0)] } ?? [])
                + (subnet?.hostRoutes ?? []).compactMap(Route.init)
        }
        networks.append(network)
    }
}

extension NetworkDataDocument.Route {
    fileprivate init?(_ route: RouteSpec) {
        let parts = route.destination.split(separator: "/")
        guard parts.count == 2, let prefix = Int(parts[1]) else { return nil }
        self.init(
            network: String(parts[0]), netmask: Netmask.text(prefix, isIPv6: parts[0].contains(":")),
            gateway: route.nextHop)
    }
}

extension FixedAddress {
    fileprivate var isIPv6: Bool { address.contains(":") }
}

/// Netmasks as nova writes them: "255.255.255.0", "ffff:ffff:ffff:ffff::".
enum Netmask {
    static func text(_ prefix: Int, isIPv6: Bool) -> String { isIPv6 ? ipv6(prefix) : ipv4(prefix) }

    private static func ipv4(_ prefix: Int) -> String {
        let length = UInt32(max(0, min(32, prefix)))
        let mask = length == 0 ? 0 : UInt32.max << (32 - length)
        return [24, 16, 8, 0].map { String(mask >> $0 & 0xff) }.joined(separator: ".")
    }

    private static func ipv6(_ prefix: Int) -> String {
        let length = max(0, min(128, prefix))
        let groups = (0..<8).map { group -> String in
            let bits = max(0, min(16, length - 16 * group))
            return String(UInt32(0xffff) << (16 - bits) & 0xffff, radix: 16)
        }
        let set = groups.prefix { $0 != "0" }
        // A single group of zeros is written out (RFC 5952, section 4.2.2).
        return groups.count - set.count < 2 ? groups.joined(separator: ":") : set.joined(separator: ":") + "::"
    }
}
