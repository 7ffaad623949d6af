/// A service that clients find in the catalogue.
public struct CatalogService: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// What it is, by OpenStack's list of service types: `compute`.
    public let type: String
    /// What it is called: `nova`.
    public let name: String?
    /// What it is for.
    public let description: String?
    /// A disabled service is not in the catalogue.
    public let isEnabled: Bool
}

/// A service to be entered.
public struct NewCatalogService: Sendable {
    /// 1 to 255 characters.
    public var type: String
    /// At most 255 characters.
    public var name: String?
    /// What it is for.
    public var description: String?
    /// Whether it is in the catalogue.
    public var isEnabled: Bool

    /// Describes a service.
    public init(type: String, name: String? = nil, description: String? = nil, isEnabled: Bool = true) {
        self.type = type
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
    }
}

/// What is to change of a service; nil leaves as it is.
public struct CatalogServiceUpdate: Sendable {
    /// 1 to 255 characters.
    public var type: String?
    /// At most 255 characters; `.some(nil)` takes it away.
    public var name: String??
    /// What it is for; `.some(nil)` takes it away.
    public var description: String??
    /// Whether it is in the catalogue.
    public var isEnabled: Bool?

    /// Describes a change.
    public init() {}
}

/// Which services are wanted; nil is any.
public struct CatalogServiceFilter: Sendable {
    /// Of this type.
    public var type: String?
    /// Of this name.
    public var name: String?

    /// Describes a choice.
    public init(type: String? = nil, name: String? = nil) {
        self.type = type
        self.name = name
    }
}
