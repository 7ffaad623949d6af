public import ServiceCore

/// What somebody shows instead of a password after logging in. Nothing is stored for it: the text carries it all,
/// sealed.
public struct Token: Sendable {
    /// The sealed text.
    public let text: String
    /// When it was issued.
    public let issuedAt: Timestamp
    /// From when on it is no longer accepted.
    public let expiresAt: Timestamp
    /// Names this token in logs and in the list of revoked ones.
    public let auditID: String
    /// Whose it is.
    public let user: User
    /// The project it is good for; nil for an unscoped token.
    public let project: Project?
    /// The roles held in the project, sorted by name, with those they include.
    public let roles: [Role]
}
