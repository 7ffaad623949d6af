/// Users who are given roles together.
public struct Group: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// The domain it is in.
    public let domainID: String
    /// Unique within the domain, whatever its case.
    public let name: String
    /// May be empty.
    public let description: String
    /// What clients keep with it.
    public let extra: ExtraAttributes
}

/// A group to be made.
public struct NewGroup: Sendable {
    /// The domain it will be in; nil for that of who makes it.
    public var domainID: String?
    /// 1 to 64 characters.
    public var name: String
    /// May be empty.
    public var description: String
    /// What clients keep with it.
    public var extra = ExtraAttributes.none

    /// Describes a group.
    public init(domainID: String? = Domain.defaultID, name: String, description: String = "") {
        self.domainID = domainID
        self.name = name
        self.description = description
    }
}

/// What is to change of a group; nil leaves as it is.
public struct GroupUpdate: Sendable {
    /// 1 to 64 characters.
    public var name: String?
    /// May be empty.
    public var description: String?
    /// Added to what clients keep with it.
    public var extra = ExtraAttributes.none

    /// Describes a change.
    public init(name: String? = nil, description: String? = nil) {
        self.name = name
        self.description = description
    }
}

/// Which groups are wanted; nil is any.
public struct GroupFilter: Sendable {
    /// In this domain.
    public var domainID: String?
    /// Of this name, whatever its case.
    public var name: String?

    /// Describes a choice.
    public init(domainID: String? = nil, name: String? = nil) {
        self.domainID = domainID
        self.name = name
    }
}
