public import ServiceCore

/// What a token is good for.
public enum TokenScope: Hashable, Sendable {
    /// Nothing but getting another one.
    case unscoped
    /// A project.
    case project(Project)
    /// What belongs to a domain as a whole.
    case domain(Domain)
    /// The whole system.
    case system
}

/// What somebody shows instead of a password after logging in. Nothing is stored for it: the text carries it all,
/// sealed.
public struct Token: Sendable {
    /// The sealed text.
    public let text: String
    /// When it was issued.
    public let issuedAt: Timestamp
    /// From when on it is no longer accepted.
    public let expiresAt: Timestamp
    /// Names this token in logs and in the list of revoked ones; then, for a token that was exchanged for another, the
    /// name of the first in the chain.
    public let auditIDs: [String]
    /// How its holder proved who it is: `password`, `token`, `application_credential`, `totp`.
    public let methods: [String]
    /// Whose it is.
    public let user: User
    /// The name of the user's domain.
    public let userDomainName: String
    /// What it is good for.
    public let scope: TokenScope
    /// The name of the project's domain; nil without a project.
    public let projectDomainName: String?
    /// The roles held there, sorted by name, with those they include.
    public let roles: [Role]
    /// The application credential it was issued for.
    public let applicationCredential: ApplicationCredential?
    /// The trust it was issued for. When it lets the trustee act under the trustor's name, the trustor is the user.
    public let trust: Trust?

    /// Names this token.
    public var auditID: String { auditIDs[0] }

    /// The project it is good for.
    public var project: Project? { if case .project(let project) = scope { project } else { nil } }

    /// The domain it is good for.
    public var domain: Domain? { if case .domain(let domain) = scope { domain } else { nil } }
}
