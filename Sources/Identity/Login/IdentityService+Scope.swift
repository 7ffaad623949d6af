import Cryptography
import Database
import ServiceCore

extension IdentityService {
    /// Issues a token for what is asked for.
    /// - Throws: `ServiceError`: `no_projects` when no role is held there; `invalid_credentials` when the methods used
    ///   are not enough for the user; for a trust, as ``issue(trust:to:_:expiresAt:parentAuditID:)``.
    func issue(
        to user: UserRecord, _ methods: TokenMethods, _ scope: PasswordLogin.Scope, expiresAt: Timestamp,
        parentAuditID: String? = nil, _ credential: ApplicationCredential? = nil
    ) throws -> Token {
        if let rules = MultiFactorRules(of: user.user), !rules.areMet(by: methods.names) {
            throw ServiceError.invalidCredentials
        }
        if case .trust(let id) = scope {
            return try issue(trust: id, to: user, methods, expiresAt: expiresAt, parentAuditID: parentAuditID)
        }
        return try read { transaction in
            let content = TokenContent(
                userID: user.user.id, scope: try chosen(scope, for: user, in: transaction), methods: methods,
                issuedAt: clock.now(), expiresAt: expiresAt, generation: user.tokenGeneration,
                parentAuditID: parentAuditID, applicationCredentialID: credential?.id)
            guard try held(on: content.scope, by: user, credential, in: transaction) != nil else {
                throw ServiceError.noProjects
            }
            let text = seal.seal(content.bytes, at: content.issuedAt.seconds)
            return try token(text, content, user, credential, in: transaction)
        }
    }

    private func chosen(
        _ scope: PasswordLogin.Scope, for user: UserRecord, in transaction: borrowing Transaction
    ) throws -> TokenContent.Scope {
        switch scope {
        case .unscoped:
            return .unscoped
        case .usersDefault:
            guard let id = user.user.defaultProjectID,
                try held(on: .project(id), by: user, in: transaction) != nil
            else { return .unscoped }
            return .project(id)
        case .project(let id):
            return .project(id)
        case .projectNamed(let name, let domain):
            guard let domain = try domainStore.domain(idOrName: domain, in: transaction),
                let project = try projectStore.project(named: name, domainID: domain.id, in: transaction)
            else { throw ServiceError.noProjects }
            return .project(project.id)
        case .domain(let id):
            return .domain(id)
        case .domainNamed(let name):
            guard let domain = try domainStore.domain(named: name, in: transaction) else {
                throw ServiceError.noProjects
            }
            return .domain(domain.id)
        case .system:
            return .system
        case .trust(let id):
            return .trust(id)
        case .recent(let id):
            let mine = try projects(openTo: user.user.id, in: transaction)
            let wanted = [id, user.user.defaultProjectID].lazy.compactMap { id in mine.first { $0.id == id } }
            guard let project = wanted.first ?? mine.first else { throw ServiceError.noProjects }
            return .project(project.id)
        }
    }
}
