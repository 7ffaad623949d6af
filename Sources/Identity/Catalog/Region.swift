/// A part of the cloud with endpoints of its own.
public struct Region: Hashable, Sendable, Identifiable {
    /// A name of somebody's choice, or 32 hexadecimal digits.
    public let id: String
    /// May be empty.
    public let description: String
    /// The region it is a part of.
    public let parentID: String?
}

/// A region to be made.
public struct NewRegion: Sendable {
    /// Its identifier; nil for one of our choice.
    public var id: String?
    /// May be empty.
    public var description: String
    /// The region it is to be a part of.
    public var parentID: String?

    /// Describes a region.
    public init(id: String? = nil, description: String = "", parentID: String? = nil) {
        self.id = id
        self.description = description
        self.parentID = parentID
    }
}

/// What is to change of a region; nil leaves as it is.
public struct RegionUpdate: Sendable {
    /// May be empty.
    public var description: String?
    /// `.some(nil)` makes it a part of none.
    public var parentID: String??

    /// Describes a change.
    public init(description: String? = nil, parentID: String?? = nil) {
        self.description = description
        self.parentID = parentID
    }
}
