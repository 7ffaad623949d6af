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
            try trustStore.all(trustorID: trustorID, trusteeID: trusteeID, in: transaction).filter { trust in
                trust.expiresAt.map { now < $0.timestamp } ?? true
            }
        }
    }

    /// One trust with its roles, for its two sides and for administrators.
    /// - Throws: `ServiceError`.
    public func trust(_ id: String, as context: RequestContext) throws -> Trust {
        let trust = try read { try trustStore.trust(id: id, roleStore, in: $0) }
        guard let trust, trust.expiresAt.map({ clock.now() < $0.timestamp }) ?? true else {
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
    /// - Throws: `ServiceError`; forbidden for somebody else's roles, or for roles that are not held; invalid for an end
    ///   that is past or for no roles at all.
    public func createTrust(_ new: NewTrust, as context: RequestContext) throws -> Trust {
        guard new.trustorID == context.userID, !context.isRestricted else {
            throw ServiceError.forbidden("identity:create_trust")
        }
        if let end = new.expiresAt, end.timestamp <= clock.now() {
            let message: Message = "The end must not be past."
            throw ServiceError.invalid([Violation(field: "expires_at", code: "past", message: message)])
        }
        guard new.projectID == nil || !new.roles.isEmpty else {
            let message: Message = "At least one role has to be passed on."
            throw ServiceError.invalid([Violation(field: "roles", code: "required", message: message)])
        }
        return try write { transaction in
            _ = try known(user: new.trusteeID, in: transaction)
            let trust = Trust(
                id: RandomIdentifier.hexadecimal(), trustorID: new.trustorID, trusteeID: new.trusteeID,
                projectID: new.projectID, isImpersonation: new.isImpersonation, expiresAt: new.expiresAt,
                remainingUses: new.remainingUses, redelegationCount: 0, roles: try roles(for: new, in: transaction))
            try trustStore.insert(trust, in: transaction)
            return trust
        }
    }

    /// Ends a trust: its trustor can, and administrators.
    /// - Throws: `ServiceError`.
    public func deleteTrust(_ id: String, as context: RequestContext) throws {
        let trust = try trust(id, as: context)
        if trust.trustorID != context.userID { try policy.require("identity:delete_trust", context) }
        try write { transaction in
            guard try trustStore.delete(id: id, in: transaction) else { throw ServiceError.notFound("Trust", id) }
        }
    }

    private func roles(for new: NewTrust, in transaction: borrowing Transaction) throws -> [Role] {
        guard let projectID = new.projectID else { return [] }
        let project = try known(project: projectID, in: transaction)
        let held = try effective.roles(of: actors(of: new.trustorID, in: transaction), on: project, in: transaction)
        return try new.roles.map { reference in
            guard let role = held.first(where: reference.means) else {
                throw ServiceError(
                    .forbidden, code: "role_not_held", "A role that is not held in the project cannot be passed on.")
            }
            return role
        }
    }
}
