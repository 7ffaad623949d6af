public import ServiceCore

/// What passes the ports that have it; everything else does not.
public struct SecurityGroup: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<SecurityGroup>
    /// Whose it is.
    public let projectID: String
    /// "default" for the one that every project has.
    public var name: String
    /// May be empty.
    public var description: String
    /// Whether projects beside its own may use it.
    public var shared: Bool
    /// Whether answers to what passed pass too.
    public var stateful: Bool
    /// Whether it is its project's default, which ports get when none is named.
    public let isDefault: Bool
    /// In the order they were made.
    public var rules: [SecurityGroupRule]
    /// Grows with every change, those of its rules included.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// The name, or Horizon's stand-in for an unnamed group.
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }

    /// Neutron's name for the group that every project has.
    public static let defaultName = "default"
}

/// One thing that passes.
public struct SecurityGroupRule: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<SecurityGroupRule>
    /// The group it is of.
    public let groupID: ID<SecurityGroup>
    /// The group's project.
    public let projectID: String
    /// Which way, which packets, and who is on the other side.
    public let content: SecurityGroupRuleContent
    /// May be empty.
    public let description: String
    /// Grows with every change of its tags; nothing else of a rule changes.
    public var revision = 0
    /// Sorted.
    public var tags: [String] = []
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public let updatedAt: Timestamp

    /// Which way, as the guest sees it.
    public var direction: TrafficDirection { content.direction }
    /// Which of the two protocols.
    public var etherType: EtherType { content.etherType }
    /// As it was typed: "tcp", "112"; nil for all.
    public var protocolName: String? { content.protocolName }
    /// The smallest port, or the ICMP type.
    public var portRangeMin: Int? { content.portRangeMin }
    /// The largest port, or the ICMP code.
    public var portRangeMax: Int? { content.portRangeMax }
    /// Who may be on the other side; nil for anybody, or for ``remoteGroupID``.
    public var remoteIPPrefix: RemotePrefix? { content.remoteIPPrefix }
    /// The group that the other side has; nil for anybody, or for ``remoteIPPrefix``.
    public var remoteGroupID: ID<SecurityGroup>? { content.remoteGroupID }
}

/// What a rule lets through.
public struct SecurityGroupRuleContent: Sendable, Hashable {
    /// Which way, as the guest sees it.
    public var direction: TrafficDirection
    /// Which of the two protocols.
    public var etherType: EtherType
    /// A name of ``IPProtocol``, or a number; nil for all.
    public var protocolName: String?
    /// The smallest port, or the ICMP type.
    public var portRangeMin: Int?
    /// The largest port, or the ICMP code.
    public var portRangeMax: Int?
    /// Who may be on the other side.
    public var remoteIPPrefix: RemotePrefix?
    /// The group that the other side has.
    public var remoteGroupID: ID<SecurityGroup>?

    /// IANA's number; nil for all.
    public var protocolNumber: Int? { protocolName.flatMap(IPProtocol.number(of:)) }

    /// Whether both are one rule to neutron, whatever their protocol was called; prefixes count as they were typed.
    func isSame(as other: SecurityGroupRuleContent) -> Bool {
        var left = self
        var right = other
        left.protocolName = protocolNumber.map(String.init)
        right.protocolName = other.protocolNumber.map(String.init)
        return left == right
    }
}

/// Which way traffic goes, as the guest sees it.
public enum TrafficDirection: String, Sendable, CaseIterable {
    case ingress
    case egress
}

/// Neutron's `ethertype`.
public enum EtherType: String, Sendable, CaseIterable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"

    /// The version it means.
    public var version: IPVersion { self == .ipv4 ? .v4 : .v6 }
}

/// An address, or a block of them, that a port may use beside its own.
public struct AddressPair: Sendable, Hashable {
    /// An address or a block in CIDR notation.
    public let ipAddress: String
    /// The port's own unless another was named.
    public let macAddress: MACAddress
}
