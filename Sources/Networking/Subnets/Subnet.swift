public import ServiceCore

/// A block of addresses on a network, and what guests on it are told: gateway, name servers, routes.
public struct Subnet: Sendable, Hashable {
    public let id: ID<Subnet>
    public let networkID: ID<Network>
    public let projectID: String
    public var name: String
    public var description: String
    public let cidr: CIDR
    public var gateway: IPAddress?
    public var enableDHCP: Bool
    public let ipv6Mode: IPv6AddressMode?
    /// In stored order, which is the order in which addresses are looked for.
    public var pools: [AllocationPool]
    public var dnsNameservers: [IPAddress]
    public var hostRoutes: [HostRoute]
    public var revision: Int
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    public var version: IPVersion { cidr.version }
    /// The name, or Horizon's stand-in for an unnamed subnet.
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }
}

/// One row of `ipallocationpools`. An update replaces pools as a set, so every pool gets a new id.
public struct AllocationPool: Sendable, Hashable {
    public let id: ID<AllocationPool>
    public let range: AddressRange
}

/// A route handed to guests.
public struct HostRoute: Sendable, Hashable {
    public let destination: CIDR
    public let nextHop: IPAddress
}

/// How guests on an IPv6 subnet get their addresses: neutron's pairs of `ipv6_ra_mode` and `ipv6_address_mode`, in
/// Horizon's five choices (the fifth, none, is nil).
public enum IPv6AddressMode: String, Sendable, CaseIterable {
    case slaac = "slaac/slaac"
    /// A router outside of the cloud advertises.
    case slaacOutside = "none/slaac"
    case stateful = "dhcpv6-stateful/dhcpv6-stateful"
    case stateless = "dhcpv6-stateless/dhcpv6-stateless"

    /// Guests make their own address of the prefix and their MAC (RFC 4862), so the subnet must be a /64.
    public var isSelfConfigured: Bool { self != .stateful }
    /// Neutron's `ipv6_ra_mode`.
    public var routerAdvertisement: String? { self == .slaacOutside ? nil : address }
    /// Neutron's `ipv6_address_mode`.
    public var address: String {
        switch self {
        case .slaac, .slaacOutside: "slaac"
        case .stateful: "dhcpv6-stateful"
        case .stateless: "dhcpv6-stateless"
        }
    }
}
