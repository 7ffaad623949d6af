import Cryptography
import Database
public import ServiceCore

extension IdentityService {
    /// Checks a token and says on whose behalf, and in which scope, its holder acts. Roles are those held now: one that
    /// was taken away since the login no longer counts.
    /// - Throws: `ServiceError` of kind unauthenticated: `token_invalid`, `token_expired` or `token_revoked`.
    public func context(
        token text: String, requestID: String = RequestContext.newRequestID(), remoteAddress: String
    ) throws -> RequestContext {
        try entry(text).context.with(requestID: requestID, remoteAddress: remoteAddress)
    }

    /// The same for a request to a service, which an application credential may not be allowed to make.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``, and unauthenticated `access_rule` for such a request.
    public func context(
        token text: String, requestID: String, remoteAddress: String, service: String, method: String, path: String
    ) throws -> RequestContext {
        let entry = try entry(text)
        if let rules = entry.token.applicationCredential?.accessRules {
            guard rules.contains(where: { $0.allows(service: service, method: method, path: path) }) else {
                throw ServiceError(
                    .unauthenticated, code: "access_rule", "The application credential does not allow this request.")
            }
        }
        return entry.context.with(requestID: requestID, remoteAddress: remoteAddress)
    }

    /// The context, and the projects the holder can work in, by name: what a page shows around its content.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``.
    public func visit(
        token text: String, requestID: String = RequestContext.newRequestID(), remoteAddress: String
    ) throws -> (context: RequestContext, projects: [Project]) {
        let entry = try entry(text)
        let open = try entry.projects { try projects(for: entry.token.user.id) }
        return (entry.context.with(requestID: requestID, remoteAddress: remoteAddress), open)
    }

    /// Checks a token and gives everything it stands for.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``.
    public func validate(_ text: String) throws -> Token {
        try entry(text).token
    }

    /// Checks another's token for somebody: everybody for themselves, administrators and readers of the system for all.
    /// - Throws: `ServiceError`; notFound for a token that is not good, forbidden for another's.
    public func token(_ text: String, as context: RequestContext) throws -> Token {
        let mayLook = policy.allows("identity:validate_token", context)
        guard let token = try? validate(text) else { throw ServiceError.notFound("Token", "") }
        guard mayLook || token.user.id == context.userID else {
            throw ServiceError.forbidden("identity:validate_token")
        }
        return token
    }

    /// Ends another's token for somebody: everybody their own, administrators all.
    /// - Throws: as ``token(_:as:)``.
    public func revoke(token text: String, as context: RequestContext) throws {
        guard let token = try? validate(text) else { throw ServiceError.notFound("Token", "") }
        if token.user.id != context.userID { try policy.require("identity:revoke_token", context) }
        try revoke(token: text)
    }

    /// Exchanges a token for one that is good for a project, with the same end.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``; `no_projects` when the user holds no role there.
    public func rescope(token text: String, projectID: String) throws -> Token {
        try authenticate(Authentication([.token(text)], scope: .project(id: projectID), remoteAddress: ""))
    }

    /// Ends a token. One that is not valid any more is left alone.
    /// - Throws: `ServiceError` when the database refuses.
    public func revoke(token text: String) throws {
        guard let content = try? content(of: text) else { return }
        try write { try loginStore.revoke(auditID: content.auditID, until: content.expiresAt, in: $0) }
    }

    /// A token that is good now.
    private func entry(_ text: String) throws -> TokenCache.Entry {
        let revision = revision
        if let entry = tokenCache.found(text, at: revision) {
            guard clock.now() < entry.end else { throw ServiceError.tokenExpired }
            return entry
        }
        let content = try content(of: text)
        let entry = try read { transaction in
            let user = try holder(of: content, in: transaction)
            let credential = try applicationCredential(of: content, in: transaction)
            let token = try token(text, content, user, credential, in: transaction)
            let end = credential?.expiresAt.map { min($0.timestamp, content.expiresAt) } ?? content.expiresAt
            return TokenCache.Entry(revision: revision, token: token, end: end)
        }
        tokenCache.keep(entry)
        return entry
    }

    func content(of text: String) throws -> TokenContent {
        guard text.utf8.count <= 1024, let bytes = try? seal.open(text), let content = TokenContent(bytes) else {
            throw ServiceError.tokenInvalid
        }
        guard clock.now() < content.expiresAt else { throw ServiceError.tokenExpired }
        return content
    }

