import Database
public import ServiceCore

extension IdentityService {
    /// The groups that are wanted, by name.
    /// - Throws: `ServiceError`; forbidden unless administrator, reader of the system, or reader of a domain, who sees
    ///   the domain's own.
    public func groups(_ filter: GroupFilter = GroupFilter(), as context: RequestContext) throws -> [Group] {
        var filter = filter
        if !policy.allows("identity:list_groups", context), filter.domainID == nil {
            filter.domainID = context.domainID
        }
        try policy.require("identity:list_groups", inDomain: filter.domainID, context)
        return try read { try groupStore.all(filter, in: $0) }
    }

    /// One group.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system or of its domain.
    public func group(_ id: String, as context: RequestContext) throws -> Group {
        try seen(group: id, by: "identity:get_group", context)
    }

    /// The groups a user is in, by name.
    /// - Throws: `ServiceError`; forbidden for another user's unless administrator.
    public func groups(ofUser userID: String, as context: RequestContext) throws -> [Group] {
        try read { transaction in
            let user = try userStore.record(id: userID, in: transaction)?.user
            if context.userID != userID {
                try policy.require("identity:list_groups_for_user", inDomain: user?.domainID, context)
            }
            guard user != nil else { throw ServiceError.notFound("User", userID) }
            return try groupStore.groups(of: userID, in: transaction)
        }
    }

    /// The users in a group, by name.
    /// - Throws: `ServiceError`.
    public func members(of groupID: String, as context: RequestContext) throws -> [User] {
        _ = try seen(group: groupID, by: "identity:list_users_in_group", context)
        return try read { try userStore.members(of: groupID, in: $0) }
    }

    /// Makes sure that a user is in a group.
    /// - Throws: `ServiceError`; notFound when it is not.
    public func requireMember(_ userID: String, of groupID: String, as context: RequestContext) throws {
        _ = try seen(group: groupID, by: "identity:list_users_in_group", context)
        try read { transaction in
            _ = try known(user: userID, in: transaction)
            guard try groupStore.contains(userID, in: groupID, in: transaction) else {
                throw ServiceError.notFound("Group member", userID)
            }
        }
    }

    /// Makes a group without members.
    /// - Throws: `ServiceError`; conflict when the name is taken.
    public func createGroup(_ new: NewGroup, as context: RequestContext) throws -> Group {
        try policy.require("identity:create_group", context)
        try IdentityRules.refuse(
            IdentityRules.name(new.name, longest: 64) + IdentityRules.description(new.description)
                + new.extra.violations)
        let domainID = new.domainID ?? context.domainID ?? context.projectDomainID ?? Domain.defaultID
        let group = Group(
            id: RandomIdentifier.hexadecimal(), domainID: domainID, name: new.name, description: new.description,
            extra: new.extra)
        return try write { transaction in
            _ = try known(domain: domainID, in: transaction)
            guard try groupStore.group(named: new.name, domainID: domainID, in: transaction) == nil else {
                throw ServiceError.nameTaken("group", new.name)
            }
            try groupStore.insert(group, in: transaction)
            return group
        }
    }

    /// Changes what is given of a group.
    /// - Throws: `ServiceError`.
    public func updateGroup(_ id: String, _ update: GroupUpdate, as context: RequestContext) throws -> Group {
        try policy.require("identity:update_group", context)
        try IdentityRules.refuse(
            (update.name.map { IdentityRules.name($0, longest: 64) } ?? [])
                + IdentityRules.description(update.description) + update.extra.violations)
        return try write { transaction in
            let old = try known(group: id, in: transaction)
            let new = Group(
                id: id, domainID: old.domainID, name: update.name ?? old.name,
                description: update.description ?? old.description, extra: old.extra.merging(update.extra))
            let namesake = try groupStore.group(named: new.name, domainID: new.domainID, in: transaction)
            guard namesake == nil || namesake?.id == id else { throw ServiceError.nameTaken("group", new.name) }
            try groupStore.update(new, in: transaction)
            return new
        }
    }

    /// Deletes a group; its members lose the roles they held by it.
    /// - Throws: `ServiceError`.
    public func deleteGroup(_ id: String, as context: RequestContext) throws {
        try policy.require("identity:delete_group", context)
        try write { transaction in
            guard try groupStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("Group", id) }
        }
    }

    /// Puts a user into a group; doing it again changes nothing.
    /// - Throws: `ServiceError`.
    public func add(user userID: String, toGroup groupID: String, as context: RequestContext) throws {
        try policy.require("identity:add_user_to_group", context)
        try write { transaction in
            _ = try known(group: groupID, in: transaction)
            _ = try known(user: userID, in: transaction)
            try groupStore.add(userID, to: groupID, in: transaction)
        }
    }

    /// Takes a user out of a group.
    /// - Throws: `ServiceError`; notFound when it is not in it.
    public func remove(user userID: String, fromGroup groupID: String, as context: RequestContext) throws {
        try policy.require("identity:remove_user_from_group", context)
        try write { transaction in
            _ = try known(group: groupID, in: transaction)
            _ = try known(user: userID, in: transaction)
            guard try groupStore.remove(userID, from: groupID, in: transaction) else {
                throw ServiceError.notFound("Group member", userID)
            }
        }
    }

    func known(group id: String, in transaction: borrowing Transaction) throws -> Group {
        guard let group = try groupStore.group(id: id, in: transaction) else {
            throw ServiceError.notFound("Group", id)
        }
        return group
    }

    private func seen(group id: String, by rule: String, _ context: RequestContext) throws -> Group {
        let group = try read { try groupStore.group(id: id, in: $0) }
        try policy.require(rule, inDomain: group?.domainID, context)
        guard let group else { throw ServiceError.notFound("Group", id) }
        return group
    }
}
