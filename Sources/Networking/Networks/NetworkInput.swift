/// A network that is wanted. Text is taken as typed: the service says every rule.
public struct NewNetwork: Sendable {
    /// At most 255 characters; may be empty.
    public var name: String
    /// At most 255 characters.
    public var description = ""
    /// Whether it carries traffic.
    public var adminStateUp = true
    /// Whether every project may attach to it; administrators only.
    public var shared = false
    /// Whether it leads out of the cloud; administrators only.
    public var external = false
    /// Bytes as typed; nil or empty for the configured default.
    public var mtu: String?
    /// Where its DHCP server should run.
    public var availabilityZoneHints: [String] = []
    /// Whether new ports are guarded against spoofed addresses.
    public var portSecurityEnabled = true
    /// Administrators only; nil lets the service choose.
    public var provider: ProviderInput?
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    /// A network with everything left to the service.
    public init(name: String) { self.name = name }
}

/// The provider attributes as typed.
public struct ProviderInput: Sendable {
    /// One of ``ProviderType``.
    public var type: String
    /// For flat and VLAN networks.
    public var physicalNetwork: String?
    /// VLAN id, VNI or key.
    public var segmentationID: String?

    /// The three attributes as typed.
    public init(type: String, physicalNetwork: String? = nil, segmentationID: String? = nil) {
        self.type = type
        self.physicalNetwork = physicalNetwork
        self.segmentationID = segmentationID
    }
}

/// Changes to a network; nil leaves a field alone.
public struct NetworkUpdate: Sendable {
    /// At most 255 characters; in a filter, a part of the name in any case of letters.
    public var name: String?
    /// At most 255 characters.
    public var description: String?
    /// Whether it carries traffic.
    public var adminStateUp: Bool?
    /// Whether every project may attach to it.
    public var shared: Bool?
    /// Whether it leads out of the cloud.
    public var external: Bool?
    /// Bytes as typed.
    public var mtu: String?
    /// Whether new ports are guarded against spoofed addresses.
    public var portSecurityEnabled: Bool?
    /// How the network is to be carried; administrators only.
    public var provider: ProviderInput?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

    /// No change yet.
    public init() {}
}

/// What a list of networks is narrowed to; nil means any.
public struct NetworkFilter: Sendable {
    /// Whose networks are listed.
    public enum Scope: Sendable {
        /// The caller's project's own and those everybody may see: the project panel, for administrators too.
        case project
        /// All of the cloud: administrators only.
        case everything
    }

    /// Whose networks are listed.
    public var scope: Scope
    /// Part of the name, in any case of letters.
    public var name: String?
    /// The owner.
    public var projectID: String?
    /// Whether every project may attach to it.
    public var shared: Bool?
    /// Whether it leads out of the cloud.
    public var external: Bool?
    /// Whether it carries traffic.
    public var adminStateUp: Bool?
    /// The state.
    public var status: NetworkStatus?

    /// Every network of a scope.
    public init(_ scope: Scope = .project) { self.scope = scope }
}
