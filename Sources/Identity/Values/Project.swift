/// What resources belong to.
public struct Project: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// The domain it is in.
    public let domainID: String
    /// Unique within the domain, whatever its case.
    public let name: String
    /// What it is for.
    public let description: String
    /// Nobody can work in a disabled project.
    public let isEnabled: Bool
}

/// A project to be made.
public struct NewProject: Sendable {
    /// The domain it will be in.
    public var domainID: String
    /// 1 to 64 characters.
    public var name: String
    /// What it is for.
    public var description: String
    /// Whether work can start in it.
    public var isEnabled: Bool

    /// Describes a project.
    public init(domainID: String = Domain.defaultID, name: String, description: String = "", isEnabled: Bool = true) {
        self.domainID = domainID
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
    }
}
