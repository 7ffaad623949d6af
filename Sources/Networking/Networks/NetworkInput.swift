/// A network that is wanted. Text is taken as typed: the service says every rule.
public struct NewNetwork: Sendable {
    public var name: String
    public var description = ""
    public var adminStateUp = true
    public var shared = false
    public var external = false
    /// Bytes as typed; nil or empty for the configured default.
    public var mtu: String?
    public var availabilityZoneHints: [String] = []
    public var portSecurityEnabled = true
    /// Administrators only; nil lets the service choose.
    public var provider: ProviderInput?
    /// The owner; nil for the caller's project. Administrators may name another.
    public var projectID: String?

    public init(name: String) { self.name = name }
}

/// The provider attributes as typed.
public struct ProviderInput: Sendable {
    public var type: String
    public var physicalNetwork: String?
    public var segmentationID: String?

    public init(type: String, physicalNetwork: String? = nil, segmentationID: String? = nil) {
        self.type = type
        self.physicalNetwork = physicalNetwork
        self.segmentationID = segmentationID
    }
}

/// Changes to a network; nil leaves a field alone.
public struct NetworkUpdate: Sendable {
    public var name: String?
    public var description: String?
    public var adminStateUp: Bool?
    public var shared: Bool?
    public var external: Bool?
    public var mtu: String?
    /// The revision the caller saw; another one in the database is a conflict, `revision_conflict`.
    public var revision: Int?

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

    public var scope: Scope
    /// Part of the name, in any case of letters.
    public var name: String?
    public var projectID: String?
    public var shared: Bool?
    public var external: Bool?
    public var adminStateUp: Bool?
    public var status: NetworkStatus?

    public init(_ scope: Scope = .project) { self.scope = scope }
}
