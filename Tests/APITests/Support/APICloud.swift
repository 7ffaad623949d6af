import API
import Compute
import ComputeHost
import Cryptography
import Database
import Foundation
import HTTP
import Identity
import Images
import Logging
import Networking
import ServiceCore
import TestSupport
import Testing

/// All services on one database and a simulated host, behind their HTTP interfaces.
final class APICloud: Sendable {
    let clock = ManualClock()
    let events = EventBus()
    let database: DatabasePool
    let jobs: JobQueue
    let identity: IdentityService
    let images: ImageService
    let networking: NetworkingService
    let compute: ComputeService
    let host: InMemoryHost
    let router: Router
    /// The project of the first administrator.
    let adminProjectID: String
    private let directory: TemporaryDirectory
    /// Where files may be laid down.
    var folder: String { directory.path }

    /// What an empty cloud has: made once and copied for each test, because making it takes longer than most tests.
    private static let empty = Result { try APICloud(on: .temporary()).database }

    convenience init() throws {
        try self.init(on: .temporary(copying: Self.empty.get()))
    }

    private init(on database: DatabasePool) throws {
        directory = try TemporaryDirectory()
        self.database = database
        try database.migrate(ServiceCoreSchema.migrations)
        try database.migrate(IdentitySchema.migrations)
        host = InMemoryHost(hostname: "node1", imagesDirectory: directory.path)
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        identity = try IdentityService(
            database: database, clock: clock, secretKey: Array("a secret of the tests, long enough".utf8),
            passwordCost: .testing, logger: silent)
        images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory.path,
            inspector: host.services.images)
        let hosts = HostDirectory(host.services)
        var configuration = NetworkingConfiguration()
        configuration.enableRouter = true
        networking = try NetworkingService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts, configuration: configuration)
        compute = try ComputeService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts, images: images,
            networking: networking)
        try identity.seed(adminPassword: "admin")
        let projects = try identity.projects(as: .system("test"))
        adminProjectID = try #require(projects.first { $0.name == "admin" }).id
        var router = Router()
        router.notFound = OpenStackAPI.notFound
        router.refusal = OpenStackAPI.refusal
        router.failure = { OpenStackAPI.failure($1) }
        OpenStackAPI(identity: identity, images: images, networking: networking, compute: compute)
            .register(on: &router)
        self.router = router
        try jobs.recover()
        try jobs.drain()
    }

    /// The token of a user in a project.
    func token(_ user: String = "admin", password: String = "admin", project: String = "admin") throws -> String {
        let login = PasswordLogin(
            claim: .name(user, domain: "Default"), password: password, remoteAddress: "127.0.0.1",
            scope: .projectNamed(project, domain: "Default"))
        return try identity.authenticate(login).text
    }

    /// The id of an image that everybody may launch from.
    func publicImage() throws -> String {
        let path = directory.path + "/upload"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
        _ = try images.registerGuest(file: path, format: .raw, ownerProjectID: adminProjectID)
        return try #require(try images.images(as: .system("test")).items.first).id.text
    }

    /// Asks an endpoint and gives its answer.
    /// - Parameter json: sent as the content.
    func ask(
        _ method: HTTP.Method, _ target: String, token: String? = nil, version: String? = nil, json: String? = nil,
        fields: [String: String] = [:]
    ) -> APIAnswer {
        var all = fields
        all["X-Auth-Token"] = token
        all["OpenStack-API-Version"] = version
        if json != nil { all["Content-Type"] = all["Content-Type"] ?? "application/json" }
        return APIAnswer(
            router.respond(
                to: .testing(
                    method, target, fieldLines: all.map { ($0, $1) }, content: json.map { Array($0.utf8) } ?? [])))
    }
}

/// What an endpoint answered.
struct APIAnswer {
    let response: Response
    /// The content as text.
    let text: String
    private let json: Any?

    init(_ response: Response) {
        self.response = response
        var bytes: [UInt8] = []
        if case .bytes(let content) = response.body { bytes = content }
        text = String(decoding: bytes, as: UTF8.self)
        json = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    var status: Int { response.status.code }

    /// What lies at a path: `servers.0.name`. NSNull for null, nil for what is absent.
    subscript(path: String) -> Any? {
        path.split(separator: ".").reduce(json) { value, name in
            if let list = value as? [Any] { return Int(name).flatMap { list.indices.contains($0) ? list[$0] : nil } }
            return (value as? [String: Any])?[String(name)]
        }
    }

    /// The text that lies at a path.
    func text(_ path: String) -> String? { self[path] as? String }

    /// The list that lies at a path.
    func list(_ path: String) -> [Any] { self[path] as? [Any] ?? [] }

    /// The names of the members of the object at a path, sorted.
    func members(_ path: String) -> [String] { (self[path] as? [String: Any] ?? [:]).keys.sorted() }
}
