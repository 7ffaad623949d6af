import Database
public import ServiceCore

extension ImageService {
    /// Adds a tag. One that is there already is a success.
    /// - Throws: `ServiceError`: invalid with a violation on tags; overQuota with too many.
    public func addTag(_ tag: String, to id: ID<Image>, as context: RequestContext) throws {
        try changeTags(of: id, as: context) { $0 + [tag] }
    }

    /// Removes a tag.
    /// - Throws: `ServiceError`: notFound when the image has no such tag.
    public func removeTag(_ tag: String, from id: ID<Image>, as context: RequestContext) throws {
        try changeTags(of: id, as: context) { tags in
            guard tags.contains(tag) else { throw ServiceError.notFound("Tag", tag) }
            return tags.filter { $0 != tag }
        }
    }

    private func changeTags(
        of id: ID<Image>, as context: RequestContext, _ change: ([String]) throws -> [String]
    ) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                let old = try owned(id, for: ImagePolicy.modify, as: context, in: transaction)
                var update = ImageUpdate()
                update.tags = try change(old.tags)
                let violations = update.violations
                guard violations.isEmpty else { throw ServiceError.invalid(violations) }
                let image = try old.applying([.set(update)], at: clock.now())
                try ImageRules.requireWithinLimits(image)
                try save(image, over: old, in: transaction)
            }
        }
    }
}
