/// How much of something a project may have unless a limit of its own says otherwise (Identity API v3, "Unified limits").
public struct RegisteredLimit: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// Of what service.
    public let serviceID: String
    /// In what region; nil for all.
    public let regionID: String?
    /// Of what: `snapshot`.
    public let resourceName: String
    /// How much; -1 is no limit.
    public let defaultLimit: Int
    /// What it is for.
    public let description: String?
}

/// How much of something one project or domain may have.
public struct Limit: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// What it takes the place of.
    public let registered: RegisteredLimit
    /// The project it is for; nil for a domain's.
    public let projectID: String?
    /// The domain it is for; nil for a project's.
    public let domainID: String?
    /// How much; -1 is no limit.
    public let resourceLimit: Int
    /// What it is for.
    public let description: String?
}

/// A limit to be registered.
public struct NewRegisteredLimit: Sendable {
    /// Of what service.
    public var serviceID: String
    /// In what region; nil for all.
    public var regionID: String?
    /// 1 to 255 characters.
    public var resourceName: String
    /// At least -1, which is no limit.
    public var defaultLimit: Int
    /// What it is for.
    public var description: String?

    /// Describes a limit.
    public init(serviceID: String, regionID: String? = nil, resourceName: String, defaultLimit: Int) {
        self.serviceID = serviceID
        self.regionID = regionID
        self.resourceName = resourceName
        self.defaultLimit = defaultLimit
    }
}

/// What is to change of a registered limit; nil leaves as it is.
public struct RegisteredLimitUpdate: Sendable {
    /// Of what service.
    public var serviceID: String?
    /// In what region; `.some(nil)` is all.
    public var regionID: String??
    /// 1 to 255 characters.
    public var resourceName: String?
    /// At least -1, which is no limit.
    public var defaultLimit: Int?
    /// What it is for; `.some(nil)` takes it away.
    public var description: String??

    /// Describes a change.
    public init() {}
}

/// A limit to be set.
public struct NewLimit: Sendable {
    /// Of what service.
    public var serviceID: String
    /// In what region; nil for all.
    public var regionID: String?
    /// Of what.
    public var resourceName: String
    /// The project it is for.
    public var projectID: String?
    /// The domain it is for.
    public var domainID: String?
    /// At least -1, which is no limit.
    public var resourceLimit: Int
    /// What it is for.
    public var description: String?

    /// Describes a limit.
    public init(serviceID: String, resourceName: String, resourceLimit: Int) {
        self.serviceID = serviceID
        self.resourceName = resourceName
        self.resourceLimit = resourceLimit
    }
}

/// Which limits are wanted; nil is any.
public struct LimitFilter: Sendable {
    /// Of this service.
    public var serviceID: String?
    /// In this region.
    public var regionID: String?
    /// Of this.
    public var resourceName: String?
    /// Of this project.
    public var projectID: String?
    /// Of this domain.
    public var domainID: String?

    /// Describes a choice.
    public init() {}

    func accepts(_ limit: RegisteredLimit) -> Bool {
        (serviceID == nil || limit.serviceID == serviceID) && (regionID == nil || limit.regionID == regionID)
            && (resourceName == nil || limit.resourceName == resourceName)
    }
}
