import Cryptography
import Database
import Logging
import ServiceCore

extension IdentityService {
    /// Longest password that is looked at, in bytes; keystone's `max_password_length`.
    static let longestPassword = 4096

    /// Checks a password and issues a token.
    ///
    /// An unknown user, a wrong password, a disabled user and an unknown domain look and take the same. From the fifth
    /// failure in a row on, the account refuses tries for 1, 2, 4 … 60 seconds.
    /// - Throws: `ServiceError`: unauthenticated `invalid_credentials` or `no_projects`; tooManyRequests
    ///   `too_many_attempts` or, when too many log in at the same moment, `too_many_logins`.
    public func authenticate(_ login: PasswordLogin) throws -> Token {
        try authenticate(
            Authentication(
                [.password(login.claim, login.password)], scope: login.scope, remoteAddress: login.remoteAddress))
    }

    /// The user of a claim when the password is right. Failures are counted, and slow the account down.
    func verified(
        _ claim: PasswordLogin.Claim, password: String, remoteAddress: String
    ) throws -> UserRecord {
        let user = try verified(claim, remoteAddress) { check(password, of: $0) }
        try renewHash(of: user, password)
        return user
    }

    /// The user of a claim when `check` finds it is.
    /// - Parameter method: whose failures are counted apart from those of passwords; nil for none.
    func verified(
        _ claim: PasswordLogin.Claim, _ remoteAddress: String, counting method: String? = nil,
        _ check: (UserRecord?) -> UserRecord?
    ) throws -> UserRecord {
        var key = try key(of: claim)
        if let method { key = LoginKey(domain: "\(key.domain) (\(method))", userName: key.userName) }
        let metadata = metadata(of: key, remoteAddress)
        let claimed = try read { try record(of: claim, in: $0) }
        let isPatient = claimed?.user.options.isTrue(UserOption.ignoreLockoutFailureAttempts.rawValue) ?? false
        let isPrepaid = try !isPatient && admit(key, metadata)
        guard let user = check(claimed) else {
            if !isPrepaid, !isPatient { try recordFailure(of: key) }
            log.warning("login failed", metadata: metadata)
            throw ServiceError.invalidCredentials
        }
        try note { try loginStore.forget(key, in: $0) }
        return user
    }

    func metadata(of key: LoginKey, _ remoteAddress: String) -> Logger.Metadata {
        [
            "user": "\(key.userName.printable)", "domain": "\(key.domain.printable)",
            "address": "\(remoteAddress.printable)",
        ]
    }

    /// The domain as it is, not as it was typed: each spelling would otherwise have failures of its own.
    func key(of claim: PasswordLogin.Claim) throws -> LoginKey {
        switch claim {
        case .name(let name, let domain):
            let known = try read { try domainStore.domain(idOrName: domain, in: $0) }
            return LoginKey(domain: known?.id ?? String(domain.prefix(64)), userName: String(name.prefix(255)))
        case .id(let id):
            let record = try read { try userStore.record(id: id, in: $0) }
            return LoginKey(
                domain: record?.user.domainID ?? "", userName: record?.user.name ?? String(id.prefix(64)))
        }
    }

    /// Refuses a try that comes too early. From the fifth failure on a try is counted before the password is looked
    /// at: otherwise many at once would all get in before the first is counted.
    /// - Returns: whether the failure is counted already.
    private func admit(_ key: LoginKey, _ metadata: Logger.Metadata) throws -> Bool {
        let now = clock.now()
        let seconds: Int?
        let isPrepaid: Bool
        (seconds, isPrepaid) = try note { transaction in
            guard let failures = try loginStore.failures(of: key, in: transaction) else { return (nil, false) }
            if let seconds = failures.secondsToWait(at: now) { return (seconds, false) }
            guard failures.isSlowed else { return (nil, false) }
            try loginStore.save(.next(after: failures, at: now), of: key, at: now, in: transaction)
            return (nil, true)
        }
        guard let seconds else { return isPrepaid }
        log.warning("login refused after too many failures", metadata: metadata)
        throw ServiceError.tooManyAttempts(seconds: seconds)
    }

    private func recordFailure(of key: LoginKey) throws {
        let now = clock.now()
        try note { transaction in
            let failures = try loginStore.failures(of: key, in: transaction)
            try loginStore.save(.next(after: failures, at: now), of: key, at: now, in: transaction)
        }
    }

    func record(of claim: PasswordLogin.Claim, in transaction: borrowing Transaction) throws -> UserRecord? {
        switch claim {
        case .id(let id):
            return try userStore.record(id: id, in: transaction)
        case .name(let name, let domain):
            guard let domain = try domainStore.domain(idOrName: domain, in: transaction) else { return nil }
            return try userStore.record(named: name, domainID: domain.id, in: transaction)
        }
    }

    /// The user when everything is right. The password is worked on in any case.
    private func check(_ password: String, of record: UserRecord?) -> UserRecord? {
        let isShortEnough = password.utf8.count <= Self.longestPassword
        let isRight = Scrypt.verify(isShortEnough ? password : "", against: record?.passwordHash ?? decoyHash)
        guard let record, isShortEnough, isRight, record.user.isEnabled, record.isDomainEnabled else { return nil }
        return record
    }

    /// Hashes the password anew when the cost has been changed since.
    private func renewHash(of record: UserRecord, _ password: String) throws {
        guard Scrypt.cost(of: record.passwordHash) != passwordCost else { return }
        let hash = try ServiceError.wrapping { try Scrypt.hash(password, cost: passwordCost) }
        _ = try note { try userStore.replaceHash(of: record.user.id, record.passwordHash, by: hash, in: $0) }
    }
}

extension ServiceError {
    static let invalidCredentials = ServiceError(
        .unauthenticated, code: "invalid_credentials", "Invalid credentials.")
    static let noProjects = ServiceError(
        .unauthenticated, code: "no_projects", "You are not authorized for any projects or domains.")

    static func tooManyAttempts(seconds: Int) -> ServiceError {
        let message =
            seconds == 1
            ? Message("Too many failed logins. Please try again in a second.")
            : Message("Too many failed logins. Please try again in {seconds} seconds.", ["seconds": String(seconds)])
        return ServiceError(.tooManyRequests, code: "too_many_attempts", message, retryAfterSeconds: seconds)
    }
}

extension String {
    /// For the log: what somebody typed must not be able to start a line of its own there.
    fileprivate var printable: String {
        let scalars = unicodeScalars.prefix(255).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
