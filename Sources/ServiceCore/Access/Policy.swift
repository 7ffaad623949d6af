/// What somebody must at least be. Each level includes the ones before it, as keystone's implied roles do.
public enum RoleLevel: Int, Comparable, Sendable, CaseIterable {
    /// May look.
    case reader
    /// May change what belongs to the project.
    case member
    /// May change everything.
    case admin

    public static func < (left: RoleLevel, right: RoleLevel) -> Bool { left.rawValue < right.rawValue }

    /// The level of a role by its name; other roles give no level. `_member_` is keystone's name for members before
    /// the roles admin, member and reader became the standard ones.
    init?(role: String) {
        switch role {
        case "reader": self = .reader
        case "member", "_member_": self = .member
        case "admin": self = .admin
        default: return nil
        }
    }
}

/// One thing that can be done, and who may do it.
public struct PolicyRule: Hashable, Sendable {
    /// The service and the action: `network:create_subnet`.
    public let name: String
    /// The least level that may do it.
    public let least: RoleLevel
    /// The least level of a token for the whole system, where that is lower.
    public let onSystem: RoleLevel
    /// The least level of a token for a domain, where that is lower for what belongs to the domain.
    public let inDomain: RoleLevel
    /// What it is, for the page that lists all rules.
    public let description: String

    /// Makes a rule.
    public init(
        name: String, least: RoleLevel, onSystem: RoleLevel? = nil, inDomain: RoleLevel? = nil, description: String
    ) {
        self.name = name
        self.least = least
        self.onSystem = onSystem ?? least
        self.inDomain = inDomain ?? least
        self.description = description
    }
}

/// The rules of one service.
public struct Policy: Sendable {
    /// All rules, by name.
    public let rules: [PolicyRule]
    private let named: [String: PolicyRule]
    private let isOfProjects: Bool

    /// Makes a policy; the last of several rules of one name counts.
    /// - Parameter isOfProjects: whether tokens for the system or for a domain count for nothing, but an administrator's
    ///   (oslo.policy: `scope_types` of project only).
    public init(_ rules: [PolicyRule], isOfProjects: Bool = false) {
        self.rules = rules
        self.isOfProjects = isOfProjects
        named = Dictionary(rules.map { ($0.name, $0) }) { _, last in last }
    }

    /// Whether the rule lets this context pass. A rule that does not exist lets nobody pass.
    /// - Parameter domainID: the domain the thing belongs to, for rules that let a domain's own people do more.
    public func allows(_ rule: String, inDomain domainID: String? = nil, _ context: RequestContext) -> Bool {
        guard let rule = named[rule], let held = context.roles.compactMap(RoleLevel.init(role:)).max() else {
            return false
        }
        if isOfProjects, context.projectID == nil, held < .admin { return false }
        if held >= rule.least { return true }
        if context.isSystem { return held >= rule.onSystem }
        return domainID != nil && domainID == context.domainID && held >= rule.inDomain
    }

    /// Refuses contexts that the rule does not let pass.
    /// - Throws: `ServiceError` of kind forbidden.
    public func require(_ rule: String, inDomain domainID: String? = nil, _ context: RequestContext) throws {
        guard allows(rule, inDomain: domainID, context) else { throw ServiceError.forbidden(rule) }
    }

    /// The same for a thing that a project owns: others who see it, because it is shared, may not.
    /// - Throws: `ServiceError` of kind forbidden.
    public func require(_ rule: String, on projectID: String, _ context: RequestContext) throws {
        try require(rule, context)
        guard context.canSee(projectID: projectID) else { throw ServiceError.forbidden(rule) }
    }
}
