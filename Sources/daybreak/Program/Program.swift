import API
import Dashboard
import Database
import Dispatch
import Foundation
import HTTP
import Logging
import ServiceCore

/// The whole program, put together from its settings: the place that knows every room of the house.
final class Program: Sendable {
    /// What is said to the person who started it: where to go, how to log in, what will surprise them.
    let greeting: [String]

    private let lock: StateLock
    private let cloud: Cloud
    private let server: Server
    /// What guests see of the program.
    private let metadataServer: Server
    private let metadata: MetadataListeners

    /// Starts everything. When it returns, pages are served; the guest image may still be in the making.
    init(_ file: SettingsFile) throws {
        let settings = file.settings
        let directory = StateDirectory(path: file.statePath)
        try directory.prepare()
        lock = try StateLock(directory)
        try Self.checkPorts(settings.listen)
        let files = try ProgramFiles(settingsFolder: file.folder)
        let secretKey = try SecretKey.load(settings.secretKey, in: directory)
        let cloud = try Cloud(settings: settings, directory: directory, secretKey: secretKey)
        let sessions = try SessionCache(settings: settings, directory: directory, clock: cloud.clock)
        let publicFiles = try StaticFiles(directory: files.publicFiles, prefix: "/static/")
        let consoles = ConsoleFiles(settings.consoles)
        var configuration = DashboardConfiguration(settings, secretKey: secretKey, files: publicFiles, cloud: cloud)
        configuration.consoles = consoles.viewers
        let site = try DashboardSite(
            services: DashboardServices(cloud), templates: files.templates, sessions: sessions.store,
            clock: cloud.clock,
            configuration: configuration)
        let metrics = Metrics()
        let door = try FrontDoor(
            site: site, api: OpenStackAPI(cloud), files: publicFiles, consoles: consoles, metrics: metrics,
            redirect: SecureRedirect(settings), isWell: { cloud.isWell })
        server = Server(
            router: door.router,
            configuration: try ServerConfiguration(file, directory: directory, metrics: metrics),
            logger: Logger(label: "daybreak.http"))
        metrics.watch(server)
        metadataServer = try Self.metadataServer(cloud, directory)
        metadata = MetadataListeners(
            networking: cloud.networking, events: cloud.events, hosts: cloud.hosts.directory, server: metadataServer)
        self.cloud = cloud
        let addresses = try server.start()
        _ = try metadataServer.start()
        try cloud.start()
        metadata.start()
        sessions.keepRunning()
        if settings.listen.contains(where: \.isSecure) { Self.renewCertificates(of: server) }
        greeting = Greeting(file: file, addresses: addresses, notes: sessions.notes, hosts: cloud.hosts).lines
        GuestImage(directory: directory, images: cloud.images, projectID: cloud.firstProjectID)
            .makeInBackground()
    }

    /// A server by itself: nobody who reaches it reaches a page, nor can wear out what pages need.
    private static func metadataServer(_ cloud: Cloud, _ directory: StateDirectory) throws -> Server {
        var configuration = MetadataService.configuration
        configuration.temporaryDirectory = directory.uploads
        configuration.observers = [try AccessLog(path: directory.log + "/metadata.log")]
        return Server(
            router: MetadataService(compute: cloud.compute, networking: cloud.networking).router,
            configuration: configuration, logger: Logger(label: "daybreak.metadata"))
    }

    /// The server shares its ports among its event loops, so the kernel would let a second program share them too.
    private static func checkPorts(_ entries: [ListenEntry]) throws {
        for address in entries.map(\.address) {
            if let obstacle = SocketProbe.obstacle(address) {
                throw StateFault(
                    path: address,
                    reason: "\(obstacle). Does a daybreak run already? Otherwise free the port, or change LISTEN.")
            }
        }
    }

    /// Takes up certificates that were renewed. The thread ends with the program.
    private static func renewCertificates(of server: Server) {
        Thread.detachNewThread {
            while true {
                Thread.sleep(forTimeInterval: 30)
                server.renewCertificates()
            }
        }
    }

    /// Finishes the requests and jobs that are under way, half a minute at most, and closes everything.
    func stop() {
        metadata.stop()
        let finished = DispatchSemaphore(value: 0)
        Task.detached { [server, metadataServer] in
            async let guests: Void = metadataServer.stop(grace: .seconds(1))
            await server.stop(grace: .seconds(10))
            await guests
            finished.signal()
        }
        finished.wait()
        cloud.stop()
    }
}

extension OpenStackAPI {
    fileprivate init(_ cloud: Cloud) {
        self.init(
            identity: cloud.identity, images: cloud.images, networking: cloud.networking, compute: cloud.compute)
    }
}

extension ServerConfiguration {
    fileprivate init(_ file: SettingsFile, directory: StateDirectory, metrics: Metrics) throws {
        let settings = file.settings
        self.init(addresses: settings.listen.map { ListenAddress($0, in: file) })
        strictTransportSecurity = settings.transportSecurity.hsts
        forwarding = ForwardingRules(settings.transportSecurity)
        let log = try AccessLog(path: directory.log + "/access.log")
        // Django's rule: no entry means this machine.
        allowedHosts = settings.allowedHosts.isEmpty ? [".localhost", "127.0.0.1", "[::1]"] : settings.allowedHosts
        temporaryDirectory = directory.uploads
        limits.connections = settings.maxConnections
        limits.connectionsPerClient = settings.maxConnectionsPerClient
        observers = [log, metrics.requests]
    }
}
