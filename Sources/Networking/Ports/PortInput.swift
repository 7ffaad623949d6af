public import ServiceCore

/// A port that is wanted.
public struct NewPort: Sendable {
    /// The network it is to be on.
    public var networkID: ID<Network>
    /// At most 255 characters.
    public var name = ""
    /// At most 255 characters.
    public var description = ""
    /// Whether it carries traffic.
    public var adminStateUp = true
    /// Who is to be plugged in.
    public var deviceID = ""
    /// What is to be plugged in.
    public var deviceOwner = ""
    /// As typed; nil or empty for a random one below fa:16:3e.
    public var macAddress: String?
    /// Nil: one address of each version the network has. Empty: none.
    public var fixedIPs: [FixedIPInput]?
    /// Administrators only.
    public var bindingHost = ""
    /// The kind of card.
    public var vnicType = "normal"
    /// Whether it is guarded against spoofed addresses; nil as its network says. Another answer than the network's is
    /// for the network's owner only.
    public var portSecurityEnabled: Bool?
    /// The ids of the groups whose rules it has; nil for the project's default group.
    public var securityGroups: [String]?
    /// Further addresses that it may use; for the network's owner only.
    public var allowedAddressPairs: [AddressPairInput] = []
    /// What its guest is told by DHCP beside what its subnets say.
    public var extraDHCPOptions: [ExtraDHCPOptionInput] = []
    /// A JSON object of at most 4,095 bytes; another one than `{}` for administrators only.
    public var bindingProfile = "{}"
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A port with everything left to the service.
    public init(networkID: ID<Network>) { self.networkID = networkID }
}

/// An address that is asked for: a subnet to take any free one of, a certain address, or both.
public struct FixedIPInput: Sendable, Hashable {
    /// A subnet of the port's network.
    public var subnetID: ID<Subnet>?
    /// As typed.
    public var address: String?

    /// A wish for an address.
    public init(subnetID: ID<Subnet>? = nil, address: String? = nil) {
        self.subnetID = subnetID
        self.address = address
    }
}

/// Changes to a port; nil leaves a field alone.
public struct PortUpdate: Sendable {
    /// At most 255 characters.
    public var name: String?
    /// At most 255 characters.
    public var description: String?
    /// Whether it carries traffic.
    public var adminStateUp: Bool?
    /// Who is plugged in.
    public var deviceID: String?
    /// What is plugged in.
    public var deviceOwner: String?
    /// As typed; for the network's owner only.
    public var macAddress: String?
    /// Replaces all addresses; those named again are kept.
    public var fixedIPs: [FixedIPInput]?
    /// Administrators only.
    public var bindingHost: String?
    /// The kind of card.
    public var vnicType: String?
    /// Whether it is guarded against spoofed addresses; off for the network's owner only.
    public var portSecurityEnabled: Bool?
    /// Replaces all groups, by id.
    public var securityGroups: [String]?
    /// Replaces all pairs; for the network's owner only.
    public var allowedAddressPairs: [AddressPairInput]?
    /// Sets those that have a value, takes away those that have none, and leaves the others.
    public var extraDHCPOptions: [ExtraDHCPOptionInput]?
    /// Replaces it; a JSON object. Administrators only.
    public var bindingProfile: String?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}

/// What a list of ports is narrowed to; nil means any.
public struct PortFilter: Sendable {
    /// Ports on this network.
    public var networkID: ID<Network>?
    /// A subnet of the port's network.
    public var subnetID: ID<Subnet>?
    /// Who is plugged in.
    public var deviceID: String?
    /// What is plugged in.
    public var deviceOwner: String?

    /// Ports on a network, of a device, or all.
    public init(networkID: ID<Network>? = nil, deviceID: String? = nil) {
        self.networkID = networkID
        self.deviceID = deviceID
    }
}
