/// Connects guests to their networks: of one host, or of all hosts of one machine, which then have the same object.
public protocol NetworkBackend: AnyObject, Sendable {
    /// What this host's networks can do.
    var abilities: NetworkAbilities { get }

    /// How a guest's interface is to be attached for this port.
    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode

    /// Makes the host's part of the network equal to `network`: bridge, DHCP, metadata address, filters of its ports.
    /// What is right is left alone, what differs is mended. Older generations than the last one seen are ignored.
    func apply(_ network: NetworkSpec) throws(HostError)

    /// Removes the host's part of the network. Absent is a success.
    func remove(networkID: String) throws(HostError)

    /// Makes the host's part of the router equal to `router`. The networks it joins have been applied before.
    func apply(_ router: RouterSpec) throws(HostError)

    /// Removes the host's part of the router. Absent is a success.
    func remove(routerID: String) throws(HostError)

    /// Removes what this program made for networks and routers that are not named here.
    func removeUnused(keepingNetworks: Set<String>, routers: Set<String>) throws(HostError)

    /// A socket that listens on 169.254.169.254, port 80, in the network's namespace, for the caller to accept from
    /// and to close; nil when the network has no metadata service on this host.
    func openMetadataListener(networkID: String) throws(HostError) -> Int32?

    /// What the kernel and the network's services really have for a network that has been applied, held against its
    /// specification.
    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck]
}

/// What a host's networks can do, and what stands in the way of more.
public struct NetworkAbilities: Hashable, Sendable, Codable {
    /// Whether there are bridges, DHCP, metadata, filters and routers. Otherwise each guest is alone on a network of
    /// the emulator's.
    public var bridges: Bool
    /// The namespace that the host's side is in; nil for the machine's own.
    public var namespace: String?
    /// What is missing, each in a sentence with its cure; empty when nothing is.
    public var missing: [String]

    /// Takes each value as it is.
    public init(bridges: Bool, namespace: String? = nil, missing: [String] = []) {
        self.bridges = bridges
        self.namespace = namespace
        self.missing = missing
    }
}

/// One comparison of what a network should be with what it is.
public struct NetworkCheck: Hashable, Sendable, Codable {
    /// What is looked at, from the guest outwards.
    public enum Subject: String, Hashable, Sendable, Codable, CaseIterable {
        case tap, bridge, uplink, namespace, dhcpInterface, dhcpServer, reservation, lease, metadata, antispoofing,
            rules
        case gateway
    }

    /// What is looked at.
    public var subject: Subject
    /// The thing's name: a device, a namespace, a chain.
    public var name: String
    /// What should be there, in one line.
    public var expected: String
    /// What is there, in one line; nil when nothing is.
    public var found: String?
    /// Whether the two agree.
    public var isRight: Bool
    /// The kernel's own words, as the usual program prints them (`ip -d link`, `nft list`), with the command first.
    public var evidence: [String]
    /// How many packets the filters looked at have dropped since they were loaded, by reason (`mac`, `ip`, `ingress`);
    /// empty where nothing is counted.
    public var dropped: [String: Int]

    /// Takes each value as it is.
    public init(
        _ subject: Subject, name: String, expected: String, found: String?, isRight: Bool, evidence: [String] = [],
        dropped: [String: Int] = [:]
    ) {
        self.subject = subject
        self.name = name
        self.expected = expected
        self.found = found
        self.isRight = isRight
        self.evidence = evidence
        self.dropped = dropped
    }
}
