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

    /// Describes a change.
    public init(name: String? = nil, description: String? = nil, isEnabled: Bool? = nil) {
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
    }
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
