import Compute
import ComputeHost
import Database
import Foundation
import Identity
import Images
import LibvirtHost
import Logging
import Networking
import ServiceCore

/// The services of OpenStack, on one database and its hosts.
struct Cloud: Sendable {
    let clock = SystemClock()
    let events = EventBus()
    let hosts: ComputeHosts
    let database: DatabasePool
    let jobs: JobQueue
    let identity: IdentityService
    let images: ImageService
    let networking: NetworkingService
    let compute: ComputeService
    /// The project that owns what is there from the first start: the image, the network.
    let firstProjectID: String
    private let workers: JobWorkers

    /// Opens the host and the database and puts the services on them. What an empty database needs is seeded; nothing
    /// runs yet.
    init(settings: Settings, directory: StateDirectory, secretKey: [UInt8]) throws {
        hosts = try ComputeHosts(settings: settings, directory: directory)
        let first = hosts.all[0].services
        database = try DatabasePool(path: directory.database)
        try database.migrate(ServiceCoreSchema.migrations)
        try database.migrate(IdentitySchema.migrations)
        jobs = JobQueue(database: database, clock: clock, owner: LocalHost.machineName)
        identity = try IdentityService(
            database: database, clock: clock, secretKey: secretKey,
            loginsAtOnce: max(1, ProcessInfo.processInfo.activeProcessorCount / 2),
            logger: Logger(label: "daybreak.identity"))
        var imageConfiguration = settings.images.configuration
        imageConfiguration.isServed = { [identity] in try identity.isServed("/image", in: $0) }
        images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory.images,
            inspector: first.images, configuration: imageConfiguration)
        var networkingConfiguration = NetworkingConfiguration()
        networkingConfiguration.enableRouter = settings.neutronNetwork.enableRouter
        networking = try NetworkingService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts.directory,
            configuration: networkingConfiguration)
        var configuration = ComputeConfiguration()
        configuration.controllerName = first.hypervisor.identity.hostname
        configuration.secretKey = secretKey
        compute = try ComputeService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts.directory, images: images,
            networking: networking, configuration: configuration)
        jobs.register(PruneJobHistory(queue: jobs))
        jobs.register(PruneLogins(identity: identity))
        workers = JobWorkers(queue: jobs, count: 4, logger: Logger(label: "daybreak.jobs"))

        try identity.seed(adminPassword: "admin")
        let projects = try identity.projects(as: .system("first start"))
        firstProjectID = projects.first { $0.name == "admin" }?.id ?? projects.first?.id ?? ""
        try networking.seed(ownerProjectID: firstProjectID)
    }

    /// Takes up what an earlier program left unfinished, and begins to work.
    func start() throws {
        try jobs.recover()
        try images.recover()
        compute.start()
        workers.start()
    }

    /// Waits for the jobs that are running; those that are waiting stay for the next start. Guests run on.
    func stop() {
        workers.stop()
        compute.stop()
        hosts.close()
    }

    /// Whether the database can be read.
    var isWell: Bool { (try? database.read { _ in true }) ?? false }
}
