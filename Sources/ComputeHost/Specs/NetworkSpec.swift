/// A port, as the host that its guest runs on needs it.
public struct PortSpec: Codable, Hashable, Sendable {
    public var portID: String
    public var networkID: String
    public var instanceID: String
    public var macAddress: String
    public var fixedIPs: [FixedAddress]

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
    public var subnetID: String
    public var cidr: String
    public var gateway: String?
    public var enableDHCP: Bool
    public var dnsNameservers: [String]

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
    public var networkID: String
    public var mtu: Int
    public var subnets: [SubnetSpec]
    public var ports: [PortSpec]
    /// Counts the changes of this specification.
    public var generation: Int

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
