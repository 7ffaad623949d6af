public import ServiceCore

/// A port that is wanted.
public struct NewPort: Sendable {
    public var networkID: ID<Network>
    public var name = ""
    public var description = ""
    public var adminStateUp = true
    public var deviceID = ""
    public var deviceOwner = ""
    /// As typed; nil or empty for a random one below fa:16:3e.
    public var macAddress: String?
    /// Nil: one address of each version the network has. Empty: none.
    public var fixedIPs: [FixedIPInput]?
    /// Administrators only.
    public var bindingHost = ""
    public var vnicType = "normal"
    public var portSecurityEnabled = true
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    public init(networkID: ID<Network>) { self.networkID = networkID }
}

/// An address that is asked for: a subnet to take any free one of, a certain address, or both.
public struct FixedIPInput: Sendable, Hashable {
    public var subnetID: ID<Subnet>?
    /// As typed.
    public var address: String?

    public init(subnetID: ID<Subnet>? = nil, address: String? = nil) {
        self.subnetID = subnetID
        self.address = address
    }
}

/// Changes to a port; nil leaves a field alone.
public struct PortUpdate: Sendable {
    public var name: String?
    public var description: String?
    public var adminStateUp: Bool?
    public var deviceID: String?
    public var deviceOwner: String?
    public var macAddress: String?
    /// Replaces all addresses; those named again are kept.
    public var fixedIPs: [FixedIPInput]?
    public var bindingHost: String?
    public var vnicType: String?
    public var portSecurityEnabled: Bool?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    public init() {}
}

/// What a list of ports is narrowed to; nil means any.
public struct PortFilter: Sendable {
    public var networkID: ID<Network>?
    public var subnetID: ID<Subnet>?
    public var deviceID: String?
    public var deviceOwner: String?

    public init(networkID: ID<Network>? = nil, deviceID: String? = nil) {
        self.networkID = networkID
        self.deviceID = deviceID
    }
}
