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
    /// What it is, for the page that lists all rules.
    public let description: String

    /// Makes a rule.
    public init(name: String, least: RoleLevel, description: String) {
        self.name = name
        self.least = least
        self.description = description
    }
}

/// The rules of one service.
public struct Policy: Sendable {
    /// All rules, by name.
    public let rules: [PolicyRule]
    private let least: [String: RoleLevel]

    /// Makes a policy; the last of several rules of one name counts.
    public init(_ rules: [PolicyRule]) {
        self.rules = rules
        least = Dictionary(rules.map { ($0.name, $0.least) }) { _, last in last }
    }

    /// Whether the rule lets this context pass. A rule that does not exist lets nobody pass.
    public func allows(_ rule: String, _ context: RequestContext) -> Bool {
        guard let least = least[rule], let held = context.roles.compactMap(RoleLevel.init(role:)).max() else {
            return false
        }
        return held >= least
    }

    /// Refuses contexts that the rule does not let pass.
    /// - Throws: `ServiceError` of kind forbidden.
    public func require(_ rule: String, _ context: RequestContext) throws {
        guard allows(rule, context) else { throw ServiceError.forbidden(rule) }
    }

    /// The same for a thing that a project owns: others who see it, because it is shared, may not.
    /// - Throws: `ServiceError` of kind forbidden.
    public func require(_ rule: String, on projectID: String, _ context: RequestContext) throws {
        try require(rule, context)
        guard context.canSee(projectID: projectID) else { throw ServiceError.forbidden(rule) }
    }
}
