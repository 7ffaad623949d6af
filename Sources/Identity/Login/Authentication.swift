/// Somebody's proof of who it is, by one method or several (Identity API v3, "Authentication and token management").
public struct Authentication: Sendable {
    /// One proof.
    public enum Proof: Sendable {
        /// A password.
        case password(PasswordLogin.Claim, String)
        /// A token that is good.
        case token(String)
        /// The secret of an application credential.
        case applicationCredential(ApplicationCredentialClaim, secret: String)
        /// A one-time password (RFC 6238).
        case totp(PasswordLogin.Claim, passcode: String)
    }

    /// Which application credential it is.
    public enum ApplicationCredentialClaim: Sendable {
        /// By identifier.
        case id(String)
        /// By name, of a user.
        case name(String, PasswordLogin.Claim)
    }

    /// All of them have to be right, and of the same user.
    public var proofs: [Proof]
    /// What the token is to be good for.
    public var scope: PasswordLogin.Scope
    /// The receipt of an earlier login that proved a part; nil for none.
    public var receipt: String?
    /// Where it came from, for the log.
    public var remoteAddress: String

    /// Describes an authentication.
    public init(_ proofs: [Proof], scope: PasswordLogin.Scope = .usersDefault, remoteAddress: String) {
        self.proofs = proofs
        self.scope = scope
        self.remoteAddress = remoteAddress
    }
}
