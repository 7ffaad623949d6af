public import ServiceCore

/// An address of an external network that a port inside can be reached under.
public struct FloatingIP: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<FloatingIP>
    /// Whose it is.
    public let projectID: String
    /// May be empty.
    public var description: String
    /// The address outside.
    public let address: IPAddress
    /// The external network.
    public let networkID: ID<Network>
    /// Its name, "" when it has none.
    public let networkName: String
    /// The port that holds the address outside.
    public let portID: ID<Port>
    /// The port inside; nil when there is none.
    public var association: Association?
    /// Whether it leads anywhere.
    public var status: Status { association == nil ? .down : .active }
    /// Grows with every change.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// Where a floating IP leads.
    public struct Association: Sendable, Hashable {
        /// The port inside.
        public let portID: ID<Port>
        /// The port's address.
        public let fixedAddress: IPAddress
        /// The router between the two.
        public let routerID: ID<NetworkRouter>
        /// Who is plugged into the port: an instance's id.
        public let deviceID: String
        /// What is plugged into the port.
        public let deviceOwner: String
        /// The port's name.
        public let name: String
        /// The network the port is on.
        public let networkID: ID<Network>
        /// The port's address.
        public let macAddress: MACAddress
        /// Whether the port's owner wants it to carry traffic.
        public let adminStateUp: Bool
        /// Whether it does.
        public let status: PortStatus
    }

    /// Neutron's states of a floating IP.
    public enum Status: String, Sendable, CaseIterable {
        case active = "ACTIVE"
        case down = "DOWN"
        case error = "ERROR"
    }
}

/// A floating IP that is wanted.
public struct NewFloatingIP: Sendable {
    /// An external network.
    public var networkID: ID<Network>
    /// The port inside; nil for none.
    public var portID: ID<Port>?
    /// The port's address, when it has more than one.
    public var fixedIP: String?
    /// The address outside, chosen by administrators; nil or empty lets the service choose.
    public var address: String?
    /// The subnet of the external network that the address is to be of; nil for any.
    public var subnetID: ID<Subnet>?
    /// At most 255 characters.
    public var description = ""
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A floating IP with everything left to the service.
    public init(
        networkID: ID<Network>, portID: ID<Port>? = nil, fixedIP: String? = nil, address: String? = nil,
        description: String = ""
    ) {
        self.networkID = networkID
        self.portID = portID
        self.fixedIP = fixedIP
        self.address = address
        self.description = description
    }
}

/// Changes to a floating IP; nil leaves a field alone.
public struct FloatingIPUpdate: Sendable {
    /// Where it leads.
    public enum Target: Sendable, Hashable {
        /// Nowhere.
        case nowhere
        /// To a port, and to which of its IPv4 addresses when it has several, as typed.
        case port(ID<Port>, fixedIP: String?)
        /// To another address of the port to which it leads, as typed.
        case address(String)
    }

    /// At most 255 characters.
    public var description: String?
    /// Where it leads.
    public var target: Target?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}

/// What a list of floating IPs is narrowed to; nil means any.
public struct FloatingIPFilter: Sendable {
    /// Whose floating IPs are listed.
    public var scope: NetworkFilter.Scope
    /// The owner.
    public var projectID: String?
    /// The external network.
    public var networkID: ID<Network>?
    /// The port inside.
    public var portID: ID<Port>?

    /// Every floating IP of a scope.
    public init(_ scope: NetworkFilter.Scope = .project) { self.scope = scope }
}
