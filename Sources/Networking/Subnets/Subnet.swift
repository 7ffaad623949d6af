public import ServiceCore

/// A block of addresses on a network, and what guests on it are told: gateway, name servers, routes.
public struct Subnet: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<Subnet>
    /// The network it is on.
    public let networkID: ID<Network>
    /// Whose it is: the network's project.
    public let projectID: String
    /// Whether the network leads out of the cloud.
    public let isExternal: Bool
    /// May be empty.
    public var name: String
    /// May be empty.
    public var description: String
    /// All of its addresses.
    public let cidr: CIDR
    /// Where guests send what leaves the subnet; may lie outside of ``cidr``.
    public var gateway: IPAddress?
    /// Whether the network's DHCP server serves it.
    public var enableDHCP: Bool
    /// How IPv6 guests get their addresses.
    public let ipv6Mode: IPv6AddressMode?
    /// In stored order, which is the order in which addresses are looked for.
    public var pools: [AllocationPool]
    /// Told to guests, in this order.
    public var dnsNameservers: [IPAddress]
    /// Told to guests, in this order.
    public var hostRoutes: [HostRoute]
    /// The pool its addresses were cut from.
    public var subnetPoolID: ID<SubnetPool>?
    /// Grows with every change.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// The version of its addresses.
    public var version: IPVersion { cidr.version }
    /// The name, or Horizon's stand-in for an unnamed subnet.
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }
}

/// One row of `ipallocationpools`. A pool whose ends move keeps its row; neutron makes new ones of all at each update.
public struct AllocationPool: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<AllocationPool>
    /// Its addresses.
    public let range: AddressRange
}

/// A route handed to guests.
public struct HostRoute: Sendable, Hashable {
    /// Where the route leads.
    public let destination: CIDR
    /// Through whom.
    public let nextHop: IPAddress
}

/// How guests on an IPv6 subnet get their addresses: neutron's pairs of `ipv6_ra_mode` and `ipv6_address_mode`. Where
/// only one of the two is set, a router or a DHCP server outside of the cloud does the other part. Horizon offers the first
/// four, and none, which is nil.
public enum IPv6AddressMode: String, Sendable, CaseIterable {
    case slaac = "slaac/slaac"
    /// A router outside of the cloud advertises.
    case slaacOutside = "none/slaac"
    case stateful = "dhcpv6-stateful/dhcpv6-stateful"
    case stateless = "dhcpv6-stateless/dhcpv6-stateless"
    case statefulOutside = "none/dhcpv6-stateful"
    case statelessOutside = "none/dhcpv6-stateless"
    case slaacAdvertised = "slaac/none"
    case statefulAdvertised = "dhcpv6-stateful/none"
    case statelessAdvertised = "dhcpv6-stateless/none"

    /// Guests make their own address of the prefix and their MAC (RFC 4862), so the subnet must be a /64.
    public var isSelfConfigured: Bool { (address ?? routerAdvertisement) != "dhcpv6-stateful" }
    /// Neutron's `ipv6_ra_mode`.
    public var routerAdvertisement: String? { part(0) }
    /// Neutron's `ipv6_address_mode`.
    public var address: String? { part(1) }

    private func part(_ index: Int) -> String? {
        let text = String(rawValue.split(separator: "/")[index])
        return text == "none" ? nil : text
    }
}
