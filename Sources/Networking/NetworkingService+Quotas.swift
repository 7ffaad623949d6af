import Database
public import ServiceCore

/// What a project's number of is limited; the raw value is neutron's name.
enum LimitedResource: String, CaseIterable {
    case network, subnet, port
    case securityGroup = "security_group"
    case securityGroupRule = "security_group_rule"
    case router
    case floatingIP = "floatingip"
    case subnetPool = "subnetpool"
    case rbacPolicy = "rbac_policy"

    /// What projects without a limit of their own may have.
    func limit(_ configuration: NetworkingConfiguration) -> Int {
        switch self {
        case .network: configuration.networkQuota
        case .subnet: configuration.subnetQuota
        case .port: configuration.portQuota
        case .securityGroup: configuration.securityGroupQuota
        case .securityGroupRule: configuration.securityGroupRuleQuota
        case .router: configuration.routerQuota
        case .floatingIP: configuration.floatingIPQuota
        case .subnetPool: configuration.subnetPoolQuota
        case .rbacPolicy: configuration.rbacPolicyQuota
        }
    }
}

extension NetworkingService {
    /// The limits and the use of every resource that has a limit, by neutron's names: `network`, `security_group` …
    /// - Throws: `ServiceError`: forbidden for a project that is not the caller's.
    public func quotas(
        projectID: String, as context: RequestContext
    ) throws -> (limits: QuotaLimits, used: QuotaUse) {
        try requireQuotasVisible(projectID, context)
        return try read { transaction in
            let used = try quotaStore.use(projectID: projectID, in: transaction)
            return (try limits(of: projectID, transaction), QuotaUse(used))
        }
    }

    /// Sets some of a project's limits; -1 is no limit.
    /// - Parameter isForced: whether a limit may be below what the project has already.
    /// - Throws: `ServiceError`: forbidden, invalid for an unknown name, a number below -1 or below what there is.
    public func setQuotas(
        _ limits: [String: Int], projectID: String, isForced: Bool = false, as context: RequestContext
    ) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.updateQuota, context)
        var faults = Faults()
        for (name, limit) in limits.sorted(by: { $0.key < $1.key }) {
            if LimitedResource(rawValue: name) == nil {
                faults.add(Place(name), "unknown_quota", "There is no quota '{value}'.", value: name)
            } else if limit < QuotaLimits.unlimited {
                faults.add(Place(name), "quota_out_of_range", "{value} is below -1, no limit.", value: String(limit))
            }
        }
        try faults.throwIfAny()
        try write { transaction in
            if !isForced { try requireRoom(in: limits, projectID: projectID, transaction) }
            try quotaStore.set(limits, projectID: projectID, in: transaction)
        }
    }

    private func requireRoom(
        in limits: [String: Int], projectID: String, _ transaction: borrowing Transaction
    ) throws {
        let used = try quotaStore.use(projectID: projectID, in: transaction)
        var faults = Faults()
        for (name, limit) in limits.sorted(by: { $0.key < $1.key }) where limit != QuotaLimits.unlimited {
            guard let present = used[name], present > limit else { continue }
            faults.add(
                Place(name), "below_use",
                "Quota limit {limit} for {resource} must be greater than or equal to already used {used}.",
                value: String(limit), ["limit": "\(limit)", "resource": name, "used": "\(present)"])
        }
        try faults.throwIfAny()
    }

    /// The limits of every project that has some of its own.
    /// - Throws: `ServiceError`: forbidden to all but administrators.
    public func projectQuotas(as context: RequestContext) throws -> [(projectID: String, limits: QuotaLimits)] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.updateQuota, context)
        return try read { try quotaStore.all(in: $0) }.sorted { $0.key < $1.key }.map {
            ($0.key, defaults.replacing($0.value))
        }
    }

    /// The limits of a project that has none of its own.
    /// - Throws: `ServiceError`: forbidden for a project that is not the caller's.
    public func defaultQuotas(projectID: String, as context: RequestContext) throws -> QuotaLimits {
        try requireQuotasVisible(projectID, context)
        return defaults
    }

    /// Everybody sees the own project's, whatever the role: neutron asks for no rule there.
    private func requireQuotasVisible(_ projectID: String, _ context: RequestContext) throws {
        guard projectID != context.projectID else { return }
        try NetworkingPolicy.policy.require(NetworkingPolicy.getQuota, context)
    }

    /// Takes a project's own limits away.
    /// - Throws: `ServiceError`: forbidden to all but administrators.
    public func resetQuotas(projectID: String, as context: RequestContext) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.updateQuota, context)
        try write { try quotaStore.reset(projectID: projectID, in: $0) }
    }

    private var defaults: QuotaLimits {
        QuotaLimits(
            Dictionary(
                uniqueKeysWithValues: LimitedResource.allCases.map { ($0.rawValue, $0.limit(configuration)) }))
    }

    /// Refuses what would pass the project's limit, in the transaction that then adds.
    func requireQuota(
        _ resource: LimitedResource, adding amount: Int, _ projectID: String, _ transaction: borrowing Transaction
    ) throws {
        let use = QuotaUse(try quotaStore.use(projectID: projectID, in: transaction))
        try use.require(adding: [resource.rawValue: amount], within: try limits(of: projectID, transaction))
    }

    private func limits(of projectID: String, _ transaction: borrowing Transaction) throws -> QuotaLimits {
        try defaults.replacing(quotaStore.limits(projectID: projectID, in: transaction))
    }
}
