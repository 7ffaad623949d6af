public import Database
public import ServiceCore

/// Work on an image that goes on after its request (Image API v2, "Tasks").
public struct ImageTask: Sendable {
    /// What is done.
    public enum Kind: String, Sendable, CaseIterable, DatabaseValue {
        /// An image is made of what an administrator names.
        case `import`
        /// An image that is there already gets its bytes.
        case imageImport = "api_image_import"
    }

    /// How far it is.
    public enum Status: String, Sendable, CaseIterable, DatabaseValue {
        case pending, processing, success, failure
    }

    /// A UUID.
    public let id: ID<ImageTask>
    /// What is done.
    public let kind: Kind
    /// How far it is.
    public var status: Status
    /// For which project.
    public let projectID: String
    /// Who asked for it.
    public let userID: String
    /// With which request.
    public let requestID: String
    /// The image; nil until there is one.
    public var imageID: ID<Image>?
    /// What was asked for, as JSON.
    public let input: String
    /// What came of it, as JSON; nil until then.
    public var result: String?
    /// Why it failed; empty when it did not.
    public var message: String
    /// When it was asked for.
    public let createdAt: Timestamp
    /// When it last changed.
    public var updatedAt: Timestamp
    /// When it is forgotten; nil until it has ended.
    public var expiresAt: Timestamp?

    /// Whether nothing more will happen.
    public var isOver: Bool { status == .success || status == .failure }

    /// Glance's `task_time_to_live`, two days.
    static let secondsKept: Int64 = 48 * 3600
}

/// What a list of tasks is narrowed to. Every field that is set must match.
public struct ImageTaskFilter: Sendable {
    /// What is done.
    public var kind: ImageTask.Kind?
    /// How far it is.
    public var status: ImageTask.Status?
    /// The oldest first instead of the newest.
    public var isAscending = false

    /// Everything.
    public init() {}
}
