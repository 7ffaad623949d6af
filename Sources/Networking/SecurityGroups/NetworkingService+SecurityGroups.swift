import Database
public import ServiceCore

extension NetworkingService {
    /// Security groups by name, with their rules: the project's own and those it may use. A project's default group is
    /// made when it is first looked for, as in neutron.
    /// - Throws: `ServiceError`: forbidden when all groups are asked for by others than administrators.
    public func securityGroups(
        _ filter: SecurityGroupFilter = SecurityGroupFilter(), as context: RequestContext
    ) throws -> [SecurityGroup] {
        guard mayLook(context) else { return [] }
        if case .everything = filter.scope {
            guard context.isAdmin else { throw ServiceError.forbidden(NetworkingPolicy.get) }
            return try read { try groupStore.list(filter, visibleTo: nil, in: $0) }
        }
        let projectID = try context.requireProject()
        try ensureDefaultGroup(of: projectID)
        return try read { try groupStore.list(filter, visibleTo: projectID, in: $0) }
    }

    /// - Throws: `ServiceError`: notFound.
    public func securityGroup(_ id: ID<SecurityGroup>, as context: RequestContext) throws -> SecurityGroup {
        try read { try visibleGroup(id, context, $0) }
    }

    /// Whether the caller may edit a group, its rules, and delete it: which buttons a page shows.
    public func canChange(_ group: SecurityGroup, as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.updateSecurityGroup, context)
            && context.canSee(projectID: group.projectID)
    }

    /// Makes a group that lets everything out and nothing in.
    /// - Throws: `ServiceError`: invalid, forbidden, overQuota, conflict `security_group_default_exists`.
    public func createSecurityGroup(_ new: NewSecurityGroup, as context: RequestContext) throws -> SecurityGroup {
        try createSecurityGroups([new], as: context)[0]
    }

    /// Makes all of several groups, or none.
    /// - Throws: `ServiceError`, as ``createSecurityGroup(_:as:)``.
    public func createSecurityGroups(
        _ all: [NewSecurityGroup], as context: RequestContext
    ) throws -> [SecurityGroup] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createSecurityGroup, context)
        return try write { transaction in
            try all.map { new in
                let projectID = try owner(new.projectID, context)
                try check(name: new.name, description: new.description)
                _ = try defaultGroup(of: projectID, transaction)
                try requireQuota(.securityGroup, adding: 1, projectID, transaction)
                var group = emptyGroup(new.name, new.description, projectID, isDefault: false)
                group.stateful = new.stateful
                group.rules = openings(of: group)
                try groupStore.insert(group, in: transaction)
                changed(group, .created, transaction)
                return group
            }
        }
    }

    /// - Throws: `ServiceError`: notFound, forbidden, invalid, conflict `revision_conflict`,
    ///   `security_group_cannot_update_default`, `security_group_in_use` when ports have it and `stateful` changes.
    public func updateSecurityGroup(
        _ id: ID<SecurityGroup>, _ update: SecurityGroupUpdate, as context: RequestContext
    ) throws -> SecurityGroup {
        try write { transaction in
            var group = try changeableGroup(id, NetworkingPolicy.updateSecurityGroup, context, transaction)
            try requireRevision(update.revision, current: group.revision, group.displayName)
            if let name = update.name, name != group.name {
                guard !group.isDefault else {
                    throw ServiceError.conflict(
                        code: "security_group_cannot_update_default", "The default security group keeps its name.")
                }
                try check(name: name, description: "")
            }
            try check(name: nil, description: update.description ?? "")
            if let stateful = update.stateful, stateful != group.stateful { try requireUnused(group, transaction) }
            group.name = update.name ?? group.name
            group.description = update.description ?? group.description
            group.stateful = update.stateful ?? group.stateful
            group.revision += 1
            group.updatedAt = clock.now()
            try groupStore.update(group, in: transaction)
            changed(group, .updated, transaction)
            return group
        }
    }

    /// Deletes a group with its rules, and the rules of other groups that name it as the other side.
    /// - Throws: `ServiceError`: notFound, forbidden, conflict `security_group_cannot_remove_default`,
    ///   `security_group_in_use` when ports have it.
    public func deleteSecurityGroup(
        _ id: ID<SecurityGroup>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let group = try changeableGroup(id, NetworkingPolicy.deleteSecurityGroup, context, transaction)
            try requireRevision(revision, current: group.revision, group.name)
            try requireUnused(group, transaction)
            guard !group.isDefault || context.isAdmin else {
                throw ServiceError.conflict(
                    code: "security_group_cannot_remove_default", "The default security group cannot be deleted.")
            }
            let naming = try groupStore.groups(naming: id, in: transaction).filter { $0 != id }
            for other in naming { try groupStore.touch(other, at: clock.now(), in: transaction) }
            try applyNetworks(having: naming, context, transaction)
            try groupStore.delete(id, in: transaction)
            changed(group, .deleted, transaction)
        }
    }
}

