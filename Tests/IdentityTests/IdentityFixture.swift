import Cryptography
import Database
import Identity
import Logging
import ServiceCore
import Synchronization

/// A seeded identity service on a database of its own.
struct IdentityFixture {
    static let password = "the admin's secret"

    let database: DatabasePool
    let recorder = StatementRecorder()
    let clock = ManualClock()
    let logged = CapturedLog()
    let identity: IdentityService
    let admin: RequestContext

    init() throws {
        database = try DatabasePool.temporary(recorder: recorder)
        try database.migrate(ServiceCoreSchema.migrations + IdentitySchema.migrations)
        identity = try Self.service(database, clock, logged)
        try identity.seed(adminPassword: Self.password)
        let token = try identity.authenticate(
            PasswordLogin(domain: "default", userName: "admin", password: Self.password, remoteAddress: "192.0.2.1"))
        admin = try identity.context(token: token.text, remoteAddress: "192.0.2.1")
    }

    static func service(
        _ database: DatabasePool, _ clock: ManualClock, _ log: CapturedLog,
        secret: [UInt8] = [UInt8](repeating: 7, count: 32), cost: Scrypt.Cost = .testing
    ) throws -> IdentityService {
        try IdentityService(
            database: database, clock: clock, secretKey: secret, passwordCost: cost, tokenLifetime: 3600,
            loginsAtOnce: 100, loginsInLine: 100,
            logger: log.logger)
    }

    func login(
        _ user: String = "admin", _ password: String = Self.password, domain: String = "default",
        scope: PasswordLogin.Scope = .recent(id: nil)
    ) throws -> Token {
        try identity.authenticate(
            PasswordLogin(
                domain: domain, userName: user, password: password, remoteAddress: "192.0.2.9", scope: scope))
    }

    /// A user with a role in a project of its own name.
    func makeMember(_ name: String, role: String = "member") throws -> (user: User, project: Project) {
        let project = try identity.createProject(NewProject(name: name), as: admin)
        let user = try identity.createUser(NewUser(name: name, password: "secret"), as: admin)
        let role = try identity.role(named: role)?.id ?? ""
        try identity.assign(role: role, to: user.id, on: .project(project.id), as: admin)
        return (user, project)
    }
}

/// Keeps what is logged, as text.
final class CapturedLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let details = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            log.kept.withLock { $0.append("\(event.level) \(event.message) \(details)") }
        }
    }
}

/// The code and kind of the `ServiceError` a closure throws; nil when it throws none.
func refusal(_ body: () throws -> Void) -> ServiceError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ServiceError
    }
}
