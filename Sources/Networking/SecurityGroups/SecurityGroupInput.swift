public import ServiceCore

/// A security group that is wanted. It begins with two rules: everything may leave.
public struct NewSecurityGroup: Sendable {
    /// At most 255 characters; not "default".
    public var name: String
    /// At most 255 characters.
    public var description = ""
    /// Whether answers to what passed pass too.
    public var stateful = true
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A group with everything left to the service.
    public init(name: String) { self.name = name }
}

/// Changes to a security group; nil leaves a field alone.
public struct SecurityGroupUpdate: Sendable {
    /// At most 255 characters; the default group keeps its name.
    public var name: String?
    /// At most 255 characters.
    public var description: String?
    /// Whether answers to what passed pass too; not while ports have the group.
    public var stateful: Bool?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}

/// What a list of security groups is narrowed to; nil means any.
public struct SecurityGroupFilter: Sendable {
    /// Whose groups are listed; the project's own and those it may use, or everybody's.
    public var scope: NetworkFilter.Scope
    /// The whole name.
    public var name: String?
    /// The owner.
    public var projectID: String?

    /// Every group of a scope.
    public init(_ scope: NetworkFilter.Scope = .project) { self.scope = scope }
}

/// A rule that is wanted. Text is taken as typed: the service says every rule.
public struct NewSecurityGroupRule: Sendable {
    /// The group it is for.
    public var groupID: ID<SecurityGroup>
    /// "ingress" or "egress".
    public var direction: String
    /// "IPv4" or "IPv6", in any case of letters.
    public var etherType = EtherType.ipv4.rawValue
    /// A name of ``IPProtocol``, a number from 0 to 255; nil, empty or "any" for all.
    public var protocolName: String?
    /// The smallest port, or the ICMP type.
    public var portRangeMin: String?
    /// The largest port, or the ICMP code.
    public var portRangeMax: String?
    /// An address or a block of addresses.
    public var remoteIPPrefix: String?
    /// The id of a group.
    public var remoteGroupID: String?
    /// At most 255 characters.
    public var description = ""

    /// A rule that lets everything pass in one direction.
    public init(groupID: ID<SecurityGroup>, direction: String) {
        self.groupID = groupID
        self.direction = direction
    }
}

/// An allowed address pair as typed.
public struct AddressPairInput: Sendable, Hashable {
    /// An address or a block in CIDR notation.
    public var ipAddress: String
    /// Nil or empty for the port's own.
    public var macAddress: String?

    /// A pair as it was typed.
    public init(ipAddress: String, macAddress: String? = nil) {
        self.ipAddress = ipAddress
        self.macAddress = macAddress
    }
}
