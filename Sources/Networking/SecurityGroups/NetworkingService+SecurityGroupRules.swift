import Database
public import ServiceCore

extension NetworkingService {
    /// Adds a rule to a group; what it lets through passes the group's ports at once.
    /// - Throws: `ServiceError`: invalid with every fault by neutron's field names (`direction`, `ethertype`,
    ///   `protocol`, `port_range_min`, `port_range_max`, `remote_ip_prefix`, `remote_group_id`), notFound, forbidden,
    ///   overQuota, conflict `security_group_rule_exists`.
    public func createSecurityGroupRule(
        _ new: NewSecurityGroupRule, as context: RequestContext
    ) throws -> SecurityGroupRule {
        try write { try makeRule(new, context, $0) }
    }

    /// Adds all of several rules, or none.
    /// - Throws: `ServiceError`, as ``createSecurityGroupRule(_:as:)``.
    public func createSecurityGroupRules(
        _ all: [NewSecurityGroupRule], as context: RequestContext
    ) throws -> [SecurityGroupRule] {
        try write { transaction in try all.map { try makeRule($0, context, transaction) } }
    }

    private func makeRule(
        _ new: NewSecurityGroupRule, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SecurityGroupRule {
        guard let group = try groupStore.find(new.groupID, in: transaction) else {
            throw ServiceError.notFound("Security group", new.groupID.text)
        }
        // Whose group it is, neutron asks without regard to who wants to know.
        try NetworkingPolicy.policy.require(
            NetworkingPolicy.createSecurityGroupRule, on: group.projectID, context)
        var checker = SecurityGroupRuleChecker()
        let checked = checker.content(of: new)
        var faults = checker.faults
        if let remote = checked?.remoteGroupID, try !isUsable(remote, by: group.projectID, context, transaction) {
            faults.add(
                Place("remote_group_id"), "security_group_not_found", "There is no security group {value}.",
                value: remote.text)
        }
        let content = try faults.faultless(checked)
        try requireNew(content, in: group)
        try requireQuota(.securityGroupRule, adding: 1, group.projectID, transaction)
        let now = clock.now()
        let rule = SecurityGroupRule(
            id: .random(), groupID: group.id, projectID: group.projectID, content: content,
            description: new.description, createdAt: now, updatedAt: now)
        try groupStore.insert(rule, in: transaction)
        try noteRules(of: group, context, transaction)
        return rule
    }

    /// - Throws: `ServiceError`: notFound.
    public func securityGroupRule(
        _ id: ID<SecurityGroupRule>, as context: RequestContext
    ) throws -> SecurityGroupRule {
        try read { try visibleRule(id, context, $0).rule }
    }

    /// - Throws: `ServiceError`: notFound, forbidden.
    public func deleteSecurityGroupRule(
        _ id: ID<SecurityGroupRule>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let (rule, group) = try visibleRule(id, context, transaction)
            try requireRevision(revision, current: rule.revision, id.text)
            _ = try changeableGroup(group.id, NetworkingPolicy.deleteSecurityGroupRule, context, transaction)
            try groupStore.delete(id, in: transaction)
            try noteRules(of: group, context, transaction)
        }
    }

    func visibleRule(
        _ id: ID<SecurityGroupRule>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> (rule: SecurityGroupRule, group: SecurityGroup) {
        guard mayLook(context), let rule = try groupStore.rule(id, in: transaction),
            let group = try groupStore.find(rule.groupID, in: transaction),
            try isVisible(group, context, transaction)
        else { throw ServiceError.notFound("Security group rule", id.text) }
        return (rule, group)
    }

    /// Neutron's SecurityGroupRuleExists; the description does not make a rule another one.
    private func requireNew(_ content: SecurityGroupRuleContent, in group: SecurityGroup) throws {
        guard let same = group.rules.first(where: { $0.content.isSame(as: content) }) else { return }
        throw ServiceError.conflict(
            code: "security_group_rule_exists",
            Message("The security group has this rule already: {rule}.", ["rule": same.id.text]))
    }

    private func noteRules(
        of group: SecurityGroup, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        try groupStore.touch(group.id, at: clock.now(), in: transaction)
        try applyNetworks(having: [group.id], context, transaction)
        changed(group, .updated, transaction)
    }
}

/// Who may see and use a group, and who must be told of its changes.
extension NetworkingService {
    /// A group the caller may see: its project's own or one that is shared with it, or any to an administrator.
    func visibleGroup(
        _ id: ID<SecurityGroup>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SecurityGroup {
        guard mayLook(context), let group = try groupStore.find(id, in: transaction),
            try isVisible(group, context, transaction)
        else {
            throw ServiceError.notFound("Security group", id.text)
        }
        return group
    }

    func isVisible(
        _ group: SecurityGroup, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Bool {
        if context.canSee(projectID: group.projectID) { return true }
        return try rbacStore.isShared(.securityGroup, group.id.text, with: context.projectID, in: transaction)
    }

    /// A group the caller may change under a rule: what can only be seen is forbidden.
    func changeableGroup(
        _ id: ID<SecurityGroup>, _ rule: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> SecurityGroup {
        let group = try visibleGroup(id, context, transaction)
        try NetworkingPolicy.policy.require(rule, on: group.projectID, context)
        return group
    }

    /// Whether a project's rules may name a group as the other side.
    private func isUsable(
        _ id: ID<SecurityGroup>, by projectID: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Bool {
        guard let group = try groupStore.find(id, in: transaction) else { return false }
        return try group.projectID == projectID || isVisible(group, context, transaction)
    }

    /// Has every network looked at that has a port with one of these groups.
    func applyNetworks(
        having groups: some Sequence<ID<SecurityGroup>>, but known: ID<Network>? = nil, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws {
        let networks = try Set(groups.flatMap { try portSecurityStore.networks(having: $0, in: transaction) })
        for network in networks.sorted(by: { $0.text < $1.text }) where network != known {
            try enqueueApply(network, context, transaction)
        }
    }

    /// The addresses of ports with these groups are not what they were: networks whose rules name the groups as the
    /// other side must know. `known` will be looked at anyway.
    func membersChanged(
        of groups: [ID<SecurityGroup>], but known: ID<Network>, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws {
        let naming = try Set(Set(groups).flatMap { try groupStore.groups(naming: $0, in: transaction) })
        try applyNetworks(having: naming, but: known, context, transaction)
    }

    func changed(_ group: SecurityGroup, _ what: ResourceEvent.Change, _ transaction: borrowing Transaction) {
        events.publish(
            ResourceEvent(
                kind: "security_group", id: group.id.text, projectID: group.shared ? nil : group.projectID, what: what),
            in: transaction)
    }
}
