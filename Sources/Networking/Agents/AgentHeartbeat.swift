import ComputeHost
import Database
import ServiceCore

/// A host's network: each of its parts beats when it could show that it works, on one network and one router of those
/// that there are, drawn anew each time. A host without bridges has no such parts.
struct AgentHeartbeat: JobHandler {
    let host: String
    let database: DatabasePool
    let hosts: HostDirectory
    let clock: any WallClock
    /// Whether there are routers in this cloud.
    let enableRouter: Bool
    private let agents = AgentStore()

    var kind: String { "network.heartbeat/" + host }
    var period: Duration? { .seconds(NetworkAgent.heartbeatSeconds) }

    init(
        host: String, database: DatabasePool, hosts: HostDirectory, clock: any WallClock, enableRouter: Bool
    ) {
        self.host = host
        self.database = database
        self.hosts = hosts
        self.clock = clock
        self.enableRouter = enableRouter
    }

    func run(_ job: Job) throws { try beat() }

    func beat() throws {
        guard let backend = hosts.services(on: host)?.networks, backend.abilities.bridges else { return }
        var working = try provenOnNetwork(backend)
        if enableRouter, try isRouting(backend) { working.append(.layer3) }
        try database.write { transaction in
            for kind in working { try agents.beat(kind, on: host, at: clock.now(), in: transaction) }
        }
    }

    /// What the kernel confirms of a network. Without a network to look at, abilities must do.
    private func provenOnNetwork(_ backend: any NetworkBackend) throws -> [NetworkAgent.Kind] {
        let drawn = try database.read { transaction in
            try NetworkStore().anyID(withPortsOn: host, in: transaction).flatMap {
                try NetworkSpecBuilder().spec(of: $0, in: transaction)
            }
        }
        guard let drawn else { return [.bridge, .dhcp, .metadata] }
        let checks: [NetworkCheck]
        do {
            checks = try backend.inspect(drawn, port: nil)
        } catch {
            return []
        }
        func isRight(_ subjects: Set<NetworkCheck.Subject>) -> Bool {
            checks.allSatisfy { !subjects.contains($0.subject) || $0.isRight }
        }
        var working: [NetworkAgent.Kind] = []
        if isRight([.bridge, .uplink]) { working.append(.bridge) }
        if isRight([.namespace, .dhcpInterface, .dhcpServer]) { working.append(.dhcp) }
        if isRight([.namespace, .metadata]) { working.append(.metadata) }
        return working
    }

    /// A router can be made so, once more. Routers are on the network node.
    private func isRouting(_ backend: any NetworkBackend) throws -> Bool {
        guard host == hosts.networkNode else { return false }
        let drawn = try database.read { transaction in
            try RouterStore().anyID(in: transaction).flatMap { try RouterSpecBuilder().spec(of: $0, in: transaction) }
        }
        guard let drawn else { return true }
        do {
            try backend.apply(drawn)
            return true
        } catch {
            return false
        }
    }
}
