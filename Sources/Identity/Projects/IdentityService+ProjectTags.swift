import Database
public import ServiceCore

extension IdentityService {
    /// Gives a project these tags and no others.
    /// - Throws: `ServiceError`.
    public func setTags(_ tags: [String], of projectID: String, as context: RequestContext) throws -> [String] {
        try changeTags(of: projectID, as: context) { _ in tags }
    }

    /// Gives a project one more tag; giving it again changes nothing.
    /// - Throws: `ServiceError`.
    public func addTag(_ tag: String, to projectID: String, as context: RequestContext) throws {
        _ = try changeTags(of: projectID, as: context) { $0.contains(tag) ? $0 : $0 + [tag] }
    }

    /// Takes a tag from a project.
    /// - Throws: `ServiceError`; notFound when it does not have it.
    public func removeTag(_ tag: String, from projectID: String, as context: RequestContext) throws {
        _ = try changeTags(of: projectID, as: context) { tags in
            guard tags.contains(tag) else { throw ServiceError.notFound("Project tag", tag) }
            return tags.filter { $0 != tag }
        }
    }

    private func changeTags(
        of projectID: String, as context: RequestContext, _ change: ([String]) throws -> [String]
    ) throws -> [String] {
        try policy.require("identity:update_project_tags", context)
        return try write { transaction in
            let old = try known(project: projectID, in: transaction)
            guard !old.isImmutable else { throw ServiceError.immutable("project", old.name) }
            let tags = try change(old.tags)
            try IdentityRules.refuse(IdentityRules.tags(tags))
            let new = old.with(tags.sorted())
            try projectStore.update(new, in: transaction)
            return new.tags
        }
    }
}
