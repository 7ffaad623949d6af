public import Database
public import ServiceCore

/// A project that a shared image is offered to (Image API v2, "Sharing").
public struct ImageMember: Sendable {
    /// What the project says to the offer.
    public enum Status: String, Sendable, CaseIterable, DatabaseValue {
        /// Nothing yet.
        case pending
        /// The image is among the project's own from now on.
        case accepted
        /// It is not.
        case rejected
    }

    /// Which image.
    public let imageID: ID<Image>
    /// Which project.
    public let projectID: String
    /// What it says.
    public var status: Status
    /// When it was offered.
    public let createdAt: Timestamp
    /// When the status last changed.
    public var updatedAt: Timestamp

    /// Glance's `image_member_quota`.
    static let limit = 128
}
