/// What a port's guest is told by DHCP beside what its subnets say (neutron's `extra_dhcp_opts`).
public struct ExtraDHCPOption: Sendable, Hashable {
    /// dnsmasq's name of the option, or its number; "tag:ipxe,67" is told to guests with that tag alone.
    public let name: String
    /// "" for an option that tells guests that there is none, such as no router.
    public var value: String
    /// Of DHCP for IPv4, or DHCPv6.
    public let version: IPVersion
}

/// An option that is wanted, or with no value one that is to go. Text is taken as typed: the service says every rule.
public struct ExtraDHCPOptionInput: Sendable, Hashable {
    /// 1 to 64 characters.
    public var name: String
    /// 1 to 255 characters; may be empty for `router` and `classless-static-route`; nil takes the option away.
    public var value: String?
    /// "4" or "6"; nil for 4.
    public var version: String?

    /// An option of DHCP for IPv4.
    public init(name: String, value: String?, version: String? = nil) {
        self.name = name
        self.value = value
        self.version = version
    }
}
