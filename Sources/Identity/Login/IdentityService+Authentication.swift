import Cryptography
import Database
import Logging
import ServiceCore

extension IdentityService {
    /// Takes all of somebody's proofs at once and issues a token.
    /// - Throws: as ``logIn(_:)``; `invalid_credentials` also when the proofs are not enough.
    public func authenticate(_ authentication: Authentication) throws -> Token {
        guard case .token(let token) = try logIn(authentication) else { throw ServiceError.invalidCredentials }
        return token
    }

    /// Takes somebody's proofs and issues a token. A token that is exchanged for another has the same end.
    ///
    /// With several proofs each has to be right, and all have to be of the same user. A user with rules for that has to
    /// meet one of them with the methods used, those of an exchanged token and of a receipt included; when they are not
    /// enough, a receipt for them is the answer.
    /// - Throws: `ServiceError`: unauthenticated `invalid_credentials`, `no_projects`, `receipt_invalid`, or `token_…` for
    ///   a token that is not good; forbidden `fixed_scope` for the token of an application credential or a trust;
    ///   tooManyRequests.
    public func logIn(_ authentication: Authentication) throws -> LoginOutcome {
        var proven = Proven()
        for proof in authentication.proofs { try take(proof, authentication, &proven) }
        guard let user = proven.user else { throw ServiceError.invalidCredentials }
        if let receipt = authentication.receipt {
            proven.methods.formUnion(try methods(ofReceipt: receipt, of: user))
        }
        if let rules = MultiFactorRules(of: user.user), !rules.areMet(by: proven.methods.names) {
            let metadata = try metadata(of: key(of: .id(user.user.id)), authentication.remoteAddress)
            log.info("login goes on with another proof", metadata: metadata)
            return .receipt(receipt(for: user, proven.methods, rules))
        }
        return .token(try issue(proven, to: user, authentication))
    }

    private func issue(_ proven: Proven, to user: UserRecord, _ authentication: Authentication) throws -> Token {
        // An exchanged token is no login, and not worth looking up whose it is.
        let metadata =
            proven.parentAuditID == nil
            ? try metadata(of: key(of: .id(user.user.id)), authentication.remoteAddress) : nil
        do {
            let token = try issue(
                to: user, proven.methods, proven.fixedScope ?? authentication.scope,
                expiresAt: proven.expiresAt ?? clock.now().adding(seconds: tokenLifetime),
                parentAuditID: proven.parentAuditID, proven.applicationCredential)
            if let metadata { log.info("login", metadata: metadata.merging(["audit": "\(token.auditID)"]) { $1 }) }
            return token
        } catch {
            if let metadata { log.warning("login without a project to work in", metadata: metadata) }
            throw error
        }
    }

    /// What has been proven so far.
    private struct Proven {
        var user: UserRecord?
        var methods: TokenMethods = []
        var expiresAt: Timestamp?
        var parentAuditID: String?
        var fixedScope: PasswordLogin.Scope?
        var applicationCredential: ApplicationCredential?
    }

    private func take(
        _ proof: Authentication.Proof, _ authentication: Authentication, _ proven: inout Proven
    ) throws {
        let address = authentication.remoteAddress
        let user: UserRecord
        switch proof {
        case .password(let claim, let password):
            user = try loginDesk.serve { try verified(claim, password: password, remoteAddress: address) }
            proven.methods.insert(.password)
        case .totp(let claim, let passcode):
            // Counted apart: a right password must not buy new tries at guessing the other proof.
            user = try verified(claim, address, counting: "totp") { record in
                try? hasPasscode(passcode, record) ? record : nil
            }
            proven.methods.insert(.totp)
        case .token(let text):
            let content = try content(of: text)
            guard !content.isDelegated else { throw ServiceError.fixedScope }
            user = try read { try holder(of: content, in: $0) }
            proven.methods.formUnion(content.methods.union(.token))
            proven.expiresAt = content.expiresAt
            proven.parentAuditID = content.parentAuditID ?? content.auditID
        case .applicationCredential(let claim, let secret):
            let (owner, credential) = try verified(claim, secret, address)
            user = owner
            proven.methods.insert(.applicationCredential)
            proven.applicationCredential = credential
            guard case .usersDefault = authentication.scope else { throw ServiceError.invalidCredentials }
            proven.fixedScope = .project(id: credential.projectID)
        }
        guard proven.user == nil || proven.user?.user.id == user.user.id else { throw ServiceError.invalidCredentials }
        proven.user = user
    }

    /// The secret of an application credential. Who guesses one that a person has chosen waits in the line of logins.
    private func verified(
        _ claim: Authentication.ApplicationCredentialClaim, _ secret: String, _ address: String
    ) throws -> (UserRecord, ApplicationCredential) {
        let found = try read { try record(of: claim, in: $0) }
        guard let record = found else {
            log.warning("login failed", metadata: ["address": "\(address)"])
            throw ServiceError.invalidCredentials
        }
        let user = try loginDesk.serve {
            try verified(.id(record.userID), address) { user in
                guard let user, user.user.isEnabled, user.isDomainEnabled, isRight(secret, for: record),
                    record.expiresAt.map({ clock.now() < $0.timestamp }) ?? true
                else { return nil }
                return user
            }
        }
        return (user, try read { try whole(record, in: $0) })
    }

    private func record(
        of claim: Authentication.ApplicationCredentialClaim, in transaction: borrowing Transaction
    ) throws -> ApplicationCredentialStore.Record? {
        switch claim {
        case .id(let id):
            return try applicationCredentialStore.record(id: id, in: transaction)
        case .name(let name, let user):
            guard let user = try record(of: user, in: transaction) else { return nil }
            return try applicationCredentialStore.all(userID: user.user.id, name: name, in: transaction).first
        }
    }

    /// Whether a one-time password is that of one of the user's seeds, for this half minute or the one before. Each
    /// counts only once (RFC 6238 section 5.2).
    private func hasPasscode(_ passcode: String, _ record: UserRecord?) throws -> Bool {
        guard let record, record.user.isEnabled, record.isDomainEnabled else { return false }
        let seeds = try read { transaction in
            try credentialStore.all(userID: record.user.id, type: "totp", in: transaction).map { try opened($0).blob }
        }
        let step = clock.now().seconds / 30
        for seed in seeds.compactMap(Base32.decode) {
            for candidate in [step, step - 1]
            where constantTimeEqual(TOTP.passcode(seed: seed, step: candidate), passcode) {
                return usedPasscodes.take(record.user.id, candidate)
            }
        }
        return false
    }
}

extension ServiceError {
    static let fixedScope = ServiceError(
        .forbidden, code: "fixed_scope",
        "The token of an application credential or a trust cannot be exchanged for another.")
}
