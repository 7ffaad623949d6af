import Cryptography
public import ServiceCore

/// What a login is answered with.
public enum LoginOutcome: Sendable {
    /// Everything that the user's rules ask for has been proven.
    case token(Token)
    /// Something has been proven, and the rules ask for more.
    case receipt(AuthReceipt)
}

/// Says that somebody has proven a part of what its rules ask for, so that the rest can follow in another request
/// (Identity API v3, "Multi-Factor Authentication").
///
/// Like a token it is sealed and not stored, under a seal of its own: it is good for nothing but the next login.
public struct AuthReceipt: Sendable {
    /// How long the rest may take, in seconds; keystone's default for `[receipt] expiration`.
    static let lifetime: Int64 = 300

    /// What is sent with the next login.
    public let text: String
    /// Who it is.
    public let user: User
    /// The name of the domain the user is in.
    public let userDomainName: String
    /// What has been proven, in keystone's names.
    public let methods: [String]
    /// The rules of which a part has been met, each with all of its methods.
    public let requiredMethods: [[String]]
    /// When it was issued.
    public let issuedAt: Timestamp
    /// When it ends.
    public let expiresAt: Timestamp
}

extension IdentityService {
    func receipt(for user: UserRecord, _ methods: TokenMethods, _ rules: MultiFactorRules) -> AuthReceipt {
        let now = clock.now()
        let content = TokenContent(
            userID: user.user.id, scope: .unscoped, methods: methods, issuedAt: now,
            expiresAt: now.adding(seconds: AuthReceipt.lifetime), generation: user.tokenGeneration)
        return AuthReceipt(
            text: receiptSeal.seal(content.bytes, at: now.seconds), user: user.user, userDomainName: user.domainName,
            methods: methods.names, requiredMethods: rules.begun(by: methods.names), issuedAt: now,
            expiresAt: content.expiresAt)
    }

    /// What a receipt says was proven before.
    /// - Throws: `ServiceError` unauthenticated `receipt_invalid` for one that is not good any more, or another's. What
    ///   ends the user's tokens, such as another password, ends its receipts.
    func methods(ofReceipt text: String, of user: UserRecord) throws -> TokenMethods {
        guard text.utf8.count <= 1024, let bytes = try? receiptSeal.open(text), let content = TokenContent(bytes),
            content.userID == user.user.id, content.generation == user.tokenGeneration,
            clock.now() < content.expiresAt
        else {
            throw ServiceError(.unauthenticated, code: "receipt_invalid", "Could not find auth receipt.")
        }
        return content.methods
    }
}
