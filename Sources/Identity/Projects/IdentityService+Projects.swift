import Database
public import ServiceCore

extension IdentityService {
    /// The projects in which a user can work, by name.
    /// - Throws: `ServiceError`.
    public func projects(for userID: String) throws -> [Project] {
        try read { try projects(openTo: userID, in: $0) }
    }

    /// The projects on which a user holds a role, by name, disabled ones included: keystone's list of a user's projects.
    /// - Throws: `ServiceError`; forbidden for another user's unless administrator.
    public func projects(ofUser userID: String, as context: RequestContext) throws -> [Project] {
        try read { transaction in
            let user = try userStore.record(id: userID, in: transaction)?.user
            if context.userID != userID {
                try policy.require("identity:list_user_projects", inDomain: user?.domainID, context)
            }
            guard user != nil else { throw ServiceError.notFound("User", userID) }
            return try projects(heldBy: userID, in: transaction)
        }
    }

    /// All projects, or those of one domain, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator.
    public func projects(inDomain domainID: String? = nil, as context: RequestContext) throws -> [Project] {
        try projects(ProjectFilter(domainID: domainID), as: context)
    }

    /// The projects that are wanted, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator, reader of the system, or reader of a domain, who sees
    ///   the domain's own.
    public func projects(_ filter: ProjectFilter, as context: RequestContext) throws -> [Project] {
        var filter = filter
        if !policy.allows("identity:list_projects", context), filter.domainID == nil {
            filter.domainID = context.domainID
        }
        try policy.require("identity:list_projects", inDomain: filter.domainID, context)
        return try read { transaction in
            guard filter.isDomain else { return try projectStore.all(filter, in: transaction) }
            guard filter.parentID == nil, filter.domainID == nil else { return [] }
            let domains = try domainStore.all(DomainFilter(name: filter.name), in: transaction)
            return domains.map(Project.init).filter(filter.accepts)
        }
    }

    /// One project; for others than administrators only the one they work in.
    /// - Throws: `ServiceError`.
    public func project(_ id: String, as context: RequestContext) throws -> Project {
        try read { transaction in
            let project = try find(project: id, in: transaction)
            if context.projectID != id {
                try policy.require("identity:get_project", inDomain: project?.domainID, context)
            }
            guard let project else { throw ServiceError.notFound("Project", id) }
            return project
        }
    }

    /// What a project is a part of, from its parent up, and everything that is a part of it.
    /// - Throws: `ServiceError`.
    public func surroundings(
        of projectID: String, as context: RequestContext
    ) throws -> (parents: [Project], subtree: [Project]) {
        let project = try project(projectID, as: context)
        return try read { transaction in
            let tree = ProjectTree(store: projectStore)
            return try (
                tree.ancestors(of: project, in: transaction), tree.descendants(of: projectID, in: transaction)
            )
        }
    }

    /// Makes a project.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createProject(_ new: NewProject, as context: RequestContext) throws -> Project {
        if new.isDomain {
            var domain = NewDomain(name: new.name, description: new.description, isEnabled: new.isEnabled)
            domain.isImmutable = new.isImmutable
            return Project(try createDomain(domain, as: context))
        }
        try policy.require("identity:create_project", context)
        try IdentityRules.refuse(
            IdentityRules.name(new.name, longest: 64) + IdentityRules.description(new.description)
                + IdentityRules.tags(new.tags) + new.extra.violations)
        return try write { transaction in
            let place = try place(for: new, context, in: transaction)
            let project = Project(
                id: RandomIdentifier.hexadecimal(), domainID: place.domainID, name: new.name,
                description: new.description, isEnabled: new.isEnabled, parentID: place.parentID,
                tags: new.tags.sorted(), extra: new.extra, isImmutable: new.isImmutable)
            let namesake = try projectStore.project(named: new.name, domainID: place.domainID, in: transaction)
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
        try updateProject(id, ProjectUpdate(name: name, description: description, isEnabled: isEnabled), as: context)
    }

