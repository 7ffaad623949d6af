import Cryptography
import Database
import ServiceCore

extension IdentityService {
    /// Issues a token for a trust and counts its use, both or neither. It ends with the trust at the latest.
    /// - Throws: `ServiceError`: unauthenticated `no_trust` for one that is not there, has ended or is used up; forbidden
    ///   `not_the_trustee`, or `trust_void` when what it passes on is not held any more.
    func issue(
        trust id: String, to user: UserRecord, _ methods: TokenMethods, expiresAt: Timestamp, parentAuditID: String?
    ) throws -> Token {
        let now = clock.now()
        return try note { transaction in
            guard let trust = try trustStore.trust(id: id, roleStore, in: transaction), trust.isUsable(at: now) else {
                throw ServiceError.noTrust
            }
            guard trust.trusteeID == user.user.id else { throw ServiceError.notTheTrustee }
            let scope = TokenContent.Scope.trust(id)
            guard try held(on: scope, by: user, in: transaction) != nil,
                let generation = try generation(of: user, scope, in: transaction)
            else { throw ServiceError.trustVoid }
            try trustStore.use(id: id, in: transaction)
            let content = TokenContent(
                userID: user.user.id, scope: scope, methods: methods, issuedAt: now,
                expiresAt: trust.expiresAt.map { min($0.timestamp, expiresAt) } ?? expiresAt, generation: generation,
                parentAuditID: parentAuditID)
            let text = seal.seal(content.bytes, at: now.seconds)
            return try token(text, content, user, nil, in: transaction)
        }
    }

    /// What the trustee can do by a trust now; nil when it is gone, when one of those it came through is disabled, or when
    /// a role that it passes on is not held any more. Roles are passed on all together or not at all.
    func held(
        byTrust id: String, _ user: UserRecord, in transaction: borrowing Transaction
    ) throws -> Holding? {
        let chain = try trustStore.chain(from: id, roleStore, in: transaction)
        guard let trust = chain.first, let first = chain.last, trust.trusteeID == user.user.id,
            let trustor = try userStore.record(id: trust.trustorID, in: transaction),
            try chain.allSatisfy({ try isEnabled($0.trustorID, in: transaction) && isEnabled($0.trusteeID, in: transaction) })
        else { return nil }
        let impersonated = trust.isImpersonation ? trustor : nil
        guard let projectID = trust.projectID else {
            return Holding(
                scope: .unscoped, projectDomainName: nil, roles: [], trust: trust, impersonated: impersonated)
        }
        guard let project = try projectStore.project(id: projectID, in: transaction), project.isEnabled,
            let domain = try domainStore.domain(id: project.domainID, in: transaction), domain.isEnabled
        else { return nil }
        let passedOn = try effective.counting(trust.roles.map(\.id), in: transaction)
        let actors = try actors(of: first.trustorID, in: transaction)
        let held = try effective.roles(of: actors, on: project, in: transaction)
        guard !trust.roles.isEmpty, Set(passedOn).isSubset(of: held) else { return nil }
        return Holding(
            scope: .project(project), projectDomainName: domain.name, roles: passedOn, trust: trust,
            impersonated: impersonated)
    }

    /// Which tokens of a user still count: those of its generation. A trust's end also with those of its trustor; both
    /// numbers only grow, and so does their sum. Nil when the trust is gone.
    func generation(
        of user: UserRecord, _ scope: TokenContent.Scope, in transaction: borrowing Transaction
    ) throws -> Int? {
        guard case .trust(let id) = scope else { return user.tokenGeneration }
        guard let trust = try trustStore.trust(id: id, roleStore, in: transaction),
            let trustor = try userStore.record(id: trust.trustorID, in: transaction)
        else { return nil }
        return user.tokenGeneration + trustor.tokenGeneration
    }

    private func isEnabled(_ userID: String, in transaction: borrowing Transaction) throws -> Bool {
        guard let record = try userStore.record(id: userID, in: transaction) else { return false }
        return record.user.isEnabled && record.isDomainEnabled
    }
}

extension ServiceError {
    fileprivate static let noTrust = ServiceError(.unauthenticated, code: "no_trust", "There is no such trust.")
    fileprivate static let notTheTrustee = ServiceError(
        .forbidden, code: "not_the_trustee", "Only the trustee can use a trust.")
    fileprivate static let trustVoid = ServiceError(
        .forbidden, code: "trust_void", "What the trust passes on is not held any more.")
}
