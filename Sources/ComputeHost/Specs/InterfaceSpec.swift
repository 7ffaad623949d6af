/// How a guest's interface reaches the outside.
public enum InterfaceMode: String, Codable, Hashable, Sendable {
    /// The emulator's own user-mode network: works without any right on the host, reaches no other guest.
    case user
    /// A tap device in the network's bridge.
    case bridge
}

/// An address of a port, with what a guest without DHCP must know to use it.
public struct FixedAddress: Codable, Hashable, Sendable {
    /// The subnet's UUID.
    public var subnetID: String
    /// The address, IPv4 or IPv6, as text.
    public var address: String
    /// The subnet's prefix length in bits.
    public var prefixLength: Int
    /// The subnet's gateway, if it has one.
    public var gateway: String?
    /// The subnet's name servers, in order.
    public var dnsNameservers: [String]

    /// Takes each value as it is.
    public init(
        subnetID: String, address: String, prefixLength: Int, gateway: String? = nil, dnsNameservers: [String] = []
    ) {
        self.subnetID = subnetID
        self.address = address
        self.prefixLength = prefixLength
        self.gateway = gateway
        self.dnsNameservers = dnsNameservers
    }
}

/// One network interface of a guest.
public struct InterfaceSpec: Codable, Hashable, Sendable {
    /// The port's UUID.
    public var portID: String
    /// The network's UUID.
    public var networkID: String
    /// Lower case, separated by colons.
    public var macAddress: String
    /// The port's addresses, in order.
    public var fixedIPs: [FixedAddress]
    /// The largest packet in bytes.
    public var mtu: Int
    /// How the interface is attached.
    public var mode: InterfaceMode

    /// Takes each value as it is.
    public init(
        portID: String, networkID: String, macAddress: String, fixedIPs: [FixedAddress], mtu: Int = 1500,
        mode: InterfaceMode = .user
    ) {
        self.portID = portID
        self.networkID = networkID
        self.macAddress = macAddress
        self.fixedIPs = fixedIPs
        self.mtu = mtu
        self.mode = mode
    }

    /// Neutron's name for the host's end of the port; Linux allows 15 characters.
    public var tapName: String { "tap" + portID.prefix(11) }
    /// Neutron's Linux bridge agent's name for the network's bridge.
    public var bridgeName: String { "brq" + networkID.prefix(11) }
}
