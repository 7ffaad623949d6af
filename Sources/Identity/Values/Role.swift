/// What somebody may be in a project, a domain or the whole system.
public struct Role: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// Unique, whatever its case: `admin`, `member`, `reader` and whatever an operator adds.
    public let name: String
    /// What it is for.
    public let description: String

    /// The names of the standard roles, each of which includes those after it (keystone's implied roles).
    public static let standard = ["admin", "member", "reader"]

    /// Adds the names of the roles that some roles include.
    static func withImplied(_ names: some Sequence<String>) -> Set<String> {
        var all = Set(names.map { $0.lowercased() })
        if let highest = standard.firstIndex(where: all.contains) { all.formUnion(standard[highest...]) }
        return all
    }
}

/// Where a role is held.
public enum RoleScope: Hashable, Sendable {
    case project(String)
    case domain(String)
    case system
}

/// A user holds a role somewhere.
public struct RoleAssignment: Hashable, Sendable {
    /// Who holds it.
    public let userID: String
    /// The role.
    public let role: Role
    /// Where.
    public let scope: RoleScope
}
