public import Cryptography
public import Database
public import Logging
public import ServiceCore
import Synchronization

/// Who may come in, and as what: domains, projects, users, roles, passwords and tokens.
public final class IdentityService: Sendable {
    let database: DatabasePool
    let clock: any WallClock
    let log: Logger
    let passwordCost: Scrypt.Cost
    let tokenLifetime: Int64
    let seal: Fernet
    let receiptSeal: Fernet
    let credentialSeal: Fernet
    let policy = IdentityPolicy.policy
    let domainStore = DomainStore()
    let projectStore = ProjectStore()
    let userStore = UserStore()
    let groupStore = GroupStore()
    let roleStore = RoleStore()
    let assignmentStore = RoleAssignmentStore()
    let regionStore = RegionStore()
    let catalogStore = CatalogStore()
    let endpointFilterStore = EndpointFilterStore()
    let domainOptionStore = DomainOptionStore()
    let consumerStore = ConsumerStore()
    let credentialStore = CredentialStore()
    let applicationCredentialStore = ApplicationCredentialStore()
    let trustStore = TrustStore()
    let limitStore = LimitStore()
    let policyStore = PolicyStore()
    let loginStore = LoginStore()
    /// Nobody's password; compared with when the user is unknown, so that it takes as long as when it is known.
    let decoyHash: String
    let loginDesk: LoginDesk
    let usedPasscodes = UsedPasscodes()
    let tokenCache = TokenCache()
    /// With whether any project is shown only a part of it.
    let catalogCache = Revised<(whole: Catalog, isFiltered: Bool)>()
    private let changes = Atomic<UInt64>(0)

    /// Makes the service on the tables of ``IdentitySchema``.
    /// - Parameters:
    ///   - secretKey: the program's secret; tokens sealed under another one are not accepted.
    ///   - passwordCost: the work of checking a password.
    ///   - tokenLifetime: seconds from login to the end of a token.
    ///   - loginsAtOnce: how many passwords are checked at the same time.
    ///   - loginsInLine: how many more logins may wait for that, each blocking its thread; the rest is refused.
    ///   - logger: told of every login, with user, domain and address, never with the password.
    /// - Throws: `CryptographyError` when not even a password can be hashed.
    public init(
        database: DatabasePool, clock: any WallClock, secretKey: [UInt8],
        passwordCost: Scrypt.Cost = .interactive, tokenLifetime: Int64 = 3600, loginsAtOnce: Int = 1,
        loginsInLine: Int = 6, logger: Logger
    ) throws {
        self.database = database
        self.clock = clock
        self.passwordCost = passwordCost
        self.tokenLifetime = tokenLifetime
        log = logger
        loginDesk = LoginDesk(places: max(1, loginsAtOnce), line: loginsInLine)
        seal = Fernet(secret: secretKey, purpose: "identity tokens")
        receiptSeal = Fernet(secret: secretKey, purpose: "identity receipts")
        credentialSeal = Fernet(secret: secretKey, purpose: "identity credentials")
        decoyHash = try Scrypt.hash(Random.token(bytes: 16), cost: passwordCost)
    }

    func read<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        try ServiceError.wrapping { try database.read(body) }
    }

    /// A number that another one takes the place of with every change that anybody could see. What was read before stays
    /// true for as long as the number is the same.
    public var revision: UInt64 { changes.load(ordering: .acquiring) }

    /// Changes what others see: makes a new ``revision``, after the commit and before anybody is told of it.
    func write<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        let result = try note(body)
        changes.add(1, ordering: .releasing)
        return result
    }

    /// Writes down what changes nothing for others: failed logins, another hash of the same password.
    func note<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        try ServiceError.wrapping { try database.write(body) }
    }
}
