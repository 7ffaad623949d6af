import Database
public import ServiceCore

extension NetworkingService {
    /// The policies about what the caller's project owns; to administrators all.
    /// - Throws: `ServiceError`.
    public func rbacPolicies(as context: RequestContext) throws -> [RBACPolicy] {
        guard mayLook(context) else { return [] }
        let projectID = context.isAdmin ? nil : try context.requireProject()
        return try read { try rbacStore.list(ofProject: projectID, in: $0) }
    }

    /// - Throws: `ServiceError`: notFound.
    public func rbacPolicy(_ id: ID<RBACPolicy>, as context: RequestContext) throws -> RBACPolicy {
        try read { try visiblePolicy(id, context, $0) }
    }

    /// Lets another project, or every one, use something the caller's project owns.
    /// - Throws: `ServiceError`: invalid with every fault by neutron's field names (`object_type`, `object_id`,
    ///   `action`, `target_project`), also for what is not the project's; forbidden, overQuota, conflict
    ///   `rbac_policy_exists`, `address_scope_not_shared`.
    public func createRBACPolicy(_ new: NewRBACPolicy, as context: RequestContext) throws -> RBACPolicy {
        try write { try makePolicy(new, context, $0) }
    }

    /// Makes all of several policies, or none.
    /// - Throws: `ServiceError`, as ``createRBACPolicy(_:as:)``.
    public func createRBACPolicies(_ all: [NewRBACPolicy], as context: RequestContext) throws -> [RBACPolicy] {
        try write { transaction in try all.map { try makePolicy($0, context, transaction) } }
    }

    private func makePolicy(
        _ new: NewRBACPolicy, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> RBACPolicy {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createRBACPolicy, context)
        let (type, action) = try checked(new)
        try requireTarget(new.targetProject, context)
        if action == .external { try NetworkingPolicy.policy.require(NetworkingPolicy.setExternal, context) }
        let projectID = try owner(new.projectID, context)
        try requireOwn(type, new.objectID, context, transaction)
        if type == .subnetPool { try requireScopeShared(new, transaction) }
        try requireQuota(.rbacPolicy, adding: 1, projectID, transaction)
        let policy = RBACPolicy(
            id: .random(), projectID: projectID, objectType: type, objectID: new.objectID,
            targetProject: new.targetProject, action: action)
        try requireNew(policy, transaction)
        try rbacStore.insert(policy, in: transaction)
        return policy
    }

    /// Gives a policy another target.
    /// - Throws: `ServiceError`: notFound, forbidden, invalid, conflict `rbac_policy_in_use`, `rbac_policy_exists`.
    public func updateRBACPolicy(
        _ id: ID<RBACPolicy>, targetProject: String, as context: RequestContext
    ) throws -> RBACPolicy {
        try write { transaction in
            var policy = try visiblePolicy(id, context, transaction)
            try NetworkingPolicy.policy.require(NetworkingPolicy.createRBACPolicy, context)
            try requireTarget(targetProject, context)
            guard policy.targetProject != targetProject else { return policy }
            try requireUnused(policy, transaction)
            try rbacStore.delete(id, in: transaction)
            policy.targetProject = targetProject
            try requireNew(policy, transaction)
            try rbacStore.insert(policy, in: transaction)
            return policy
        }
    }

    /// - Throws: `ServiceError`: notFound, forbidden, conflict `rbac_policy_in_use` while the target uses the object.
    public func deleteRBACPolicy(_ id: ID<RBACPolicy>, as context: RequestContext) throws {
        try write { transaction in
            let policy = try visiblePolicy(id, context, transaction)
            try NetworkingPolicy.policy.require(NetworkingPolicy.deleteRBACPolicy, context)
            if policy.action == .external || policy.targetProject == RBACPolicy.everybody {
                try NetworkingPolicy.policy.require(NetworkingPolicy.shareNetwork, context)
            }
            try requireUnused(policy, transaction)
            try rbacStore.delete(id, in: transaction)
        }
    }
}

