public import ServiceCore

/// A network: one broadcast domain, with the subnets guests get their addresses from.
public struct Network: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<Network>
    /// Whose it is.
    public let projectID: String
    /// May be empty.
    public var name: String
    /// May be empty.
    public var description: String
    /// Whether its owner wants it to carry traffic.
    public var adminStateUp: Bool
    /// Whether it does.
    public var status: NetworkStatus
    /// Every project may attach to it.
    public var shared: Bool
    /// `router:external`: leads out of the cloud; every project may see it.
    public var external: Bool
    /// Bytes.
    public var mtu: Int
    /// Whether new ports are guarded against spoofed addresses.
    public var portSecurityEnabled: Bool
    /// Where its owner wants its DHCP server.
    public var availabilityZoneHints: [String]
    /// How the network is carried; nil for readers who may not know (neutron shows it to administrators).
    public var provider: ProviderSegment?
    /// In the order they were made.
    public var subnets: [SubnetSummary]
    /// Grows with every change, those of its subnets included.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// The name, or Horizon's stand-in for an unnamed network: "(5f693f46-8f51)".
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }
    /// Where the network's DHCP server runs; this cloud has one zone.
    public var availabilityZones: [String] { subnets.contains(where: \.enableDHCP) ? ["nova"] : [] }

    /// The address scope of its subnets of a version; nil when they are in none.
    public func addressScopeID(_ version: IPVersion) -> ID<AddressScope>? {
        subnets.lazy.filter { $0.cidr.version == version }.compactMap(\.addressScopeID).first
    }
}

/// What lists show of a subnet.
public struct SubnetSummary: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<Subnet>
    /// May be empty.
    public let name: String
    /// All of its addresses.
    public let cidr: CIDR
    /// Whether DHCP serves it.
    public let enableDHCP: Bool
    /// The scope of the pool that its addresses were cut from.
    public let addressScopeID: ID<AddressScope>?
}

/// Neutron's network states.
public enum NetworkStatus: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case build = "BUILD"
    case down = "DOWN"
    case error = "ERROR"
}

/// What carries a network outside of this program: neutron's three `provider:` attributes.
public struct ProviderSegment: Sendable, Hashable {
    /// `provider:network_type`.
    public let type: ProviderType
    /// `provider:physical_network`, for flat and VLAN networks.
    public let physicalNetwork: String?
    /// `provider:segmentation_id`: VLAN id, VNI or key.
    public let segmentationID: Int?

    /// A bridge of its own on each host.
    static let local = ProviderSegment(type: .local, physicalNetwork: nil, segmentationID: nil)
}

/// Neutron's network types.
public enum ProviderType: String, Sendable, CaseIterable {
    case local, flat, vlan, gre, vxlan, geneve

    /// The numbers a segment of this type may carry; nil when it carries none.
    public var segmentationRange: ClosedRange<Int>? {
        switch self {
        case .local, .flat: nil
        case .vlan: 1...4094
        case .gre: 1...4_294_967_295
        case .vxlan, .geneve: 1...16_777_215
        }
    }

    /// Flat and VLAN networks are carried by a named physical network.
    public var needsPhysicalNetwork: Bool { self == .flat || self == .vlan }
}
