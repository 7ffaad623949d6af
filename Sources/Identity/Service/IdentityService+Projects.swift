import Database
public import ServiceCore

extension IdentityService {
    /// The projects in which a user can work, by name.
    /// - Throws: `ServiceError`.
    public func projects(for userID: String) throws -> [Project] {
        try read { try projectStore.projects(of: userID, in: $0) }
    }

    /// All projects, or those of one domain, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func projects(inDomain domainID: String? = nil, as context: RequestContext) throws -> [Project] {
        try policy.require("identity:list_projects", context)
        return try read { try projectStore.all(domainID: domainID, in: $0) }
    }

    /// One project; for others than administrators only one of their own.
    /// - Throws: `ServiceError`.
    public func project(_ id: String, as context: RequestContext) throws -> Project {
        try read { transaction in
            let project = try projectStore.project(id: id, in: transaction)
            guard let project, try maySee(project, context, in: transaction) else {
                throw ServiceError.notFound("Project", id)
            }
            return project
        }
    }

    /// Makes a project.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createProject(_ new: NewProject, as context: RequestContext) throws -> Project {
        try policy.require("identity:create_project", context)
        try IdentityRules.refuse(IdentityRules.name(new.name, longest: 64))
        let project = Project(
            id: RandomIdentifier.hexadecimal(), domainID: new.domainID, name: new.name, description: new.description,
            isEnabled: new.isEnabled)
        return try write { transaction in
            guard try domainStore.domain(id: new.domainID, in: transaction) != nil else {
                throw ServiceError.notFound("Domain", new.domainID)
            }
            let namesake = try projectStore.project(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil else { throw ServiceError.nameTaken("project", new.name) }
            try projectStore.insert(project, in: transaction)
            return project
        }
    }

    /// Renames, describes, enables or disables a project; nil leaves as it is.
    /// - Throws: `ServiceError`.
    public func updateProject(
        _ id: String, name: String? = nil, description: String? = nil, isEnabled: Bool? = nil,
        as context: RequestContext
    ) throws -> Project {
        try policy.require("identity:update_project", context)
        if let name { try IdentityRules.refuse(IdentityRules.name(name, longest: 64)) }
        return try write { transaction in
            guard let old = try projectStore.project(id: id, in: transaction) else {
                throw ServiceError.notFound("Project", id)
            }
            let new = Project(
                id: id, domainID: old.domainID, name: name ?? old.name, description: description ?? old.description,
                isEnabled: isEnabled ?? old.isEnabled)
            let namesake = try projectStore.project(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil || namesake?.id == id else { throw ServiceError.nameTaken("project", new.name) }
            try projectStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes a project with its role assignments. What the other services keep for it is theirs to clear.
    /// - Throws: `ServiceError`.
    public func deleteProject(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_project", context)
        guard id != context.projectID else {
            throw ServiceError.conflict(
                code: "own_project", "The project you are working in cannot be deleted. Switch to another one first.")
        }
        let isDeleted = try write { try projectStore.delete(id: id, in: $0) }
        guard isDeleted else { throw ServiceError.notFound("Project", id) }
    }

    private func maySee(
        _ project: Project, _ context: RequestContext, in transaction: borrowing Transaction
    ) throws -> Bool {
        if context.canSee(projectID: project.id) { return true }
        return try projectStore.projects(of: context.userID, in: transaction).contains { $0.id == project.id }
    }
}
