import Database
public import ServiceCore

extension ComputeService {
    /// The caller's project's groups, by name; for administrators with `allProjects`, all there are.
    /// - Throws: `ServiceError`.
    public func serverGroups(allProjects: Bool = false, as context: RequestContext) throws -> [ServerGroup] {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.getServerGroups, context)
            let project = allProjects && context.isAdmin ? nil : try context.requireProject()
            return try database.read { try groups.all(project: project, in: $0) }
        }
    }

    /// - Throws: `ServiceError`: notFound when it does not exist, forbidden when it belongs to another project.
    public func serverGroup(_ id: ID<ServerGroup>, as context: RequestContext) throws -> ServerGroup {
        try ServiceError.wrapping {
            try database.read { try find(group: id, for: ComputePolicy.getServerGroups, as: context, in: $0) }
        }
    }

    /// Whether the caller may make and delete groups.
    public func canChangeServerGroups(as context: RequestContext) -> Bool {
        ComputePolicy.policy.allows(ComputePolicy.changeServerGroups, context) && context.projectID != nil
    }

    /// Makes a group without members.
    /// - Throws: `ServiceError`: invalid with violations on name, policy, max_server_per_host; overQuota.
    public func createServerGroup(_ new: NewServerGroup, as context: RequestContext) throws -> ServerGroup {
        try ServiceError.wrapping {
            try ComputePolicy.policy.require(ComputePolicy.changeServerGroups, context)
            let projectID = try context.requireProject()
            let name = new.name.trimmed
            var violations = [ServerGroupRules.name(name)].compactMap(\.self)
            let policy = ServerGroupRules.policy(new.policy, &violations)
            let most = ServerGroupRules.mostPerHost(new.maxServerPerHost, policy, &violations)
            guard violations.isEmpty, let policy else { throw ServiceError.invalid(violations) }
            let group = ServerGroup(
                id: .random(), name: name, policy: policy, maxServerPerHost: most, projectID: projectID,
                userID: context.userID, createdAt: clock.now(), members: [])
            try database.write { transaction in
                try require(
                    1, of: .serverGroups, besides: try groups.count(ofProject: projectID, in: transaction),
                    ofProject: projectID, field: "name", in: transaction)
                try groups.insert(group, in: transaction)
            }
            return group
        }
    }

    /// Deletes a group. Its instances stay where they are.
    /// - Throws: `ServiceError`: notFound.
    public func deleteServerGroup(_ id: ID<ServerGroup>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            try database.write { transaction in
                _ = try find(group: id, for: ComputePolicy.changeServerGroups, as: context, in: transaction)
                try groups.delete(id, in: transaction)
            }
        }
    }

    /// The group of a launch, if it is the project's; what is wrong becomes a violation.
    func find(
        serverGroup id: String?, ofProject projectID: String, _ violations: inout [Violation]
    ) throws -> ServerGroup? {
        guard let id = id?.nonEmpty else { return nil }
        func refuse(_ code: String, _ message: Message) {
            violations.append(Violation(field: "server_group", code: code, message: message, value: id))
        }
        guard let known = ID<ServerGroup>(untrusted: id),
            let group = try database.read({ try groups.find(known, in: $0) }), group.projectID == projectID
        else {
            refuse("not_found", Message("This server group does not exist."))
            return nil
        }
        return group
    }

    /// Refuses more members than a group may have, in the transaction of the launch.
    func requireRoom(in group: ServerGroup, for count: Int, in transaction: borrowing Transaction) throws {
        guard let now = try groups.find(group.id, in: transaction) else {
            throw ServiceError.notFound("Server group", group.id.text)
        }
        try require(
            count, of: .serverGroupMembers, besides: now.members.count, ofProject: group.projectID,
            field: "server_group", in: transaction)
    }

    private func find(
        group id: ID<ServerGroup>, for rule: String, as context: RequestContext, in transaction: borrowing Transaction
    ) throws -> ServerGroup {
        guard let group = try groups.find(id, in: transaction) else {
            throw ServiceError.notFound("Server group", id.text)
        }
        try ComputePolicy.policy.require(rule, on: group.projectID, context)
        return group
    }
}
