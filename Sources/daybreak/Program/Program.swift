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
        let site = try DashboardSite(
            services: DashboardServices(cloud), templates: files.templates, sessions: sessions.store,
            clock: cloud.clock,
            configuration: DashboardConfiguration(settings, secretKey: secretKey, files: publicFiles, cloud: cloud))
        let metrics = Metrics()
        let door = try FrontDoor(
            site: site, api: OpenStackAPI(identity: cloud.identity), files: publicFiles,
            metrics: metrics, isWell: { cloud.isWell })
        server = Server(
            router: door.router,
            configuration: try ServerConfiguration(settings, directory: directory, metrics: metrics),
            logger: Logger(label: "daybreak.http"))
        metrics.watch(server)
        self.cloud = cloud
        let addresses = try server.start()
        try cloud.start()
        sessions.keepRunning()
        greeting = Greeting(file: file, addresses: addresses, notes: sessions.notes, host: cloud.host).lines
        GuestImage(directory: directory, images: cloud.images, projectID: cloud.firstProjectID)
            .makeInBackground()
    }

    /// The server shares its ports among its event loops, so the kernel would let a second program share them too.
    private static func checkPorts(_ addresses: [String]) throws {
        for address in addresses {
            if let obstacle = SocketProbe.obstacle(address) {
                throw StateFault(
                    path: address,
                    reason: "\(obstacle). Does a daybreak run already? Otherwise free the port, or change LISTEN.")
            }
        }
    }

    /// Finishes the requests and jobs that are under way, half a minute at most, and closes everything.
    func stop() {
        let finished = DispatchSemaphore(value: 0)
        Task.detached { [server] in
            await server.stop(grace: .seconds(10))
            finished.signal()
        }
        finished.wait()
        cloud.stop()
    }
}

extension ServerConfiguration {
    fileprivate init(_ settings: Settings, directory: StateDirectory, metrics: Metrics) throws {
        self.init(addresses: settings.listen)
        let log = try AccessLog(path: directory.log + "/access.log")
        // Django's rule: no entry means this machine.
        allowedHosts = settings.allowedHosts.isEmpty ? [".localhost", "127.0.0.1", "[::1]"] : settings.allowedHosts
        temporaryDirectory = directory.uploads
        limits.connections = settings.maxConnections
        limits.connectionsPerClient = settings.maxConnectionsPerClient
        observers = [log, metrics.requests]
    }
}
