import ComputeHost
import Database
import Foundation
import ServiceCore
import Synchronization

@testable import Networking

/// A networking service on a database of its own, with people of three projects.
struct TestCloud {
    let database: DatabasePool
    let clock = ManualClock()
    let jobs: JobQueue
    let events = EventBus()
    let backend = HostNetworks()
    let networking: NetworkingService

    init(_ configuration: NetworkingConfiguration = NetworkingConfiguration(), recorder: StatementRecorder? = nil)
        throws
    {
        database = try DatabasePool.temporary(recorder: recorder)
        try database.migrate(ServiceCoreSchema.migrations)
        jobs = JobQueue(database: database, clock: clock, owner: "test")
        let host = InMemoryHost()
        let services = HostServices(
            hypervisor: host, disks: host, networks: backend, images: host.services.images)
        networking = try NetworkingService(
            database: database, jobs: jobs, events: events, clock: clock, hosts: HostDirectory(services),
            configuration: configuration)
    }

    static let admin = person("admin", project: "admin-project", role: "admin")
    static let alice = person("alice", project: "blue", role: "member")
    static let bob = person("bob", project: "red", role: "member")
    static let reader = person("rita", project: "blue", role: "reader")

    private static func person(_ name: String, project: String, role: String) -> RequestContext {
        RequestContext(userID: name, userName: name, projectID: project, projectName: project, roles: [role])
    }

    /// A network of one subnet, DHCP off unless said otherwise.
    func network(
        _ cidr: String = "10.0.0.0/24", pools: [PoolInput] = [], dhcp: Bool = false, shared: Bool = false,
        as context: RequestContext = TestCloud.admin
    ) throws -> (network: Network, subnet: Subnet) {
        var new = NewNetwork(name: "net")
        new.shared = shared
        var subnet = NewSubnet(name: "sub", cidr: cidr)
        subnet.allocationPools = pools
        subnet.enableDHCP = dhcp
        let network = try networking.createNetwork(new, subnet: subnet, as: context)
        return (network, try networking.subnet(network.subnets[0].id, as: context))
    }

    /// The way out of the cloud: 203.0.113.0/24, no DHCP.
    func externalNetwork() throws -> Network {
        var new = NewNetwork(name: "outside")
        new.external = true
        var subnet = NewSubnet(name: "outside", cidr: "203.0.113.0/24")
        subnet.enableDHCP = false
        return try networking.createNetwork(new, subnet: subnet, as: TestCloud.admin)
    }

    func update(
        _ subnet: Subnet, as context: RequestContext = TestCloud.admin, _ change: (inout SubnetUpdate) -> Void
    ) throws -> Subnet {
        var update = SubnetUpdate()
        change(&update)
        return try networking.updateSubnet(subnet.id, update, as: context)
    }

    func column(_ sql: SQL) throws -> [String] {
        try database.read { try $0.map(sql) { try $0[0] } }
    }

    func number(_ sql: SQL) throws -> Int {
        try database.read { try $0.value(sql) } ?? 0
    }
}

/// The host's part of networks, as a host keeps it: the last specification of each.
final class HostNetworks: NetworkBackend {
    private let specs = Mutex<[String: NetworkSpec]>([:])
    private let routers = Mutex<[String: RouterSpec]>([:])
    private let refusal = Mutex<HostError?>(nil)
    private let found = Mutex<(checks: [NetworkCheck], network: String?)>(([], nil))

    subscript(id: ID<Network>) -> NetworkSpec? { specs.withLock { $0[id.text] } }

    func router(_ id: String) -> RouterSpec? { routers.withLock { $0[id] } }

    func refuseOnce(with error: HostError) { refusal.withLock { $0 = error } }

    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode { .user }

    func apply(_ network: NetworkSpec) throws(HostError) {
        let error = refusal.withLock { refusal in
            defer { refusal = nil }
            return refusal
        }
        if let error { throw error }
        specs.withLock { $0[network.networkID] = network }
    }

    func remove(networkID: String) throws(HostError) { specs.withLock { $0[networkID] = nil } }

    var abilities: NetworkAbilities { NetworkAbilities(bridges: true) }
    func apply(_ router: RouterSpec) throws(HostError) { routers.withLock { $0[router.routerID] = router } }
    func remove(routerID: String) throws(HostError) { routers.withLock { $0[routerID] = nil } }
    func removeUnused(keepingNetworks networks: Set<String>, routers: Set<String>) throws(HostError) {
        specs.withLock { $0 = $0.filter { networks.contains($0.key) } }
        self.routers.withLock { $0 = $0.filter { routers.contains($0.key) } }
    }
    func openMetadataListener(networkID: String) throws(HostError) -> Int32? { nil }
    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] {
        found.withLock { found in
            found.network = network.networkID
            return found.checks
        }
    }

    /// What a look at the kernel finds from now on.
    func find(_ checks: [NetworkCheck]) { found.withLock { $0.checks = checks } }

    var lastInspected: String? { found.withLock { $0.network } }
}

/// The error a service method ended with, or nil.
func refusal(_ body: () throws -> some Any) -> ServiceError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? ServiceError
    }
}

/// Runs bodies on threads of their own, all at once, and returns what they returned.
func concurrently<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> T) -> [T] {
    let results = Mutex<[T]>([])
    let ready = DispatchGroup()
    let gate = DispatchSemaphore(value: 0)
    for index in 0..<count {
        ready.enter()
        let thread = Thread {
            gate.wait()
            let result = body(index)
            results.withLock { $0.append(result) }
            ready.leave()
        }
        thread.start()
    }
    for _ in 0..<count { gate.signal() }
    ready.wait()
    return results.withLock { $0 }
}

func ip(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
    return address
}

func range(_ first: String, _ last: String) -> AddressRange {
    guard let range = AddressRange(first: ip(first), last: ip(last)) else { preconditionFailure("no range") }
    return range
}
