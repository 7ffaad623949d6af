import Database
public import ServiceCore

/// With whom an image is shared. Owners offer, members accept or decline; only shared images have members.
extension ImageService {
    /// The members that the caller may see: to the owner all, to a member itself.
    /// - Throws: `ServiceError`: notFound; forbidden when the image is not a shared one.
    public func members(of id: ID<Image>, as context: RequestContext) throws -> [ImageMember] {
        try ServiceError.wrapping {
            try database.read { transaction in
                let image = try shared(id, for: ImagePolicy.getMembers, as: context, in: transaction)
                let all = try members.list(of: id, in: transaction)
                return context.canSee(projectID: image.ownerProjectID)
                    ? all : all.filter { $0.projectID == context.projectID }
            }
        }
    }

    /// - Throws: `ServiceError`: notFound, also when the image is not a shared one.
    public func member(_ projectID: String, of id: ID<Image>, as context: RequestContext) throws -> ImageMember {
        do {
            return try ServiceError.wrapping {
                try database.read { transaction in
                    let image = try shared(id, for: ImagePolicy.getMembers, as: context, in: transaction)
                    return try member(projectID, of: image, as: context, in: transaction)
                }
            }
        } catch let error as ServiceError where error.kind == .forbidden {
            throw ServiceError.notFound("Image member", projectID)
        }
    }

    /// Offers an image to a project.
    /// - Throws: `ServiceError`: invalid with a violation on member; forbidden when the image is not a shared one or not
    ///   the caller's; conflict when it is offered already; overQuota with too many members.
    public func addMember(_ projectID: String, to id: ID<Image>, as context: RequestContext) throws -> ImageMember {
        try ServiceError.wrapping {
            guard (1...255).contains(projectID.utf8.count) else {
                let message = Message("A member is a project's identifier of 1 to 255 bytes.")
                throw ServiceError.invalid([
                    Violation(field: "member", code: "required", message: message, value: projectID)
                ])
            }
            return try database.write { transaction in
                let image = try shared(id, for: ImagePolicy.changeMembers, as: context, in: transaction)
                try ImagePolicy.policy.require(ImagePolicy.changeMembers, on: image.ownerProjectID, context)
                let others = try members.list(of: id, in: transaction)
                guard !others.contains(where: { $0.projectID == projectID }) else {
                    throw ServiceError.conflict(
                        code: "already_exists",
                        Message("The image is shared with project {project} already.", ["project": projectID]))
                }
                try ImageRules.require(others.count + 1, atMost: ImageMember.limit, of: "members")
                let now = clock.now()
                let member = ImageMember(
                    imageID: id, projectID: projectID, status: .pending, createdAt: now, updatedAt: now)
                try members.save(member, in: transaction)
                announce(image, .updated, in: transaction)
                return member
            }
        }
    }

    /// Accepts or declines an offer; for the member alone. An owner cannot accept in its place.
    /// - Throws: `ServiceError`: forbidden; notFound.
    public func setStatus(
        _ status: ImageMember.Status, ofMember projectID: String, of id: ID<Image>, as context: RequestContext
    ) throws -> ImageMember {
        try ServiceError.wrapping {
            try database.write { transaction in
                let image = try shared(id, for: ImagePolicy.acceptMember, as: context, in: transaction)
                guard context.isAdmin || context.projectID != image.ownerProjectID else {
                    throw ServiceError.forbidden(ImagePolicy.acceptMember)
                }
                var member = try member(projectID, of: image, as: context, in: transaction)
                member.status = status
                member.updatedAt = clock.now()
                try members.save(member, in: transaction)
                announce(image, .updated, in: transaction)
                return member
            }
        }
    }

    /// Whether the caller may accept and decline what is offered to its project.
    public func canAnswerOffers(as context: RequestContext) -> Bool {
        ImagePolicy.policy.allows(ImagePolicy.acceptMember, context)
    }

    /// Takes an offer back.
    /// - Throws: `ServiceError`: forbidden; notFound.
    public func removeMember(_ projectID: String, from id: ID<Image>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let image = try shared(id, for: ImagePolicy.changeMembers, as: context, in: transaction)
                try ImagePolicy.policy.require(ImagePolicy.changeMembers, on: image.ownerProjectID, context)
                _ = try member(projectID, of: image, as: context, in: transaction)
                try members.delete(projectID, of: id, in: transaction)
                announce(image, .updated, in: transaction)
            }
        }
    }

    private func shared(
        _ id: ID<Image>, for rule: String, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> Image {
        let image = try visible(id, as: context, in: transaction)
        guard image.visibility == .shared else {
            throw ServiceError(.forbidden, code: "image_not_shared", "Only shared images have members.")
        }
        try ImagePolicy.policy.require(rule, context)
        return image
    }

    private func member(
        _ projectID: String, of image: Image, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> ImageMember {
        guard context.canSee(projectID: image.ownerProjectID) || context.projectID == projectID,
            let member = try members.find(projectID, of: image.id, in: transaction)
        else { throw ServiceError.notFound("Image member", projectID) }
        return member
    }
}
