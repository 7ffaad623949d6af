import ServiceCore

/// What a user lets another do in its place: some of its roles in a project (OS-TRUST).
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
    /// The trust it was passed on from; nil for one of its trustor's own.
    public let redelegatedTrustID: String?
    /// The roles that are passed on, by name.
    public let roles: [Role]

    /// How often a trust can be passed on at most: keystone's `max_redelegation_count`.
    static let mostRedelegations = 3

    /// Whether it has neither ended nor been used up.
    func isUsable(at now: Timestamp) -> Bool {
        (expiresAt.map { now < $0.timestamp } ?? true) && remainingUses != 0
    }
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
    /// Whether the trustee may pass it on.
    public var allowsRedelegation = false
    /// How often it can be passed on; nil for as often as possible.
    public var redelegationCount: Int?
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
