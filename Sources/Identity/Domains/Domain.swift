/// A realm of projects and users; their names are unique within it.
public struct Domain: Hashable, Sendable, Identifiable {
    /// The domain every cloud has, as keystone's bootstrap makes it.
    public static let defaultID = "default"

    /// `default`, or 32 hexadecimal digits.
    public let id: String
    /// Unique, whatever its case.
    public let name: String
    /// What it is for.
    public let description: String
    /// Users of a disabled domain cannot log in.
    public let isEnabled: Bool
    /// Whether it can be neither changed nor deleted (keystone's option `immutable`).
    public let isImmutable: Bool

    init(id: String, name: String, description: String, isEnabled: Bool, isImmutable: Bool = false) {
        self.id = id
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
        self.isImmutable = isImmutable
    }
}

/// A domain to be made.
public struct NewDomain: Sendable {
    /// 1 to 64 characters.
    public var name: String
    /// What it is for.
    public var description: String
    /// Whether its users can log in.
    public var isEnabled: Bool
    /// Its identifier, 32 hexadecimal digits; nil for one of our choice.
    public var id: String?
    /// Whether it can be neither changed nor deleted.
    public var isImmutable = false

    /// Describes a domain.
    public init(name: String, description: String = "", isEnabled: Bool = true, id: String? = nil) {
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
        self.id = id
    }
}

/// What is to change of a domain; nil leaves as it is.
public struct DomainUpdate: Sendable {
    /// 1 to 64 characters.
    public var name: String?
    /// What it is for.
    public var description: String?
    /// Whether its users can log in.
    public var isEnabled: Bool?
    /// Whether it can be changed no more; false, and nothing else, lets it be changed again.
    public var isImmutable: Bool?

    /// Describes a change.
    public init(name: String? = nil, description: String? = nil, isEnabled: Bool? = nil) {
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
    }

    /// Whether it does nothing but let the domain be changed again.
    var onlyUnlocks: Bool { isImmutable == false && name == nil && description == nil && isEnabled == nil }
}

/// Which domains are wanted; nil is any.
public struct DomainFilter: Sendable {
    /// Of this name, whatever its case.
    public var name: String?
    /// Enabled or disabled.
    public var isEnabled: Bool?

    /// Describes a choice.
    public init(name: String? = nil, isEnabled: Bool? = nil) {
        self.name = name
        self.isEnabled = isEnabled
    }
}
