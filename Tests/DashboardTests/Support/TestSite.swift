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

@testable import Dashboard

/// The whole dashboard on a database and a host of its own, without a socket: the real router, services and templates.
struct TestSite {
    static let password = "open sesame"
    static let secret = Array("a secret for tests only, 32 bytes".utf8)

    let database: DatabasePool
    let clock = ManualClock()
    let jobs: JobQueue
    let events = EventBus()
    let identity: IdentityService
    let networking: NetworkingService
    let images: ImageService
    let compute: ComputeService
    let host: InMemoryHost
    let router: HTTP.Router
    /// The administrator, for setting the scene.
    let admin: RequestContext

    /// - Parameter sessions: where logins are kept; in memory when nothing is said.
    init(
        sessions: (any SessionStore)? = nil, configure: (inout DashboardConfiguration) -> Void = { _ in }
    ) throws {
        try self.init(on: .temporary(copying: Self.empty.get()), sessions: sessions, configure: configure)
    }

    /// What a site has at first: made once and copied for each test, because making it takes longer than most tests.
    private static let empty = Result { try TestSite(on: .temporary(), sessions: nil, configure: { _ in }).database }

    private init(
        on database: DatabasePool, sessions: (any SessionStore)?, configure: (inout DashboardConfiguration) -> Void
    ) throws {
        let clock = clock
        self.database = database
        try database.migrate(ServiceCoreSchema.migrations + IdentitySchema.migrations)
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        let secret = Self.secret
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        identity = try IdentityService(
            database: database, clock: clock, secretKey: secret, passwordCost: .testing, logger: quiet)
        try identity.seed(adminPassword: Self.password)
        let folder = FileManager.default.temporaryDirectory.appending(path: "daybreak-\(UUID())").path()
        host = InMemoryHost(imagesDirectory: folder)
        let hosts = HostDirectory(host.services)
        networking = try NetworkingService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts)
        images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock,
            directory: folder,
            inspector: host.services.images)
        compute = try ComputeService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts, images: images,
            networking: networking)
        var configuration = DashboardConfiguration(secretKey: secret)
        configure(&configuration)
        let site = try DashboardSite(
            services: DashboardServices(
                identity: identity, images: images, networking: networking, compute: compute, events: events),
            templates: Self.root + "/Templates", sessions: sessions ?? InMemorySessionStore(clock: clock),
            clock: clock, configuration: configuration)
        var router = HTTP.Router()
        try site.register(on: &router)
        router.notFound = site.notFound
        router.refusal = site.refusal
        router.failure = { site.failure($1) }
        self.router = router
        let token = try identity.authenticate(
            PasswordLogin(domain: "default", userName: "admin", password: Self.password, remoteAddress: ""))
        admin = try identity.context(token: token.text, remoteAddress: "")
    }

    /// The package's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()

    /// A browser nobody has logged in with.
    func browser() -> Browser { Browser(router) }

    /// A browser in which the administrator is logged in.
    func adminBrowser() throws -> Browser { try loggedIn("admin") }

    /// A browser in which a user is logged in.
    func loggedIn(_ user: String) throws -> Browser {
        let browser = browser()
        try browser.logIn(user, TestSite.password)
        return browser
    }

    /// A user with one role in a project of their own, all of the same name.
    func makeUser(_ name: String, role: String = "member") throws -> RequestContext {
        let project = try identity.createProject(NewProject(name: name), as: admin)
        let user = try identity.createUser(NewUser(name: name, password: Self.password), as: admin)
        guard let role = try identity.role(named: role) else { throw ServiceError.notFound("Role", role) }
        try identity.assign(role: role.id, to: user.id, on: .project(project.id), as: admin)
        let token = try identity.authenticate(
            PasswordLogin(domain: "default", userName: name, password: Self.password, remoteAddress: ""))
        return try identity.context(token: token.text, remoteAddress: "")
    }

    /// A network with one subnet, DHCP off.
    func makeNetwork(
        _ name: String = "blue", cidr: String = "10.0.0.0/24", pools: String = "", as owner: RequestContext? = nil
    ) throws -> (network: Network, subnet: Subnet) {
        var subnet = NewSubnet(name: name + "-subnet", cidr: cidr)
        subnet.enableDHCP = false
        subnet.allocationPools = PoolInput.lines(of: pools)
        let owner = owner ?? admin
        let network = try networking.createNetwork(NewNetwork(name: name), subnet: subnet, as: owner)
        return (network, try networking.subnet(network.subnets[0].id, as: owner))
    }

    /// A flavor with less memory than ``makeImage(_:minRAM:)`` needs: m1.nano with the id 0.
    func makeSmallFlavor() throws {
        _ = try compute.createFlavor(
            NewFlavor(name: "m1.nano", id: "0", vcpus: 1, memoryMiB: 64, diskGiB: 1), as: admin)
    }

    /// A small image everybody may launch.
    func makeImage(_ name: String = "tiny", minRAM: Int = 80) throws -> Image {
        let file = FileManager.default.temporaryDirectory.appending(path: "daybreak-image-\(UUID())")
        try Data(repeating: 7, count: 1 << 20).write(to: file)
        var new = NewImage(name: name, diskFormat: "raw")
        new.visibility = .public
        new.minDiskGiB = 1
        new.minRAMMiB = minRAM
        return try images.upload(new, movingFile: file.path(), as: admin)
    }
}
