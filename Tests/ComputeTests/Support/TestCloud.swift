import ComputeHost
import Database
import Foundation
import Images
import Networking
import ServiceCore
import TestSupport
import Testing

@testable import Compute

/// Everything Compute stands on, real but for the host: a database file, images on disk, networks, jobs on a clock that
/// is moved by hand.
final class TestCloud: Sendable {
    let database: DatabasePool
    let recorder: StatementRecorder
    /// Removed with the last cloud that uses it.
    let directory: TemporaryDirectory
    let clock: ManualClock
    let host: InMemoryHost
    /// Beside `host`.
    let others: [InMemoryHost]
    let events = EventBus()
    let jobs: JobQueue
    let images: ImageService
    let networking: NetworkingService
    let compute: ComputeService

    static let admin = RequestContext(
        userID: "u-admin", userName: "admin", projectID: "p-admin", projectName: "admin", roles: ["admin"])
    static let member = RequestContext(
        userID: "u-ada", userName: "ada", projectID: "p-lab", projectName: "lab", roles: ["member"])
    static let stranger = RequestContext(
        userID: "u-bob", userName: "bob", projectID: "p-other", projectName: "other", roles: ["member"])
    static let reader = RequestContext(
        userID: "u-eve", userName: "eve", projectID: "p-lab", projectName: "lab", roles: ["reader"])

    /// - Parameters:
    ///   - earlier: a cloud whose program has died: the database, the files and the clock go on.
    ///   - host: what runs the guests; unless given, the earlier one, which survived.
    ///   - others: more hosts.
    convenience init(
        after earlier: TestCloud? = nil, host: InMemoryHost? = nil, others: [InMemoryHost] = [],
        directory: TemporaryDirectory? = nil, limits: ComputeResources? = nil,
        checkpoint: @escaping @Sendable (LaunchPhase, BuildInstance.Moment) -> Void = { _, _ in }
    ) throws {
        let recorder = earlier?.recorder ?? StatementRecorder()
        let directory = try earlier?.directory ?? directory ?? TemporaryDirectory()
        try self.init(
            database: earlier?.database ?? .temporary(copying: Self.empty.get(), recorder: recorder),
            recorder: recorder, directory: directory,
            clock: earlier?.clock ?? ManualClock(),
            host: host ?? earlier?.host ?? InMemoryHost(hostname: "node1", imagesDirectory: directory.path),
            others: earlier?.others ?? others, limits: limits, checkpoint: checkpoint)
        if earlier == nil { try seed() } else { try jobs.recover() }
    }

    /// What a cloud has at first: made once and copied for each test, because making it takes longer than most tests.
    private static let empty = Result {
        let directory = try TemporaryDirectory()
        return try TestCloud(
            database: .temporary(), recorder: StatementRecorder(), directory: directory, clock: ManualClock(),
            host: InMemoryHost(hostname: "node1", imagesDirectory: directory.path), others: [], limits: nil,
            checkpoint: { _, _ in }
        ).database
    }

    private init(
        database: DatabasePool, recorder: StatementRecorder, directory: TemporaryDirectory, clock: ManualClock,
        host: InMemoryHost, others: [InMemoryHost], limits: ComputeResources?,
        checkpoint: @escaping @Sendable (LaunchPhase, BuildInstance.Moment) -> Void
    ) throws {
        self.database = database
        self.recorder = recorder
        self.directory = directory
        self.clock = clock
        self.host = host
        self.others = others
        try database.migrate(ServiceCoreSchema.migrations)
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory.path,
            inspector: host.services.images
        )
        let hosts = HostDirectory(([host] + others).map { ($0.identity.hostname, $0.services) })
        networking = try NetworkingService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts)
        var configuration = ComputeConfiguration()
        configuration.limits = limits ?? .defaultLimits
        configuration.secretKey = Array("a secret of the tests, long enough".utf8)
        let work = InstanceWork(
            database: database, lifecycle: InstanceLifecycle(jobs: jobs, events: events, clock: clock), hosts: hosts,
            networking: networking, images: images, configuration: configuration)
        let build = BuildInstance(
            work: work, placement: Placement(work: work, scheduler: Scheduler(ratios: configuration.ratios)),
            checkpoint: checkpoint)
        compute = try ComputeService(work, build: build)
    }

    private func seed() throws {
        try networking.seed(ownerProjectID: "p-admin")
        let path = directory.path + "/upload"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path))
        _ = try images.registerGuest(file: path, format: .raw, ownerProjectID: "p-admin")
        try jobs.recover()
        try jobs.drain()
    }

    var guestImage: Image {
        get throws { try #require(try images.images(as: Self.admin).items.first { $0.name == "tiny-linux" }) }
    }

    var network: Network {
        get throws { try #require(try networking.networks(as: Self.admin).first) }
    }

    /// A request that is good in every part.
    func request(_ name: String = "web", flavor: String = "1") throws -> LaunchRequest {
        var request = LaunchRequest(name: name, flavorID: flavor, imageID: try guestImage.id.text)
        request.networkIDs = [try network.id.text]
        return request
    }

    /// Launches one instance and does all the work there is.
    func launch(_ name: String = "web", as context: RequestContext = member) throws -> Instance {
        let launched = try compute.launch(try request(name), as: context)[0]
        try jobs.drain()
        return try compute.instance(launched.id, as: context)
    }

    func instance(_ id: ID<Instance>) throws -> Instance { try compute.instance(id, as: Self.admin) }

    /// What was said about each host.
    func decision(on instance: Instance) throws -> SchedulingDecision? {
        try compute.scheduling(of: instance.id, as: Self.admin)?.decision
    }

    /// What exists outside of the rows for an instance: domain, directory, addresses.
    func traces(of id: ID<Instance>) throws -> [String] {
        var traces: [String] = []
        if try host.status(of: id.text) != nil { traces.append("domain") }
        if try host.instances().contains(id.text) { traces.append("directory") }
        if try !networking.ports(as: Self.admin, filter: PortFilter(deviceID: id.text)).isEmpty {
            traces.append("port")
        }
        return traces
    }

    /// Runs a closure on several threads at once and waits for all of them.
    static func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            let thread = Thread {
                body(index)
                group.leave()
            }
            thread.start()
        }
        group.wait()
    }
}

/// The `ServiceError` a closure ends with.
func serviceError(_ body: () throws -> Void) -> ServiceError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ServiceError
    }
}
