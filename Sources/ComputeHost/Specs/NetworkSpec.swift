/// A port, as the host that its guest runs on needs it.
public struct PortSpec: Codable, Hashable, Sendable {
    /// The port's UUID.
    public var portID: String
    /// The network's UUID.
    public var networkID: String
    /// The instance's UUID, lower case.
    public var instanceID: String
    /// Lower case, separated by colons.
    public var macAddress: String
    /// The port's addresses, in order.
    public var fixedIPs: [FixedAddress]

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

/// A network as every host that has a guest on it needs it.
public struct NetworkSpec: Codable, Hashable, Sendable {
    /// The network's UUID.
    public var networkID: String
    /// The largest packet in bytes.
    public var mtu: Int
    /// The network's subnets.
    public var subnets: [SubnetSpec]
    /// The network's ports that have guests.
    public var ports: [PortSpec]
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
}
