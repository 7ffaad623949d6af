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
    /// The project it is a part of; nil for one directly below its domain.
    public let parentID: String?
    /// Sorted.
    public let tags: [String]
    /// What clients keep with it.
    public let extra: ExtraAttributes
    /// Whether this is a domain, seen as the project at the top of its tree.
    public let isDomain: Bool
    /// Whether it can be neither changed nor deleted (keystone's option `immutable`).
    public let isImmutable: Bool

    init(
        id: String, domainID: String, name: String, description: String, isEnabled: Bool, parentID: String? = nil,
        tags: [String] = [], extra: ExtraAttributes = .none, isImmutable: Bool = false
    ) {
        self.id = id
        self.domainID = domainID
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
        self.parentID = parentID
        self.tags = tags
        self.extra = extra
        self.isImmutable = isImmutable
        isDomain = false
    }

    /// The same project with these tags.
    func with(_ tags: [String]) -> Project {
        Project(
            id: id, domainID: domainID, name: name, description: description, isEnabled: isEnabled,
            parentID: parentID, tags: tags, extra: extra, isImmutable: isImmutable)
    }

    /// A domain as a project.
    init(_ domain: Domain) {
        id = domain.id
        domainID = domain.id
        name = domain.name
        description = domain.description
        isEnabled = domain.isEnabled
        parentID = nil
        tags = []
        extra = .none
        isDomain = true
        isImmutable = domain.isImmutable
    }
}

/// A project to be made.
public struct NewProject: Sendable {
    /// The domain it will be in; nil for that of its parent, or else of who makes it.
    public var domainID: String?
    /// 1 to 64 characters.
    public var name: String
    /// What it is for.
    public var description: String
    /// Whether work can start in it.
    public var isEnabled: Bool
    /// The project it is to be a part of; nil, or the domain, for one directly below its domain.
    public var parentID: String?
    /// Each once.
    public var tags: [String] = []
    /// What clients keep with it.
    public var extra = ExtraAttributes.none
    /// Whether a domain is to be made.
    public var isDomain = false
    /// Whether it can be neither changed nor deleted.
    public var isImmutable = false

    /// Describes a project.
    public init(
        domainID: String? = Domain.defaultID, name: String, description: String = "", isEnabled: Bool = true,
        parentID: String? = nil
    ) {
        self.domainID = domainID
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
        self.parentID = parentID
    }
}

/// What is to change of a project; nil leaves as it is.
public struct ProjectUpdate: Sendable {
    /// 1 to 64 characters.
    public var name: String?
    /// What it is for.
    public var description: String?
    /// Whether work can go on in it.
    public var isEnabled: Bool?
    /// All its tags.
    public var tags: [String]?
    /// Added to what clients keep with it.
    public var extra = ExtraAttributes.none
    /// Whether it can be changed no more; false, and nothing else, lets it be changed again.
    public var isImmutable: Bool?

    /// Describes a change.
    public init(name: String? = nil, description: String? = nil, isEnabled: Bool? = nil, tags: [String]? = nil) {
        self.name = name
        self.description = description
        self.isEnabled = isEnabled
        self.tags = tags
    }

    /// Whether it does nothing but let the project be changed again.
    var onlyUnlocks: Bool {
        isImmutable == false && name == nil && description == nil && isEnabled == nil && tags == nil
            && extra.values.isEmpty
    }
}

/// Which projects are wanted; nil and empty is any.
public struct ProjectFilter: Sendable {
    /// In this domain.
    public var domainID: String?
    /// Of this name, whatever its case.
    public var name: String?
    /// Directly below this project or domain.
    public var parentID: String?
    /// Enabled or disabled.
    public var isEnabled: Bool?
    /// Domains seen as projects instead of projects.
    public var isDomain = false
    /// With all of these tags.
    public var tags: Set<String> = []
    /// With one of these tags.
    public var anyTags: Set<String> = []
    /// Without one of these tags.
    public var notTags: Set<String> = []
    /// Without any of these tags.
    public var notAnyTags: Set<String> = []

    /// Describes a choice.
    public init(domainID: String? = nil, name: String? = nil, parentID: String? = nil, isEnabled: Bool? = nil) {
        self.domainID = domainID
        self.name = name
        self.parentID = parentID
        self.isEnabled = isEnabled
    }

    /// What the store has no index for.
    func accepts(_ project: Project) -> Bool {
        let has = Set(project.tags)
        return (isEnabled == nil || project.isEnabled == isEnabled) && tags.isSubset(of: has)
            && (anyTags.isEmpty || !anyTags.isDisjoint(with: has))
            && (notTags.isEmpty || !notTags.isSubset(of: has)) && notAnyTags.isDisjoint(with: has)
    }
}
