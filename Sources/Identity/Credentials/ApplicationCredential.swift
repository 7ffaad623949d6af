/// A secret with which a program acts for a user in one project, with some of the user's roles.
public struct ApplicationCredential: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// For whom it acts.
    public let userID: String
    /// Where.
    public let projectID: String
    /// Unique for the user.
    public let name: String
    /// May be empty.
    public let description: String
    /// When it ends; nil for never.
    public let expiresAt: MicroTime?
    /// Whether it may make and delete others of its kind.
    public let isUnrestricted: Bool
    /// The roles it has, by name, as far as the user still holds them.
    public let roles: [Role]
    /// The only requests it may make; nil for all.
    public let accessRules: [AccessRule]?
}

/// A kind of request that an application credential may make.
public struct AccessRule: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// The type of the service: `compute`.
    public let service: String
    /// The method of HTTP.
    public let method: String
    /// The path, in which `*` stands for one segment, `{name}` too, and `**` for any number.
    public let path: String

    /// Whether a request is of this kind.
    public func allows(service: String, method: String, path: String) -> Bool {
        guard service == self.service, method == self.method else { return false }
        let wanted = self.path.split(separator: "/", omittingEmptySubsequences: true)
        return Self.matches(wanted[...], path.split(separator: "/", omittingEmptySubsequences: true)[...])
    }

    private static func matches(_ pattern: ArraySlice<Substring>, _ path: ArraySlice<Substring>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" {
            return (path.startIndex...path.endIndex).contains { matches(pattern.dropFirst(), path[$0...]) }
        }
        guard let segment = path.first else { return false }
        let isOpen = first == "*" || (first.hasPrefix("{") && first.hasSuffix("}"))
        return (isOpen || first == segment) && matches(pattern.dropFirst(), path.dropFirst())
    }
}

/// An application credential to be made.
public struct NewApplicationCredential: Sendable {
    /// A role, by its identifier or its name.
    public enum RoleReference: Hashable, Sendable {
        case id(String)
        case name(String)

        func means(_ role: Role) -> Bool {
            switch self {
            case .id(let id): role.id == id
            case .name(let name): role.name.lowercased() == name.lowercased()
            }
        }
    }

    /// A rule that is there already, by its identifier, or a new one.
    public enum Rule: Hashable, Sendable {
        case id(String)
        case new(service: String, method: String, path: String)
    }

    /// 1 to 255 characters.
    public var name: String
    /// The secret; nil for one of our choice.
    public var secret: String?
    /// May be empty.
    public var description = ""
    /// When it ends; nil for never.
    public var expiresAt: MicroTime?
    /// Whether it may make and delete others of its kind.
    public var isUnrestricted = false
    /// Some of the roles of who makes it; nil for all.
    public var roles: [RoleReference]?
    /// The only requests it may make; nil or none for all.
    public var accessRules: [Rule]?

    /// Describes an application credential.
    public init(name: String, secret: String? = nil) {
        self.name = name
        self.secret = secret
    }
}
