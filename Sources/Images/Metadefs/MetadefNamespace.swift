public import Database
public import ServiceCore

/// A namespace of the catalogue of metadata definitions (Image API v2, "Metadata definitions"): which properties images,
/// flavors and volumes can have, and what they mean.
public struct MetadefNamespace: Sendable {
    /// Who sees it.
    public enum Visibility: String, Sendable, CaseIterable, DatabaseValue {
        case `public`, `private`
    }

    /// At most 80 characters; unique.
    public var name: String
    /// For people, at most 80 characters; nil when it is the name.
    public var displayName: String?
    /// At most 500 characters.
    public var description: String?
    /// Who sees it.
    public var visibility: Visibility
    /// A protected namespace cannot be deleted.
    public var isProtected: Bool
    /// Whose it is.
    public var ownerProjectID: String
    /// When it was made.
    public let createdAt: Timestamp
    /// When it last changed.
    public var updatedAt: Timestamp
}

/// What is asked for when a namespace is created or changed. Nothing in it has been checked.
public struct NewMetadefNamespace: Sendable {
    /// As in `MetadefNamespace`.
    public var name: String
    /// As in `MetadefNamespace`.
    public var displayName: String?
    /// As in `MetadefNamespace`.
    public var description: String?
    /// As in `MetadefNamespace`.
    public var visibility = MetadefNamespace.Visibility.private
    /// As in `MetadefNamespace`.
    public var isProtected = false
    /// As in `MetadefNamespace`; nil: the caller's project.
    public var ownerProjectID: String?
    /// What it holds from the beginning.
    public var items: [NewMetadefItem] = []

    /// Asks for a private namespace.
    public init(name: String) {
        self.name = name
    }
}

/// One entry of a namespace.
public struct MetadefItem: Sendable {
    /// What an entry is.
    public enum Kind: String, Sendable, CaseIterable, DatabaseValue {
        /// Properties that go together.
        case object
        /// A property.
        case property
        /// A plain word.
        case tag
        /// What the namespace is for.
        case resourceType = "resource_type"

        var label: String {
            switch self {
            case .object: "Metadata definition object"
            case .property: "Metadata definition property"
            case .tag: "Metadata definition tag"
            case .resourceType: "Metadata definition resource-type association"
            }
        }
    }

    /// What it is.
    public let kind: Kind
    /// At most 80 characters; unique in the namespace among its kind.
    public let name: String
    /// What it says beside its name: a JSON object.
    public let json: String
    /// When it was made.
    public let createdAt: Timestamp
    /// When it last changed.
    public let updatedAt: Timestamp
}

/// What is asked for when an entry is created or changed.
public struct NewMetadefItem: Sendable {
    /// As in `MetadefItem`.
    public let kind: MetadefItem.Kind
    /// As in `MetadefItem`.
    public let name: String
    /// As in `MetadefItem`.
    public let json: String

    /// Makes a request.
    public init(_ kind: MetadefItem.Kind, name: String, json: String = "{}") {
        self.kind = kind
        self.name = name
        self.json = json
    }
}

/// What a list of namespaces is narrowed to. Every field that is set must match.
public struct MetadefFilter: Sendable {
    /// Who sees it.
    public var visibility: MetadefNamespace.Visibility?
    /// For one of these kinds of resources.
    public var resourceTypes: [String]?
    /// The oldest first instead of the newest.
    public var isAscending = false

    /// Everything.
    public init() {}
}