extension NetworkingService {
    private func visiblePolicy(
        _ id: ID<RBACPolicy>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> RBACPolicy {
        guard mayLook(context), let policy = try rbacStore.find(id, in: transaction),
            context.canSee(projectID: policy.projectID)
        else {
            throw ServiceError.notFound("RBAC policy", id.text)
        }
        return policy
    }

    private func checked(_ new: NewRBACPolicy) throws -> (SharedObject, SharingAction) {
        var faults = Faults()
        let type = SharedObject(rawValue: new.objectType)
        if type == nil {
            faults.add(
                Place("object_type"), "invalid_object_type", "'{value}' is nothing that can be shared.",
                value: new.objectType)
        }
        let action = SharingAction(rawValue: new.action).flatMap { type?.actions.contains($0) == false ? nil : $0 }
        if action == nil {
            faults.add(
                Place("action"), "invalid_action", "'{value}' is nothing that this can be shared as.",
                value: new.action)
        }
        if new.targetProject.isEmpty {
            faults.add(Place("target_project"), "required", "Choose a project.", value: "")
        }
        faults.checkLength(new.targetProject, "target_project")
        guard let type, let action else { throw ServiceError.invalid(faults.violations) }
        try faults.throwIfAny()
        return (type, action)
    }

    /// Neutron leaves sharing with every project to administrators.
    private func requireTarget(_ target: String, _ context: RequestContext) throws {
        guard target == RBACPolicy.everybody else { return }
        try NetworkingPolicy.policy.require(NetworkingPolicy.shareNetwork, context)
    }

    /// Neutron calls it bad input, not a thing that is not found, when somebody shares what is not theirs.
    private func requireOwn(
        _ type: SharedObject, _ id: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        let projectID = ID<RBACPolicy>(untrusted: id) == nil ? nil : try owner(of: type, id, transaction)
        guard projectID == nil || !context.canSee(projectID: projectID) else { return }
        throw ServiceError.invalid([
            Violation(
                field: "object_id", code: "not_shareable",
                message: Message("'{value}' is nothing that you can share.", ["value": id]), value: id)
        ])
    }

    private func owner(of type: SharedObject, _ id: String, _ transaction: borrowing Transaction) throws -> String? {
        switch type {
        case .network: try networkStore.find(ID(id), in: transaction)?.projectID
        case .securityGroup: try groupStore.find(ID(id), in: transaction)?.projectID
        case .subnetPool: try subnetPoolStore.find(ID(id), in: transaction)?.projectID
        case .addressScope: try subnetPoolStore.scope(ID(id), in: transaction)?.projectID
        }
    }

    /// Neutron's rule: a pool is shared with nobody who may not use its address scope.
    private func requireScopeShared(_ new: NewRBACPolicy, _ transaction: borrowing Transaction) throws {
        let pool = try subnetPoolStore.find(ID(new.objectID), in: transaction)
        guard let pool, let id = pool.addressScopeID, let scope = try subnetPoolStore.scope(id, in: transaction),
            scope.projectID != new.targetProject,
            try !rbacStore.isShared(.addressScope, id.text, with: new.targetProject, in: transaction)
        else { return }
        throw ServiceError.conflict(
            code: "address_scope_not_shared",
            Message(
                "The pool {name} is in the address scope {scope}, which the project may not use. Share that first.",
                ["name": pool.displayName, "scope": scope.name]))
    }

    private func requireNew(_ policy: RBACPolicy, _ transaction: borrowing Transaction) throws {
        let same = try rbacStore.find(like: policy, in: transaction)
        guard same != nil else { return }
        throw ServiceError.conflict(code: "rbac_policy_exists", "There is a policy with these values already.")
    }

    private func requireUnused(_ policy: RBACPolicy, _ transaction: borrowing Transaction) throws {
        let isUsed =
            switch policy.action {
            case .shared: try rbacStore.isUsed(by: policy, in: transaction)
            case .external: try portStore.hasWaysOut(ID(policy.objectID), in: transaction)
            }
        guard isUsed else { return }
        let message: Message =
            switch policy.objectType {
            case .network, .securityGroup:
                Message("Ports of the project that it is shared with use it. Delete them first.")
            case .subnetPool:
                Message("Subnets of the project that it is shared with are cut from it. Delete them first.")
            case .addressScope:
                Message("Subnet pools of the project that it is shared with are in it. Delete them first.")
            }
        throw ServiceError.conflict(code: "rbac_policy_in_use", message)
    }
}
