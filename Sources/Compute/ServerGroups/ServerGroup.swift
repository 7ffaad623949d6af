public import Database
public import ServiceCore

/// Instances that shall be kept on one host, or apart.
public struct ServerGroup: Sendable {
    /// A UUID.
    public let id: ID<ServerGroup>
    /// Not unique.
    public let name: String
    /// What the group wants.
    public let policy: ServerGroupPolicy
    /// How many members may share a host; only with anti-affinity, where nil means one.
    public let maxServerPerHost: Int?
    /// Whose it is.
    public let projectID: String
    /// Who made it.
    public let userID: String
    /// When it was made.
    public let createdAt: Timestamp
    /// The instances in it that exist, oldest first.
    public let members: [Member]

    /// One instance of a group.
    public struct Member: Sendable, Hashable {
        /// Its id.
        public let id: ID<Instance>
        /// Its name.
        public let name: String
        /// Where it is; nil before a host has been chosen.
        public let host: String?
    }
}

/// What a server group wants (nova's names).
public enum ServerGroupPolicy: String, Sendable, CaseIterable, DatabaseValue {
    /// All on one host.
    case affinity
    /// No two on one host, or no more than the group's rule says.
    case antiAffinity = "anti-affinity"
    /// On one host, where there is room.
    case softAffinity = "soft-affinity"
    /// On different hosts, as far as there are enough.
    case softAntiAffinity = "soft-anti-affinity"

    /// Whether it is a wish: it never refuses a host.
    public var isSoft: Bool { self == .softAffinity || self == .softAntiAffinity }
}

/// What is asked for when a server group is made. Nothing in it has been checked.
public struct NewServerGroup: Sendable {
    /// 1 to 255 characters.
    public var name: String
    /// One of nova's four policies.
    public var policy: String
    /// A whole number from 1, only with anti-affinity; nil or empty for none.
    public var maxServerPerHost: String?

    /// Makes a request.
    public init(name: String, policy: String, maxServerPerHost: String? = nil) {
        self.name = name
        self.policy = policy
        self.maxServerPerHost = maxServerPerHost
    }
}
