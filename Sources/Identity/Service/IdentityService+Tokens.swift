import Cryptography
import Database
public import ServiceCore

extension IdentityService {
    /// Checks a token and says on whose behalf, and in which project, its holder acts. Roles are looked up now: one
    /// that was taken away since the login no longer counts.
    /// - Throws: `ServiceError` of kind unauthenticated: `token_invalid`, `token_expired` or `token_revoked`.
    public func context(
        token text: String, requestID: String = RequestContext.newRequestID(), remoteAddress: String
    ) throws -> RequestContext {
        try visit(token: text, requestID: requestID, remoteAddress: remoteAddress).context
    }

    /// The same, and the projects the holder can work in, by name: what a page shows around its content.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``.
    public func visit(
        token text: String, requestID: String = RequestContext.newRequestID(), remoteAddress: String
    ) throws -> (context: RequestContext, projects: [Project]) {
        let (token, projects) = try validated(text)
        let context = RequestContext(
            requestID: requestID, userID: token.user.id, userName: token.user.name, userDomainID: token.user.domainID,
            projectID: token.project?.id, projectName: token.project?.name, projectDomainID: token.project?.domainID,
            roles: Set(token.roles.map(\.name)), remoteAddress: remoteAddress)
        return (context, projects)
    }

    /// Checks a token and gives everything it stands for.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``.
    public func validate(_ text: String) throws -> Token {
        try validated(text).token
    }

    private func validated(_ text: String) throws -> (token: Token, projects: [Project]) {
        let content = try content(of: text)
        return try read { transaction in
            let user = try holder(of: content, in: transaction)
            let projects = try projectStore.projects(of: user.user.id, in: transaction)
            let project = projects.first { $0.id == content.projectID }
            guard project != nil || content.projectID == nil else { throw ServiceError.tokenRevoked }
            return (try token(text, content, user, project, in: transaction), projects)
        }
    }

    /// Exchanges a token for one that is good for a project, with the same end.
    /// - Throws: as ``context(token:requestID:remoteAddress:)``; `no_projects` when the user holds no role there.
    public func rescope(token text: String, projectID: String) throws -> Token {
        let content = try content(of: text)
        return try read { transaction in
            let user = try holder(of: content, in: transaction)
            let mine = try projectStore.projects(of: user.user.id, in: transaction)
            guard let project = mine.first(where: { $0.id == projectID }) else { throw ServiceError.noProjects }
            return try issue(to: user, project: project, expiresAt: content.expiresAt, in: transaction)
        }
    }

    /// Ends a token. One that is not valid any more is left alone.
    /// - Throws: `ServiceError` when the database refuses.
    public func revoke(token text: String) throws {
        guard let content = try? content(of: text) else { return }
        try write { try loginStore.revoke(auditID: content.auditID, until: content.expiresAt, in: $0) }
    }

    func issue(
        to user: UserRecord, project: Project?, expiresAt: Timestamp, in transaction: borrowing Transaction
    ) throws -> Token {
        let content = TokenContent(
            userID: user.user.id, projectID: project?.id, issuedAt: clock.now(), expiresAt: expiresAt,
            generation: user.tokenGeneration)
        let text = seal.seal(content.bytes, at: content.issuedAt.seconds)
        return try token(text, content, user, project, in: transaction)
    }

    private func content(of text: String) throws -> TokenContent {
        guard text.utf8.count <= 1024, let bytes = try? seal.open(text), let content = TokenContent(bytes) else {
            throw ServiceError.tokenInvalid
        }
        guard clock.now() < content.expiresAt else { throw ServiceError.tokenExpired }
        return content
    }

    private func holder(of content: TokenContent, in transaction: borrowing Transaction) throws -> UserRecord {
        guard let user = try userStore.record(id: content.userID, in: transaction), user.user.isEnabled,
            user.isDomainEnabled, user.tokenGeneration == content.generation,
            try !loginStore.isRevoked(auditID: content.auditID, in: transaction)
        else { throw ServiceError.tokenRevoked }
        return user
    }

    private func token(
        _ text: String, _ content: TokenContent, _ user: UserRecord, _ project: Project?,
        in transaction: borrowing Transaction
    ) throws -> Token {
        try Token(
            text: text, issuedAt: content.issuedAt, expiresAt: content.expiresAt, auditID: content.auditID,
            user: user.user, project: project,
            roles: project.map { try effectiveRoles(of: user.user.id, on: .project($0.id), in: transaction) } ?? [])
    }

    /// The roles held, and those they include, as far as they exist; by name.
    private func effectiveRoles(
        of userID: String, on scope: RoleScope, in transaction: borrowing Transaction
    ) throws -> [Role] {
        let held = try roleStore.roles(of: userID, on: scope, in: transaction)
        let names = Set(held.map { $0.name.lowercased() })
        let implied = try Role.withImplied(names).subtracting(names).compactMap { name in
            try roleStore.role(named: name, in: transaction)
        }
        return (held + implied).sorted { $0.name < $1.name }
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
