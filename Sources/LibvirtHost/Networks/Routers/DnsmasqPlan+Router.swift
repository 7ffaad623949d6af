import ComputeHost

/// A router's dnsmasq(8), which sends router advertisements (RFC 4861) as neutron's radvd does, and nothing else: guests
/// learn from it that there is a way out, and from the network's own, which says of itself that it is none, the rest.
/// Both name a prefix in the same words, with the same lifetimes.
extension DnsmasqPlan {
    /// The longest time between two advertisements in seconds (neutron's `max_rtr_adv_interval`), and how long one is
    /// good for (RFC 4861, section 6.2.1: three times that).
    private static let interval = 100
    private static let lifetime = 3 * interval

    /// Nil when there is nothing to tell.
    /// - Parameters:
    ///   - inner: the router's interfaces.
    ///   - directory: where the file with its number is.
    ///   - user: whom it runs as.
    init?(_ router: RouterSpec, inner: LinkTable, directory: String, user: String) {
        let ports = router.interfaces.filter(router.isAdvertised(on:))
        let links = ports.compactMap { inner[RouterPlan.name($0, isGateway: false)] }
        guard !links.isEmpty else { return nil }
        let subnetIDs = Set(ports.flatMap(\.fixedIPs).map(\.subnetID))
        let subnets = router.advertisedSubnets.filter { subnetIDs.contains($0.subnetID) }
        self.init(
            arguments: [
                "--no-hosts", "--no-resolv", "--port=0", "--pid-file=\(directory)/pid", "--leasefile-ro",
                "--bind-dynamic", "--except-interface=lo", "--enable-ra", "--quiet-ra",
            ]
                + links.flatMap {
                    ["--interface=\($0.name)", "--ra-param=\($0.name),mtu:\($0.mtu),\(Self.interval),\(Self.lifetime)"]
                }
                + subnets.compactMap(Self.range) + subnets.compactMap(Self.nameServers)
                + ["--conf-file=/dev/null", "--user=\(user)"],
            files: [:], reservations: [:])
    }

    /// Those of the subnet; without any, the network's own server names itself.
    private static func nameServers(_ subnet: SubnetSpec) -> String? {
        guard !subnet.dnsNameservers.isEmpty else { return nil }
        let addresses = subnet.dnsNameservers.map { "[\($0)]" }.joined(separator: ",")
        return "--dhcp-option=tag:\(tag(subnet)),option6:dns-server,\(addresses)"
    }

    /// The interfaces that a server with these arguments speaks on.
    static func interfaces(_ arguments: [String]) -> Set<String> {
        Set(arguments.compactMap { $0.hasPrefix("--interface=") ? String($0.dropFirst("--interface=".count)) : nil })
    }
}
