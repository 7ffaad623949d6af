/// Where a role is held.
public enum RoleScope: Hashable, Sendable {
    case project(String)
    case domain(String)
    case system

    /// The identifier of the project or domain; `system` for the system.
    var targetID: String {
        switch self {
        case .project(let id), .domain(let id): id
        case .system: "system"
        }
    }

    var projectID: String? { if case .project(let id) = self { id } else { nil } }
    var domainID: String? { if case .domain(let id) = self { id } else { nil } }
}

/// Who holds a role.
public enum RoleActor: Hashable, Sendable {
    case user(String)
    case group(String)

    /// The identifier of the user or the group.
    public var id: String {
        switch self {
        case .user(let id), .group(let id): id
        }
    }

    var userID: String? { if case .user(let id) = self { id } else { nil } }
    var groupID: String? { if case .group(let id) = self { id } else { nil } }
}

/// Somebody holds a role somewhere.
public struct RoleAssignment: Hashable, Sendable {
    /// Who holds it.
    public let actor: RoleActor
    /// The role.
    public let role: Role
    /// Where.
    public let scope: RoleScope
    /// Whether it is held in what lies below the scope and not in the scope itself (OS-INHERIT).
    public let isInherited: Bool
    /// What was given, when this is what came of it: by being in a group, by a project's place, by a role's implying
    /// another.
    public let origin: Origin?

    /// A role as it was given.
    public struct Origin: Hashable, Sendable {
        /// Who was given it.
        public let actor: RoleActor
        /// The role that was given.
        public let roleID: String
        /// Where it was given.
        public let scope: RoleScope
        /// Whether it was given to be inherited.
        public let isInherited: Bool
    }

    init(
        actor: RoleActor, role: Role, scope: RoleScope, isInherited: Bool = false, origin: Origin? = nil
    ) {
        self.actor = actor
        self.role = role
        self.scope = scope
        self.isInherited = isInherited
        self.origin = origin
    }

    /// The user who holds it; nil for a group.
    public var userID: String? { actor.userID }
}

/// Which assignments are wanted; nil is any.
public struct RoleAssignmentFilter: Sendable {
    /// Held by this user.
    public var userID: String?
    /// Held by this group.
    public var groupID: String?
    /// Of this role.
    public var roleID: String?
    /// Held there.
    public var scope: RoleScope?
    /// Only those to be inherited, or only the others.
    public var isInherited: Bool?
    /// What comes of them: groups as their members, inherited roles where they count, roles with those they imply.
    public var isEffective = false
    /// Also in everything that is a part of the project asked for.
    public var includesSubtree = false

    /// Describes a choice.
    public init(userID: String? = nil, groupID: String? = nil, roleID: String? = nil, scope: RoleScope? = nil) {
        self.userID = userID
        self.groupID = groupID
        self.roleID = roleID
        self.scope = scope
    }
}

/// The names of what assignments speak of, by identifier.
public struct RoleAssignmentNames: Sendable {
    /// A name, and the domain in which it is one.
    public struct Entry: Sendable {
        /// The name.
        public let name: String
        /// The domain.
        public let domainID: String
    }

    /// Users.
    public internal(set) var users: [String: Entry] = [:]
    /// Groups.
    public internal(set) var groups: [String: Entry] = [:]
    /// Projects.
    public internal(set) var projects: [String: Entry] = [:]
    /// Domains.
    public internal(set) var domains: [String: String] = [:]
}
