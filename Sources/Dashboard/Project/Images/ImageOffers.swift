import Images
import ServiceCore

/// What a project can say to an image that another one shares with it.
struct ImageOffers: Sendable {
    let images: ImageService
    let context: RequestContext

    /// What can be said now; nothing of images that are not offered to the project.
    func actions(_ image: Image) -> [RowAction] {
        guard image.visibility == .shared, let project = context.projectID, project != image.ownerProjectID,
            images.canAnswerOffers(as: context), let member = try? images.member(project, of: image.id, as: context)
        else { return [] }
        switch member.status {
        case .pending: return [.perform("accept"), .perform("reject")]
        case .accepted: return [.perform("reject")]
        case .rejected: return [.perform("accept")]
        }
    }

    func deeds() -> [TableAction] {
        [
            TableAction(
                name: "accept", title: Message("Accept Image"),
                done: Message("Accepted image: {names}"), failed: Message("Unable to accept image: {names}")
            ) { try answer(.accepted, $0) },
            TableAction(
                name: "reject", title: Message("Reject Image"),
                done: Message("Rejected image: {names}"), failed: Message("Unable to reject image: {names}")
            ) { try answer(.rejected, $0) },
        ]
    }

    private func answer(_ status: ImageMember.Status, _ id: String) throws {
        _ = try images.setStatus(status, ofMember: context.requireProject(), of: .named(id), as: context)
    }
}

extension ID<Image> {
    /// An identifier as a form sends it.
    /// - Throws: `ServiceError`: notFound for what cannot be one.
    static func named(_ text: String) throws -> ID<Image> {
        guard let id = ID<Image>(untrusted: text) else { throw ServiceError.notFound("Image", text) }
        return id
    }
}
