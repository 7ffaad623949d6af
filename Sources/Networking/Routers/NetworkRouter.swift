public import ServiceCore

/// Joins networks, and leads out of the cloud.
public struct NetworkRouter: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<NetworkRouter>
    /// Whose it is.
    public let projectID: String
    /// May be empty.
    public var name: String
    /// May be empty.
    public var description: String
    /// Whether its owner wants it to carry traffic.
    public var adminStateUp: Bool
    /// The way out; nil when there is none.
    public var gateway: RouterGateway?
    /// Routes that people added, in their order.
    public var routes: [HostRoute]
    /// Grows with every change.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
    public var updatedAt: Timestamp

    /// Neutron's state of a router that no agent reports on: always "ACTIVE".
    public var status: String { "ACTIVE" }
    /// The name, or Horizon's stand-in for an unnamed router.
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }
}

/// A router's way out: neutron's `external_gateway_info`.
public struct RouterGateway: Sendable, Hashable {
    /// The external network.
    public let networkID: ID<Network>
    /// Its name, "" when it has none.
    public let networkName: String
    /// The router's port on it.
    public let portID: ID<Port>
    /// The router's addresses outside.
    public let fixedIPs: [FixedIP]
    /// Whether guests without a floating IP go out under the router's address.
    public var enableSNAT: Bool
}

/// A router that is wanted.
public struct NewRouter: Sendable {
    /// At most 255 characters.
    public var name: String
    /// At most 255 characters.
    public var description = ""
    /// Whether it carries traffic.
    public var adminStateUp = true
    /// The way out; nil for none.
    public var gateway: RouterGatewayInput?
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A router with everything left to the service.
    public init(name: String) { self.name = name }
}

/// A way out as it is wanted.
public struct RouterGatewayInput: Sendable, Hashable {
    /// An external network.
    public var networkID: ID<Network>
    /// Administrators may switch it off; nil leaves it as it is, at first on.
    public var enableSNAT: Bool?
    /// Addresses outside, chosen by administrators; nil lets the service choose.
    public var fixedIPs: [FixedIPInput]?

    /// A way out through a network.
    public init(networkID: ID<Network>, enableSNAT: Bool? = nil, fixedIPs: [FixedIPInput]? = nil) {
        self.networkID = networkID
        self.enableSNAT = enableSNAT
        self.fixedIPs = fixedIPs
    }
}

/// Changes to a router; nil leaves a field alone.
public struct RouterUpdate: Sendable {
    /// What becomes of the way out.
    public enum Gateway: Sendable, Hashable {
        case clear
        case set(RouterGatewayInput)
    }

    /// At most 255 characters.
    public var name: String?
    /// At most 255 characters.
    public var description: String?
    /// Whether it carries traffic.
    public var adminStateUp: Bool?
    /// The way out.
    public var gateway: Gateway?
    /// Replaces all routes.
    public var routes: [HostRouteInput]?
    /// Routes to be there as well; those that are there already are taken once.
    public var addedRoutes: [HostRouteInput] = []
    /// Routes to be there no longer; those that are not there already are no fault.
    public var removedRoutes: [HostRouteInput] = []
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}

/// What a list of routers is narrowed to; nil means any.
public struct RouterFilter: Sendable {
    /// Whose routers are listed.
    public var scope: NetworkFilter.Scope
    /// The owner.
    public var projectID: String?
    /// Part of the name, in any case of letters.
    public var name: String?

    /// Every router of a scope.
    public init(_ scope: NetworkFilter.Scope = .project) { self.scope = scope }
}

/// What a router is joined to.
public enum RouterInterfaceTarget: Sendable, Hashable {
    /// A subnet, under the address of its gateway.
    case subnet(ID<Subnet>)
    /// A subnet, under a free address of it, as typed; for adding only.
    case address(ID<Subnet>, String)
    /// A port that nobody uses, under its addresses.
    case port(ID<Port>)
}

/// What became of joining a router to a subnet, or of parting them.
public struct RouterInterface: Sendable, Hashable {
    /// The router.
    public let routerID: ID<NetworkRouter>
    /// The router's port; several IPv6 subnets of a network share one.
    public let port: Port
    /// The subnets that it was joined to, or parted from, by this.
    public let subnetIDs: [ID<Subnet>]
}