/// The group that every project has.
extension NetworkingService {
    /// Makes a project's default group when it has none. Of several at once one makes it.
    func ensureDefaultGroup(of projectID: String) throws {
        guard try read({ try groupStore.defaultID(ofProject: projectID, in: $0) }) == nil else { return }
        _ = try write { try defaultGroup(of: projectID, $0) }
    }

    /// The project's default group, made now if it has none: it lets everything out, and in what comes from ports that
    /// have it. No quota keeps it from being made.
    func defaultGroup(of projectID: String, _ transaction: borrowing Transaction) throws -> ID<SecurityGroup> {
        if let id = try groupStore.defaultID(ofProject: projectID, in: transaction) { return id }
        var group = emptyGroup(SecurityGroup.defaultName, "Default security group", projectID, isDefault: true)
        group.rules =
            EtherType.allCases.map {
                rule(of: group, .init(direction: .ingress, etherType: $0, remoteGroupID: group.id))
            } + openings(of: group)
        try groupStore.insert(group, in: transaction)
        changed(group, .created, transaction)
        return group.id
    }

    private func emptyGroup(
        _ name: String, _ description: String, _ projectID: String, isDefault: Bool
    ) -> SecurityGroup {
        let now = clock.now()
        return SecurityGroup(
            id: .random(), projectID: projectID, name: name, description: description, shared: false, stateful: true,
            isDefault: isDefault, rules: [], revision: 1, createdAt: now, updatedAt: now)
    }

    /// The two rules of every new group.
    private func openings(of group: SecurityGroup) -> [SecurityGroupRule] {
        EtherType.allCases.map { rule(of: group, .init(direction: .egress, etherType: $0)) }
    }

    private func rule(of group: SecurityGroup, _ content: SecurityGroupRuleContent) -> SecurityGroupRule {
        SecurityGroupRule(
            id: .random(), groupID: group.id, projectID: group.projectID, content: content, description: "",
            createdAt: group.createdAt, updatedAt: group.createdAt)
    }

    private func check(name: String?, description: String) throws {
        var faults = Faults()
        faults.checkLength(name, "name")
        faults.checkLength(description, "description")
        try faults.throwIfAny()
        guard name?.lowercased() == SecurityGroup.defaultName else { return }
        throw ServiceError.conflict(
            code: "security_group_default_exists", "Every project has its default security group; choose another name.")
    }

    /// Neutron's SecurityGroupInUse.
    private func requireUnused(_ group: SecurityGroup, _ transaction: borrowing Transaction) throws {
        let ports = try portSecurityStore.ports(having: group.id, limit: 4, in: transaction)
        guard !ports.isEmpty else { return }
        throw ServiceError.conflict(
            code: "security_group_in_use",
            Message(
                "The security group {name} is in use by ports: {ports}.",
                ["name": group.displayName, "ports": Self.listed(ports)]))
    }
}
