/// What a user lets another do in its place: some of its roles in a project.
public struct Trust: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// Who trusts.
    public let trustorID: String
    /// Who is trusted.
    public let trusteeID: String
    /// Where.
    public let projectID: String?
    /// Whether the trustee is to act under the trustor's name.
    public let isImpersonation: Bool
    /// When it ends; nil for never.
    public let expiresAt: MicroTime?
    /// How often it can be used; nil for any number.
    public let remainingUses: Int?
    /// How often it can be passed on.
    public let redelegationCount: Int
    /// The roles that are passed on, by name.
    public let roles: [Role]
}

/// A trust to be made.
public struct NewTrust: Sendable {
    /// Who trusts.
    public var trustorID: String
    /// Who is to be trusted.
    public var trusteeID: String
    /// Where.
    public var projectID: String?
    /// Whether the trustee is to act under the trustor's name.
    public var isImpersonation: Bool
    /// When it ends; nil for never.
    public var expiresAt: MicroTime?
    /// How often it can be used; nil for any number.
    public var remainingUses: Int?
    /// Some of the trustor's roles.
    public var roles: [NewApplicationCredential.RoleReference]

    /// Describes a trust.
    public init(
        trustorID: String, trusteeID: String, projectID: String?, isImpersonation: Bool,
        roles: [NewApplicationCredential.RoleReference]
    ) {
        self.trustorID = trustorID
        self.trusteeID = trusteeID
        self.projectID = projectID
        self.isImpersonation = isImpersonation
        self.roles = roles
    }
}
