import Database
public import ServiceCore

extension IdentityService {
    /// The trusts of a trustor or a trustee, without their roles; nil is any.
    /// - Throws: `ServiceError`; forbidden for those of others unless administrator or reader of the system.
    public func trusts(
        ofTrustor trustorID: String? = nil, ofTrustee trusteeID: String? = nil, as context: RequestContext
    ) throws -> [Trust] {
        if trustorID != context.userID, trusteeID != context.userID {
            try policy.require("identity:list_trusts", context)
        }
        let now = clock.now()
        return try read { transaction in
            try trustStore.all(trustorID: trustorID, trusteeID: trusteeID, in: transaction).filter {
                $0.isUsable(at: now)
            }
        }
    }

    /// One trust with its roles, for its two sides and for administrators. One that was used up is gone.
    /// - Throws: `ServiceError`.
    public func trust(_ id: String, as context: RequestContext) throws -> Trust {
        let trust = try read { try trustStore.trust(id: id, roleStore, in: $0) }
        guard let trust, trust.isUsable(at: clock.now()) else {
            throw ServiceError.notFound("Trust", id)
        }
        if trust.trustorID != context.userID, trust.trusteeID != context.userID {
            try policy.require("identity:list_trusts", context)
        }
        return trust
    }

    /// One role of a trust.
    /// - Throws: `ServiceError`.
    public func role(_ roleID: String, ofTrust id: String, as context: RequestContext) throws -> Role {
        guard let role = try trust(id, as: context).roles.first(where: { $0.id == roleID }) else {
            throw ServiceError.notFound("Role", roleID)
        }
        return role
    }

    /// Lets another user have some of one's own roles in a project.
    /// - Parameter token: the one it is asked for with. With that of a trust, the trust is passed on.
    /// - Throws: `ServiceError`; forbidden for somebody else's roles, for roles that are not held, for none at all, or for
    ///   more than the trust that is passed on allows; invalid for an end that is past.
    public func createTrust(_ new: NewTrust, token: String? = nil, as context: RequestContext) throws -> Trust {
        let source = try token.flatMap { try validate($0).trust }
        guard new.trustorID == context.userID, source != nil || !context.isRestricted else {
            throw ServiceError.forbidden("identity:create_trust")
        }
        try refuseBad(new)
        return try write { transaction in
            _ = try known(user: new.trusteeID, in: transaction)
            let chain = try source.map { try trustStore.chain(from: $0.id, roleStore, in: transaction) } ?? []
            let roles = try roles(for: new, chain, in: transaction)
            var trust = Trust(
                id: RandomIdentifier.hexadecimal(), trustorID: new.trustorID, trusteeID: new.trusteeID,
                projectID: new.projectID, isImpersonation: new.isImpersonation, expiresAt: new.expiresAt,
                remainingUses: new.remainingUses, redelegationCount: try new.depth(below: chain.first),
                redelegatedTrustID: chain.first?.id, roles: roles)
            for above in chain { trust = try Redelegation(of: above).limiting(trust) }
            try trustStore.insert(trust, in: transaction)
            return trust
        }
    }

    /// Ends a trust with those it was passed on to, and their tokens: its trustor can, and administrators.
    /// - Throws: `ServiceError`.
    public func deleteTrust(_ id: String, as context: RequestContext) throws {
        let trust = try trust(id, as: context)
        guard !context.isRestricted else { throw ServiceError.forbidden("identity:delete_trust") }
        if trust.trustorID != context.userID { try policy.require("identity:delete_trust", context) }
        try write { transaction in
            guard try trustStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("Trust", id) }
        }
    }

    private func refuseBad(_ new: NewTrust) throws {
        if let end = new.expiresAt, end.timestamp <= clock.now() {
            let message: Message = "The end must not be past."
            throw ServiceError.invalid([Violation(field: "expires_at", code: "past", message: message)])
        }
        guard new.projectID == nil || !new.roles.isEmpty else {
            throw ServiceError(.forbidden, code: "roles_required", "At least one role has to be passed on.")
        }
        guard new.isRedelegatable else { return }
        guard new.remainingUses == nil else {
            let message: Message = "A trust that can be passed on has no number of uses."
            throw ServiceError.invalid([Violation(field: "remaining_uses", code: "redelegation", message: message)])
        }
        guard new.redelegationCount ?? 0 <= Trust.mostRedelegations else {
            let message = Message(
                "A trust can be passed on {limit} times at most.", ["limit": String(Trust.mostRedelegations)])
            throw ServiceError(.forbidden, code: "too_many_redelegations", message)
        }
    }

    /// What a trust passes on has to be held by whoever was the first to trust.
    private func roles(
        for new: NewTrust, _ chain: [Trust], in transaction: borrowing Transaction
    ) throws -> [Role] {
        guard let projectID = new.projectID else { return [] }
        let project = try known(project: projectID, in: transaction)
        let trustorID = chain.last?.trustorID ?? new.trustorID
        let held = try effective.roles(of: actors(of: trustorID, in: transaction), on: project, in: transaction)
        return try new.roles.map { reference in
            guard let role = held.first(where: reference.means) else {
                throw ServiceError(
                    .forbidden, code: "role_not_held", "A role that is not held in the project cannot be passed on.")
            }
            return role
        }
    }
}
