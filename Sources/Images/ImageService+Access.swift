import Database
import ServiceCore

extension ImageService {
    /// The image, if the caller may see it.
    func visible(_ id: ID<Image>, as context: RequestContext, in transaction: borrowing Transaction) throws -> Image {
        guard let image = try store.find(id, in: transaction) else { throw ServiceError.notFound("Image", id.text) }
        if context.canSee(projectID: image.ownerProjectID) { return image }
        switch image.visibility {
        case .public, .community: return image
        case .shared:
            // Whoever it is offered to can look at it before accepting.
            guard let project = context.projectID, try members.find(project, of: id, in: transaction) != nil else {
                throw ServiceError.notFound("Image", id.text)
            }
            return image
        case .private: throw ServiceError.notFound("Image", id.text)
        }
    }

    /// The image, if the caller may do to it what the rule is about. Who may not even see it is told nothing of it.
    func owned(
        _ id: ID<Image>, for rule: String, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> Image {
        let image = try visible(id, as: context, in: transaction)
        try ImagePolicy.policy.require(rule, on: image.ownerProjectID, context)
        return image
    }

    /// Refuses a visibility that the caller may not give.
    func require(_ visibility: ImageVisibility, as context: RequestContext) throws {
        switch visibility {
        case .public: try ImagePolicy.policy.require(ImagePolicy.publicize, context)
        case .community: try ImagePolicy.policy.require(ImagePolicy.communitize, context)
        case .private, .shared: break
        }
    }

    /// Writes what has changed and tells who looks at it.
    func save(_ image: Image, over old: Image, in transaction: borrowing Transaction) throws {
        guard try store.save(image, over: old, in: transaction) else { throw Self.changedMeanwhile }
        announce(image, .updated, in: transaction)
    }

    /// Changes an image that is still in the status it was read with, whatever else has changed about it since.
    @discardableResult
    func advance(
        _ image: Image, in transaction: borrowing Transaction, _ change: (inout Image) -> Void
    ) throws -> Image {
        guard let current = try store.find(image.id, in: transaction), current.status == image.status else {
            throw Self.changedMeanwhile
        }
        var changed = current
        change(&changed)
        changed.updatedAt = clock.now()
        try save(changed, over: current, in: transaction)
        return changed
    }

    func announce(_ image: Image, _ what: ResourceEvent.Change, in transaction: borrowing Transaction) {
        let owner = image.visibility == .private ? image.ownerProjectID : nil
        events.publish(ResourceEvent(kind: "image", id: image.id.text, projectID: owner, what: what), in: transaction)
    }

    /// The row that is asked for.
    func image(from new: NewImage, ownedBy projectID: String) throws -> Image {
        for name in new.properties.keys { try ImageRules.requireFree(name) }
        let violations = new.violations
        guard violations.isEmpty else { throw ServiceError.invalid(violations) }
        let now = clock.now()
        let image = Image(
            id: new.id.map { ID<Image>($0.lowercased()) } ?? .random(), name: new.name, status: .queued,
            visibility: new.visibility, ownerProjectID: projectID,
            diskFormat: new.diskFormat.flatMap(ImageFormat.init(rawValue:)), containerFormat: new.containerFormat,
            minDiskGiB: new.minDiskGiB, minRAMMiB: new.minRAMMiB, createdAt: now, updatedAt: now,
            protected: new.protected, isHidden: new.isHidden, properties: new.properties, tags: Set(new.tags).sorted())
        try ImageRules.requireWithinLimits(image)
        return image
    }

    static let changedMeanwhile = ServiceError.conflict(
        code: "image_changed", "The image was changed by somebody else at the same time.")
    static let ownerIsFixed = ServiceError(
        .forbidden, code: "owner_is_fixed", "Only administrators may give an image to another project.")

    static func foreignOwner(_ project: String) -> ServiceError {
        ServiceError(
            .forbidden, code: "foreign_owner",
            Message("You are not permitted to create images owned by '{project}'.", ["project": project]))
    }

    static func idIsTaken(_ id: ID<Image>) -> ServiceError {
        .conflict(code: "already_exists", Message("Image ID {id} already exists!", ["id": id.text]))
    }

    static func unknownMarker(_ marker: String) -> ServiceError {
        .invalid([
            Violation(
                field: "marker", code: "not_found", message: Message("There is no image with this identifier."),
                value: marker)
        ])
    }
}
