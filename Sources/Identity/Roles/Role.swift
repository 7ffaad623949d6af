/// What somebody may be in a project, a domain or the whole system.
public struct Role: Hashable, Sendable, Identifiable {
    /// The names of the roles every cloud has, each of which implies the next (keystone's bootstrap).
    static let standard = ["admin", "manager", "member", "reader"]
    /// The name of the role that the services' own users hold, which implies nothing.
    static let service = "service"
    /// The names of the roles that the program rests on.
    static let indispensable: Set = ["admin", "member", "reader"]

    /// 32 hexadecimal digits.
    public let id: String
    /// Unique among the roles of its domain, whatever its case: `admin`, `member` and whatever an operator adds.
    public let name: String
    /// What it is for.
    public let description: String
    /// The domain it belongs to; nil for a role of the whole cloud. A domain's role counts only by what it implies.
    public let domainID: String?
    /// Whether it can be neither changed nor deleted: the program rests on it.
    public let isImmutable: Bool

    init(id: String, name: String, description: String, domainID: String? = nil, isImmutable: Bool = false) {
        self.id = id
        self.name = name
        self.description = description
        self.domainID = domainID
        self.isImmutable = isImmutable
    }
}

/// A role to be made.
public struct NewRole: Sendable {
    /// 1 to 255 characters.
    public var name: String
    /// What it is for.
    public var description: String
    /// The domain it will belong to; nil for the whole cloud.
    public var domainID: String?
    /// Whether it can be neither changed nor deleted.
    public var isImmutable: Bool

    /// Describes a role.
    public init(name: String, description: String = "", domainID: String? = nil, isImmutable: Bool = false) {
        self.name = name
        self.description = description
        self.domainID = domainID
        self.isImmutable = isImmutable
    }
}

/// What is to change of a role; nil leaves as it is.
public struct RoleUpdate: Sendable {
    /// 1 to 255 characters.
    public var name: String?
    /// What it is for.
    public var description: String?
    /// Whether it can be changed no more; false lets it be changed again.
    public var isImmutable: Bool?

    /// Describes a change.
    public init(name: String? = nil, description: String? = nil, isImmutable: Bool? = nil) {
        self.name = name
        self.description = description
        self.isImmutable = isImmutable
    }
}

/// Which roles are wanted.
public struct RoleFilter: Sendable {
    /// Of this name, whatever its case; nil for any.
    public var name: String?
    /// Of this domain; nil for those of the whole cloud.
    public var domainID: String?

    /// Describes a choice.
    public init(name: String? = nil, domainID: String? = nil) {
        self.name = name
        self.domainID = domainID
    }
}

/// A role that holding another one includes.
public struct RoleInference: Hashable, Sendable {
    /// Whoever holds this role
    public let prior: Role
    /// holds this one too.
    public let implied: Role
}
