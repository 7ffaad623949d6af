/// A port, as the host that its guest runs on needs it.
public struct PortSpec: Codable, Hashable, Sendable {
    /// The port's UUID.
    public var portID: String
    /// The network's UUID.
    public var networkID: String
    /// The instance's UUID, lower case; empty for a port of the cloud's own.
    public var instanceID: String
    /// Lower case, separated by colons.
    public var macAddress: String
    /// The port's addresses, in order.
    public var fixedIPs: [FixedAddress]
    /// What the port's DHCP lease calls the guest; nil takes neutron's `host-192-168-56-107`.
    public var hostname: String?
    /// Whether its owner wants it to carry traffic.
    public var adminStateUp = true
    /// Whether it is guarded: no address but its own leaves it, and only what its security groups allow passes.
    public var portSecurityEnabled = true
    /// Further addresses that it may use.
    public var allowedAddressPairs: [AddressPairSpec] = []
    /// The groups whose rules it has: of `NetworkSpec.securityGroups`.
    public var securityGroupIDs: [String] = []
    /// What DHCP tells the guest beside what the subnets say, and instead of it where both speak of one option.
    public var dhcpOptions: [DHCPOptionSpec] = []

    /// Takes each value as it is.
    public init(
        portID: String, networkID: String, instanceID: String, macAddress: String, fixedIPs: [FixedAddress]
    ) {
        self.portID = portID
        self.networkID = networkID
        self.instanceID = instanceID
        self.macAddress = macAddress
        self.fixedIPs = fixedIPs
    }

    /// Neutron's name for the host's end of the port; Linux allows 15 characters.
    public var tapName: String { "tap" + portID.prefix(11) }
}

/// An option of DHCP for one port (neutron's `extra_dhcp_opts`).
public struct DHCPOptionSpec: Codable, Hashable, Sendable {
    /// dnsmasq's name, or a number.
    public var name: String
    /// On one line; may be empty.
    public var value: String
    /// Whether it is of DHCPv6.
    public var isIPv6: Bool

    /// Takes each value as it is.
    public init(name: String, value: String, isIPv6: Bool = false) {
        self.name = name
        self.value = value
        self.isIPv6 = isIPv6
    }
}

/// An address, or a block of them, that a port may use beside its own (neutron's allowed address pair).
public struct AddressPairSpec: Codable, Hashable, Sendable {
    /// An address or a block in CIDR notation.
    public var ipAddress: String
    /// Lower case, separated by colons.
    public var macAddress: String

    /// Takes each value as it is.
    public init(ipAddress: String, macAddress: String) {
        self.ipAddress = ipAddress
        self.macAddress = macAddress
    }
}

/// How IPv6 guests of a subnet get their addresses (neutron's `ipv6_address_mode`).
public enum IPv6Mode: String, Codable, Hashable, Sendable {
    /// By themselves, from router advertisements.
    case slaac
    /// By themselves; the rest of their configuration by DHCP.
    case stateless = "dhcpv6-stateless"
    /// By DHCP.
    case stateful = "dhcpv6-stateful"
}

/// A route that guests or a router are given.
public struct RouteSpec: Codable, Hashable, Sendable {
    /// In CIDR notation.
    public var destination: String
    /// An address.
    public var nextHop: String

    /// Takes each value as it is.
    public init(destination: String, nextHop: String) {
        self.destination = destination
        self.nextHop = nextHop
    }
}

/// A subnet of a `NetworkSpec`.
public struct SubnetSpec: Codable, Hashable, Sendable {
    /// The subnet's UUID.
    public var subnetID: String
    /// The network in CIDR notation.
    public var cidr: String
    /// The subnet's gateway, if it has one.
    public var gateway: String?
    /// Whether guests get their addresses by DHCP.
    public var enableDHCP: Bool
    /// The subnet's name servers, in order.
    public var dnsNameservers: [String]
    /// Routes that guests are told beside the default one.
    public var hostRoutes: [RouteSpec] = []
    /// How guests get IPv6 addresses; nil for IPv4, and for IPv6 configured by hand.
    public var ipv6Mode: IPv6Mode?
    /// Whether this cloud advertises the subnet's IPv6 router (neutron's `ipv6_ra_mode`).
    public var advertisesRouter = false

    /// Takes each value as it is.
    public init(
        subnetID: String, cidr: String, gateway: String?, enableDHCP: Bool, dnsNameservers: [String] = []
    ) {
        self.subnetID = subnetID
        self.cidr = cidr
        self.gateway = gateway
        self.enableDHCP = enableDHCP
        self.dnsNameservers = dnsNameservers
    }
}

/// What carries a network between hosts (neutron's provider attributes).
public enum SegmentSpec: Codable, Hashable, Sendable {
    /// Nothing: the network ends at the host.
    case local
    /// An interface of the host, as it is.
    case flat(physicalNetwork: String)
    /// A VLAN (1 to 4094) on an interface of the host.
    case vlan(physicalNetwork: String, id: Int)
    /// A VXLAN with this network identifier.
    case vxlan(vni: Int)
}

/// A network as every host that has a guest on it needs it.
public struct NetworkSpec: Codable, Hashable, Sendable {
    /// The network's UUID.
    public var networkID: String
    /// The largest packet in bytes.
    public var mtu: Int
    /// What carries it between hosts.
    public var segment: SegmentSpec = .local
    /// Whether its owner wants it to carry traffic.
    public var adminStateUp = true
    /// The network's subnets.
    public var subnets: [SubnetSpec]
    /// The network's ports that have guests.
    public var ports: [PortSpec]
    /// The port of the network's DHCP and metadata service; nil when no subnet has DHCP.
    public var dhcpPort: PortSpec?
    /// All groups that its ports have, and those that their rules name as the remote side.
    public var securityGroups: [SecurityGroupSpec] = []
    /// Counts the changes of this specification.
    public var generation: Int

    /// Takes each value as it is.
    public init(
        networkID: String, mtu: Int = 1500, subnets: [SubnetSpec], ports: [PortSpec] = [], generation: Int = 1
    ) {
        self.networkID = networkID
        self.mtu = mtu
        self.subnets = subnets
        self.ports = ports
        self.generation = generation
    }

    /// Neutron's Linux bridge agent's name for the network's bridge.
    public var bridgeName: String { "brq" + networkID.prefix(11) }
    /// Neutron's name for the namespace of the network's DHCP and metadata service.
    public var dhcpNamespace: String { "qdhcp-" + networkID }
}