    /// Changes a project. One is not disabled above enabled ones, nor enabled below disabled ones.
    /// - Throws: `ServiceError`; forbidden `immutable`.
    public func updateProject(_ id: String, _ update: ProjectUpdate, as context: RequestContext) throws -> Project {
        try policy.require("identity:update_project", context)
        if try read({ try domainStore.domain(id: id, in: $0) }) != nil {
            var change = DomainUpdate(
                name: update.name, description: update.description, isEnabled: update.isEnabled)
            change.isImmutable = update.isImmutable
            return Project(try updateDomain(id, change, as: context))
        }
        try IdentityRules.refuse(
            (update.name.map { IdentityRules.name($0, longest: 64) } ?? [])
                + IdentityRules.description(update.description) + IdentityRules.tags(update.tags ?? [])
                + update.extra.violations)
        return try write { transaction in
            let old = try known(project: id, in: transaction)
            guard !old.isImmutable || update.onlyUnlocks else { throw ServiceError.immutable("project", old.name) }
            let new = Project(
                id: id, domainID: old.domainID, name: update.name ?? old.name,
                description: update.description ?? old.description, isEnabled: update.isEnabled ?? old.isEnabled,
                parentID: old.parentID, tags: update.tags?.sorted() ?? old.tags,
                extra: old.extra.merging(update.extra),
                isImmutable: update.isImmutable ?? old.isImmutable)
            let namesake = try projectStore.project(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil || namesake?.id == id else { throw ServiceError.nameTaken("project", new.name) }
            if new.isEnabled != old.isEnabled { try refuseBrokenTree(new, in: transaction) }
            try projectStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes a project with its role assignments. What the other services keep for it is theirs to clear.
    /// - Throws: `ServiceError`; forbidden `not_a_leaf` when other projects are a part of it, `immutable`.
    public func deleteProject(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_project", context)
        guard id != context.projectID else {
            throw ServiceError.conflict(
                code: "own_project", "The project you are working in cannot be deleted. Switch to another one first.")
        }
        if try read({ try domainStore.domain(id: id, in: $0) }) != nil {
            return try deleteDomain(id, as: context)
        }
        try write { transaction in
            let project = try known(project: id, in: transaction)
            guard !project.isImmutable else { throw ServiceError.immutable("project", project.name) }
            guard try projectStore.children(of: id, in: transaction).isEmpty else {
                throw ServiceError(
                    .forbidden, code: "not_a_leaf", "The project cannot be deleted: other projects are a part of it.")
            }
            try credentialStore.delete(projectID: id, in: transaction)
            _ = try projectStore.delete(id: id, in: transaction)
        }
    }

    func known(project id: String, in transaction: borrowing Transaction) throws -> Project {
        guard let project = try projectStore.project(id: id, in: transaction) else {
            throw ServiceError.notFound("Project", id)
        }
        return project
    }

    /// The project, or domain, of an identifier.
    private func find(project id: String, in transaction: borrowing Transaction) throws -> Project? {
        try projectStore.project(id: id, in: transaction)
            ?? domainStore.domain(id: id, in: transaction).map(Project.init)
    }

    private func place(
        for new: NewProject, _ context: RequestContext, in transaction: borrowing Transaction
    ) throws -> (domainID: String, parentID: String?) {
        if let parentID = new.parentID, try domainStore.domain(id: parentID, in: transaction) == nil {
            let parent = try known(project: parentID, in: transaction)
            guard new.domainID == nil || new.domainID == parent.domainID else {
                let message: Message = "The parent is in another domain."
                throw ServiceError.invalid([Violation(field: "parent_id", code: "other_domain", message: message)])
            }
            let above = try ProjectTree(store: projectStore).ancestors(of: parent, in: transaction)
            guard above.count + 3 <= ProjectTree.deepest else {
                throw ServiceError(.forbidden, code: "too_deep", "Projects are nested too deeply.")
            }
            guard !new.isEnabled || (above + [parent]).allSatisfy(\.isEnabled) else {
                throw ServiceError.disabledParent
            }
            return (parent.domainID, parent.id)
        }
        let domainID =
            new.domainID ?? new.parentID ?? context.domainID ?? context.projectDomainID ?? Domain.defaultID
        guard new.parentID == nil || new.parentID == domainID else {
            let message: Message = "The parent is another domain."
            throw ServiceError.invalid([Violation(field: "parent_id", code: "other_domain", message: message)])
        }
        _ = try known(domain: domainID, in: transaction)
        return (domainID, nil)
    }

    private func refuseBrokenTree(_ project: Project, in transaction: borrowing Transaction) throws {
        let tree = ProjectTree(store: projectStore)
        if project.isEnabled {
            let above = try tree.ancestors(of: project, in: transaction)
            guard above.allSatisfy(\.isEnabled) else { throw ServiceError.disabledParent }
        } else {
            let below = try tree.descendants(of: project.id, in: transaction)
            guard below.allSatisfy({ !$0.isEnabled }) else {
                throw ServiceError(
                    .forbidden, code: "enabled_subtree",
                    "The project cannot be disabled: it has parts that are enabled.")
            }
        }
    }
}

extension ServiceError {
    /// A refusal to change or delete what is marked as not to be changed.
    static func immutable(_ what: String, _ name: String) -> ServiceError {
        let message = Message(
            "The {resource} {name} cannot be changed or deleted: it is immutable.", ["resource": what, "name": name])
        return ServiceError(.forbidden, code: "immutable", message)
    }

    static let disabledParent = ServiceError(
        .forbidden, code: "disabled_parent", "The project cannot be enabled: it is a part of a disabled one.")
}
