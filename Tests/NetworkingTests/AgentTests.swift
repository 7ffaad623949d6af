import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct AgentTests {
    private func beat(_ cloud: TestCloud, _ configuration: NetworkingConfiguration = .init()) throws {
        let networking = cloud.networking
        for host in networking.hosts.hosts {
            let heartbeat = AgentHeartbeat(
                host: host, database: cloud.database, hosts: networking.hosts, clock: cloud.clock,
                enableRouter: configuration.enableRouter)
            try heartbeat.beat()
        }
    }

    private func summary(_ cloud: TestCloud) throws -> [String] {
        try cloud.networking.networkAgents(as: TestCloud.admin).map { "\($0.kind.rawValue) \($0.isAlive)" }
    }

    @Test func `each part of a host's network beats while it works, and is down 75 seconds after its last beat`() throws
    {
        let cloud = try TestCloud()
        #expect(try summary(cloud) == [])
        try beat(cloud)
        #expect(
            try summary(cloud) == [
                "DHCP agent true", "L3 agent true", "Linux bridge agent true", "Metadata agent true",
            ])
        cloud.clock.advance(seconds: 76)
        #expect(try summary(cloud).allSatisfy { $0.hasSuffix("false") })
        try beat(cloud)
        #expect(try summary(cloud).allSatisfy { $0.hasSuffix("true") })
        #expect(try summary(cloud).count == 4)
        #expect(
            refusal { try cloud.networking.networkAgents(as: TestCloud.alice) }?.kind == .forbidden)
    }

    @Test func `what the kernel does not confirm does not beat`() throws {
        let cloud = try TestCloud()
        let network = try cloud.network(dhcp: true, as: TestCloud.alice).network
        let host = try #require(cloud.networking.hosts.hosts.first)
        let binding = InstanceBinding(instanceID: "vm", projectID: "blue", host: host, cards: [.network(network.id)])
        _ = try cloud.networking.bindPorts(binding, as: TestCloud.alice)
        cloud.backend.find([
            NetworkCheck(.bridge, name: "brq", expected: "up", found: "up", isRight: true),
            NetworkCheck(.dhcpServer, name: "dnsmasq", expected: "runs", found: nil, isRight: false),
        ])
        try beat(cloud)
        #expect(try summary(cloud) == ["L3 agent true", "Linux bridge agent true", "Metadata agent true"])
        #expect(cloud.backend.lastInspected == network.id.text)
    }

    @Test func `a cloud without routers has no L3 agent`() throws {
        let cloud = try TestCloud()
        var configuration = NetworkingConfiguration()
        configuration.enableRouter = false
        try beat(cloud, configuration)
        #expect(try summary(cloud) == ["DHCP agent true", "Linux bridge agent true", "Metadata agent true"])
    }
}