    func holder(of content: TokenContent, in transaction: borrowing Transaction) throws -> UserRecord {
        guard let user = try userStore.record(id: content.userID, in: transaction), user.user.isEnabled,
            user.isDomainEnabled,
            try generation(of: user, content.scope, in: transaction) == content.generation,
            try !loginStore.isRevoked(auditID: content.auditID, in: transaction)
        else { throw ServiceError.tokenRevoked }
        return user
    }

    private func applicationCredential(
        of content: TokenContent, in transaction: borrowing Transaction
    ) throws -> ApplicationCredential? {
        guard let id = content.applicationCredentialID else { return nil }
        guard let record = try applicationCredentialStore.record(id: id, in: transaction),
            record.expiresAt.map({ clock.now() < $0.timestamp }) ?? true
        else { throw ServiceError.tokenRevoked }
        return try whole(record, in: transaction)
    }

    /// What a token says, with what stands in the database about it now.
    func token(
        _ text: String, _ content: TokenContent, _ user: UserRecord, _ credential: ApplicationCredential?,
        in transaction: borrowing Transaction
    ) throws -> Token {
        guard let held = try held(on: content.scope, by: user, credential, in: transaction) else {
            throw ServiceError.tokenRevoked
        }
        let actor = held.impersonated ?? user
        return Token(
            text: text, issuedAt: content.issuedAt, expiresAt: content.expiresAt,
            auditIDs: [content.auditID] + (content.parentAuditID.map { [$0] } ?? []),
            methods: content.methods.names, user: actor.user, userDomainName: actor.domainName, scope: held.scope,
            projectDomainName: held.projectDomainName, roles: held.roles, applicationCredential: credential,
            trust: held.trust)
    }

    /// What a user can do in a scope.
    struct Holding {
        let scope: TokenScope
        let projectDomainName: String?
        let roles: [Role]
        var trust: Trust?
        /// Under whose name the user acts by a trust.
        var impersonated: UserRecord?
    }

    /// What a user can do in a scope now; nil when it is gone, disabled, or no role is held there.
    func held(
        on scope: TokenContent.Scope, by user: UserRecord, _ credential: ApplicationCredential? = nil,
        in transaction: borrowing Transaction
    ) throws -> Holding? {
        let holding: Holding
        switch scope {
        case .unscoped:
            return Holding(scope: .unscoped, projectDomainName: nil, roles: [])
        case .project(let id):
            guard let project = try projectStore.project(id: id, in: transaction), project.isEnabled,
                let domain = try domainStore.domain(id: project.domainID, in: transaction), domain.isEnabled
            else { return nil }
            let actors = try actors(of: user.user.id, in: transaction)
            var roles = try effective.roles(of: actors, on: project, in: transaction)
            if let credential {
                let passedOn = try effective.withImplied(credential.roles.map(\.id), in: transaction)
                roles.removeAll { !passedOn.contains($0.id) }
            }
            holding = Holding(scope: .project(project), projectDomainName: domain.name, roles: roles)
        case .domain(let id):
            guard let domain = try domainStore.domain(id: id, in: transaction), domain.isEnabled else { return nil }
            let actors = try actors(of: user.user.id, in: transaction)
            let roles = try effective.roles(of: actors, on: .domain(id), in: transaction)
            holding = Holding(scope: .domain(domain), projectDomainName: nil, roles: roles)
        case .system:
            let actors = try actors(of: user.user.id, in: transaction)
            let roles = try effective.roles(of: actors, on: .system, in: transaction)
            holding = Holding(scope: .system, projectDomainName: nil, roles: roles)
        case .trust(let id):
            return try held(byTrust: id, user, in: transaction)
        }
        return holding.roles.isEmpty ? nil : holding
    }
}

extension ServiceError {
    static let tokenInvalid = ServiceError(
        .unauthenticated, code: "token_invalid", "The request you have made requires authentication.")
    static let tokenExpired = ServiceError(
        .unauthenticated, code: "token_expired", "Identity service token has expired.")
    static let tokenRevoked = ServiceError(
        .unauthenticated, code: "token_revoked", "You are no longer logged in. Please log in again.")
}
