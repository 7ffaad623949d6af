import ComputeHost

/// What must be said to iproute2 for a network's DHCP and metadata namespace to be on the network: a decision on what is
/// there, with neutron's names. A cable (veth(4)) leads from `tap…` in the host's bridge to `ns-…` in the namespace, which
/// has the DHCP port's addresses and the one that guests ask for metadata.
struct DHCPPlan: Sendable {
    /// The alias of what is ours.
    let mark: String

    /// Where guests find their metadata (the EC2 API's address), with the prefix that neutron gives it.
    static let metadataAddress = "169.254.169.254"
    private static let metadataPrefix = 16

    /// The namespace's end of the cable.
    static func interface(_ port: PortSpec) -> String { "ns-" + port.portID.prefix(11) }

    /// Orders in the host's namespace: none when the cable is there with both ends.
    ///
    /// - Throws: `.failed` when something else has the cable's name.
    func cable(
        _ port: PortSpec, of network: NetworkSpec, host: LinkTable, inner: LinkTable
    ) throws(HostError) -> [String] {
        let (tap, inside) = (port.tapName, Self.interface(port))
        if let present = host[tap] {
            guard present.kind == "veth", present.alias == mark else {
                throw .failed(
                    "there is an interface \(tap) that is not Daybreak's",
                    remedy: "If nothing needs it: ip link delete \(tap)")
            }
            if inner[inside]?.kind == "veth" { return [] }
        }
        return (host[tap] == nil ? [] : ["link delete dev \(tap)"]) + [
            "link add name \(tap) mtu \(network.mtu) type veth peer name \(inside) address \(port.macAddress) "
                + "mtu \(network.mtu) netns \(network.dhcpNamespace)",
            "link set dev \(tap) alias \(mark) addrgenmode none",
            "link set dev \(tap) master \(network.bridgeName) up",
        ]
    }

    /// Orders in the namespace that take the ends of other cables away: the network had another DHCP port.
    func strangers(_ port: PortSpec, inner: LinkTable) -> [String] {
        inner.all.filter { $0.name.hasPrefix("ns-") && $0.name != Self.interface(port) }
            .map { "link delete dev \($0.name)" }
    }

    /// Orders in the namespace, once the cable's end is there.
    func addresses(_ port: PortSpec, of network: NetworkSpec, inner: LinkTable) -> [String] {
        let name = Self.interface(port)
        guard let link = inner[name] else { return [] }
        var orders: [String] = []
        if link.address != port.macAddress { orders.append("link set dev \(name) address \(port.macAddress)") }
        orders += BridgePlan.properties(of: link, mtu: network.mtu, isUp: true)
        let wanted =
            port.fixedIPs.map { "\($0.address)/\($0.prefixLength)" } + [
                "\(Self.metadataAddress)/\(Self.metadataPrefix)"
            ]
        for address in link.addresses where !wanted.contains(address) {
            orders.append("address delete \(address) dev \(name)")
        }
        for address in wanted where !link.addresses.contains(address) {
            // nodad: nobody else can have an address that this cloud gave to this port.
            orders.append("address add \(address) \(address.contains(":") ? "nodad" : "broadcast +") dev \(name)")
        }
        return orders
    }
}
