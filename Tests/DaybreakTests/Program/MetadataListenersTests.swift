import API
import Compute
import ComputeHost
import Database
import Foundation
import Glibc
import HTTP
import Images
import Logging
import Networking
import ServiceCore
import Synchronization
import TestSupport
import Testing

@testable import daybreak

/// The metadata service follows the networks. The sockets are the loopback's, one for each network; the namespaces that
/// they are opened in otherwise are in the tests of the host.
@Suite struct `Metadata listeners` {
    private let directory: TemporaryDirectory
    private let database: DatabasePool
    private let events = EventBus()
    private let jobs: JobQueue
    private let networking: NetworkingService
    private let compute: ComputeService
    private let host = LoopbackNetworks()
    private let hosts: HostDirectory

    private static let admin = RequestContext(
        userID: "u", userName: "admin", projectID: "p", projectName: "admin", roles: ["admin"])

    init() throws {
        directory = try TemporaryDirectory()
        database = try DatabasePool(path: directory.path + "/db.sqlite")
        try database.migrate(ServiceCoreSchema.migrations)
        let clock = SystemClock()
        let machine = InMemoryHost(hostname: "node1", imagesDirectory: directory.path)
        hosts = HostDirectory(
            HostServices(
                hypervisor: machine, disks: machine, networks: host, images: machine.services.images))
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        let images = try ImageService(
            database: database, jobs: jobs, events: events, clock: clock, directory: directory.path,
            inspector: machine.services.images)
        networking = try NetworkingService(database: database, jobs: jobs, events: events, clock: clock, hosts: hosts)
        compute = try ComputeService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: hosts, images: images,
            networking: networking)
    }

    /// A network whose one subnet has DHCP.
    private func makeNetwork(_ name: String = "lab") throws -> Network {
        let network = try networking.createNetwork(
            NewNetwork(name: name), subnet: NewSubnet(name: name, cidr: "10.5.0.0/24"), as: Self.admin)
        try jobs.drain()
        return network
    }

    private func serving(_ body: (MetadataListeners) async throws -> Void) async throws {
        let server = Server(
            router: MetadataService(compute: compute, networking: networking).router,
            configuration: MetadataService.configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        _ = try server.start()
        let listeners = MetadataListeners(networking: networking, events: events, hosts: hosts, server: server)
        listeners.start()
        do {
            try await body(listeners)
        } catch {
            listeners.stop()
            await server.stop(grace: .zero)
            throw error
        }
        listeners.stop()
        await server.stop(grace: .zero)
    }

    /// What a stranger is answered on a network; nil when nobody listens.
    private func answer(on network: Network) async -> Int? {
        guard let port = host.port(of: network.id.text), let url = URL(string: "http://127.0.0.1:\(port)/latest/")
        else {
            return nil
        }
        return try? await PlainHTTP.send("GET", url, seconds: 5).status
    }

    private func becomes(_ status: Int?, on network: Network) async throws {
        _ = try await waitUntil("\(network.name) answers \(status as Any)", seconds: 20) {
            await answer(on: network) == status ? true : nil
        }
    }

    @Test func `come and go with the networks, with DHCP and with the program`() async throws {
        let first = try makeNetwork("first")
        try await serving { _ in
            try await becomes(404, on: first)
            let second = try makeNetwork("second")
            try await becomes(404, on: second)
            #expect(host.port(of: first.id.text) != host.port(of: second.id.text))

            var off = SubnetUpdate()
            off.enableDHCP = false
            _ = try networking.updateSubnet(first.subnets[0].id, off, as: Self.admin)
            try jobs.drain()
            try await becomes(nil, on: first)
            #expect(await answer(on: second) == 404)
            off.enableDHCP = true
            _ = try networking.updateSubnet(first.subnets[0].id, off, as: Self.admin)
            try jobs.drain()
            try await becomes(404, on: first)

            try networking.deleteNetwork(second.id, as: Self.admin)
            try jobs.drain()
            try await becomes(nil, on: second)
        }
        #expect(await answer(on: first) == nil)
        // Whatever ended the program, the next one opens everything.
        try await serving { _ in try await becomes(404, on: first) }
    }

    @Test func `a host that cannot open one yet is asked again`() async throws {
        host.refuse(times: 2)
        let network = try makeNetwork()
        try await serving { _ in try await becomes(404, on: network) }
    }

    @Test func `one that is open in the same namespace stays`() async throws {
        let network = try makeNetwork()
        try await serving { listeners in
            try await becomes(404, on: network)
            let url = try #require(URL(string: "http://127.0.0.1:\(host.port(of: network.id.text) ?? 0)/"))
            // The address is taken, as it is in a real namespace; then it is not, and there would be two.
            host.refuse(times: 1)
            for _ in 0..<2 {
                listeners.refresh(renewing: true)
                #expect(try await PlainHTTP.send("GET", url).status == 404)
            }
            #expect(await answer(on: network) == nil)
        }
    }
}

/// Networks that are sockets of the loopback.
private final class LoopbackNetworks: NetworkBackend {
    private let ports = Mutex<[String: UInt16]>([:])
    private let networks = Mutex<Set<String>>([])
    private let refusals = Mutex(0)

    func port(of network: String) -> UInt16? { ports.withLock { $0[network] } }
    func refuse(times: Int) { refusals.withLock { $0 = times } }

    let abilities = NetworkAbilities(bridges: true)
    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode { .bridge }
    func apply(_ network: NetworkSpec) throws(HostError) { networks.withLock { _ = $0.insert(network.networkID) } }
    func remove(networkID: String) throws(HostError) { networks.withLock { _ = $0.remove(networkID) } }
    func apply(_ router: RouterSpec) throws(HostError) {}
    func remove(routerID: String) throws(HostError) {}
    func removeUnused(keepingNetworks: Set<String>, routers: Set<String>) throws(HostError) {}
    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] { [] }

    func openMetadataListener(networkID: String) throws(HostError) -> Int32? {
        let isRefused = refusals.withLock { count in
            defer { count = max(0, count - 1) }
            return count > 0
        }
        if isRefused { throw .busy("the address is in use") }
        guard networks.withLock({ $0.contains(networkID) }) else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw .failed("no socket", remedy: nil) }
        ports.withLock { $0[networkID] = UInt16(bigEndian: address.sin_port) }
        return descriptor
    }
}
