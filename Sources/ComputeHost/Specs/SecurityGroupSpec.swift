/// A security group as a host needs it.
public struct SecurityGroupSpec: Codable, Hashable, Sendable {
    /// The group's UUID.
    public var groupID: String
    /// What passes; everything else of a guarded port does not.
    public var rules: [SecurityGroupRuleSpec]
    /// The addresses of all ports that have the group, on any network: what a rule means that names it as the remote
    /// side. Kept only for groups that are named so.
    public var members: [String]

    /// Takes each value as it is.
    public init(groupID: String, rules: [SecurityGroupRuleSpec], members: [String] = []) {
        self.groupID = groupID
        self.rules = rules
        self.members = members
    }
}

/// One thing that passes. Answers to what passed pass too.
public struct SecurityGroupRuleSpec: Codable, Hashable, Sendable {
    /// Which way, as the guest sees it.
    public enum Direction: String, Codable, Hashable, Sendable {
        case ingress
        case egress
    }

    /// Which of the two protocols.
    public enum EtherType: String, Codable, Hashable, Sendable {
        case ipv4 = "IPv4"
        case ipv6 = "IPv6"
    }

    /// The other side of the conversation.
    public enum Remote: Codable, Hashable, Sendable {
        case anybody
        /// A block in CIDR notation.
        case prefix(String)
        /// Whoever has this group.
        case group(String)
    }

    /// The rule's UUID.
    public var ruleID: String
    /// Which way, as the guest sees it.
    public var direction: Direction
    /// Which of the two protocols.
    public var etherType: EtherType
    /// IANA's protocol number, 0 to 255; nil means all.
    public var ipProtocol: Int?
    /// The smallest port, or the ICMP type; nil means all.
    public var portRangeMin: Int?
    /// The largest port, or the ICMP code; nil means all.
    public var portRangeMax: Int?
    /// Who may be on the other side.
    public var remote: Remote

    /// Takes each value as it is.
    public init(
        ruleID: String, direction: Direction, etherType: EtherType = .ipv4, ipProtocol: Int? = nil,
        portRangeMin: Int? = nil, portRangeMax: Int? = nil, remote: Remote = .anybody
    ) {
        self.ruleID = ruleID
        self.direction = direction
        self.etherType = etherType
        self.ipProtocol = ipProtocol
        self.portRangeMin = portRangeMin
        self.portRangeMax = portRangeMax
        self.remote = remote
    }
}
