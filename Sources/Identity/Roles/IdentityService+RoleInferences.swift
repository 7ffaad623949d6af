import Database
public import ServiceCore

extension IdentityService {
    /// Every pair of roles of which the first implies the second.
    /// - Throws: `ServiceError`; forbidden unless administrator or reader of the system.
    public func roleInferences(as context: RequestContext) throws -> [RoleInference] {
        try policy.require("identity:list_implied_roles", context)
        return try read { transaction in
            let pairs = try roleStore.inferences(in: transaction)
            let roles = try roleStore.roles(Set(pairs.flatMap { [$0.prior, $0.implied] }), in: transaction)
            let named = Dictionary(roles.map { ($0.id, $0) }) { first, _ in first }
            return pairs.compactMap { pair in
                guard let prior = named[pair.prior], let implied = named[pair.implied] else { return nil }
                return RoleInference(prior: prior, implied: implied)
            }
        }
    }

    /// A role, and the roles it implies directly, by name.
    /// - Throws: `ServiceError`.
    public func rolesImplied(
        by priorID: String, as context: RequestContext
    ) throws -> (prior: Role, implied: [Role]) {
        try policy.require("identity:list_implied_roles", context)
        return try read { transaction in
            let prior = try known(role: priorID, in: transaction)
            let ids = try roleStore.impliedIDs(by: [priorID], in: transaction)
            return (prior, try roleStore.roles(ids, in: transaction))
        }
    }

    /// The rule that one role implies another.
    /// - Throws: `ServiceError`; notFound when it does not.
    public func roleInference(
        from priorID: String, to impliedID: String, as context: RequestContext
    ) throws -> RoleInference {
        let (prior, implied) = try rolesImplied(by: priorID, as: context)
        guard let role = implied.first(where: { $0.id == impliedID }) else {
            throw ServiceError.notFound("Implied role", impliedID)
        }
        return RoleInference(prior: prior, implied: role)
    }

    /// Lets a role imply another; doing it again changes nothing.
    /// - Throws: `ServiceError`; forbidden when a domain's role would be implied by one of the whole cloud, when it is
    ///   the administrator's, or when the other already implies this one.
    public func createRoleInference(
        from priorID: String, to impliedID: String, as context: RequestContext
    ) throws -> RoleInference {
        try policy.require("identity:create_implied_role", context)
        return try write { transaction in
            let prior = try known(role: priorID, in: transaction)
            let implied = try known(role: impliedID, in: transaction)
            guard implied.domainID == nil || prior.domainID != nil else {
                throw ServiceError(
                    .forbidden, code: "domain_role", "A role of the whole cloud cannot imply the role of a domain.")
            }
            // keystone's `prohibited_implied_role`.
            guard implied.domainID != nil || implied.name.lowercased() != "admin" else {
                throw ServiceError(.forbidden, code: "admin_role", "No role may imply the administrator's.")
            }
            guard try !effective.withImplied([impliedID], in: transaction).contains(priorID) else {
                throw ServiceError(.forbidden, code: "role_circle", "Roles cannot imply one another in a circle.")
            }
            _ = try roleStore.infer(impliedID, from: priorID, in: transaction)
            return RoleInference(prior: prior, implied: implied)
        }
    }

    /// Lets a role no longer imply another.
    /// - Throws: `ServiceError`; notFound when it does not.
    public func deleteRoleInference(
        from priorID: String, to impliedID: String, as context: RequestContext
    ) throws {
        try policy.require("identity:delete_implied_role", context)
        try write { transaction in
            _ = try known(role: priorID, in: transaction)
            _ = try known(role: impliedID, in: transaction)
            guard try roleStore.removeInference(of: impliedID, from: priorID, in: transaction) else {
                throw ServiceError.notFound("Implied role", impliedID)
            }
        }
    }
}
