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
        // To others there are none, as in neutron.
        let agent = try #require(try cloud.networking.networkAgents(as: TestCloud.admin).first)
        #expect(try cloud.networking.networkAgents(as: TestCloud.alice) == [])
        #expect(refusal { try cloud.networking.networkAgent(agent.id, as: TestCloud.alice) }?.kind == .notFound)
        #expect(
            refusal { try cloud.networking.updateNetworkAgent(agent.id, as: TestCloud.alice) }?.kind == .notFound)
        #expect(
            refusal { try cloud.networking.deleteNetworkAgent(agent.id, as: TestCloud.alice) }?.kind == .notFound)
        #expect(
            refusal { try cloud.networking.networks(servedBy: agent.id, as: TestCloud.alice) }?.kind == .forbidden)
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

    private func agent(_ kind: NetworkAgent.Kind, of cloud: TestCloud) throws -> NetworkAgent {
        try #require(try cloud.networking.networkAgents(as: TestCloud.admin).first { $0.kind == kind })
    }

    @Test func `an agent that is down to administrators takes no new DHCP server, and the waiting ones when it is up`()
        throws
    {
        let cloud = try TestCloud()
        let networking = cloud.networking
        let before = try cloud.network(dhcp: true, as: TestCloud.alice).network
        try beat(cloud)
        let agent = try agent(.dhcp, of: cloud)
        #expect(
            refusal { try networking.updateNetworkAgent(.random(), adminStateUp: false, as: TestCloud.admin) }?.kind
                == .notFound)
        #expect(try !networking.updateNetworkAgent(agent.id, adminStateUp: false, as: TestCloud.admin).adminStateUp)
        try beat(cloud)
        #expect(try !networking.networkAgent(agent.id, as: TestCloud.admin).adminStateUp)
        let after = try cloud.network(dhcp: true, as: TestCloud.alice).network
        try cloud.jobs.drain()
        #expect(cloud.backend[before.id]?.dhcpPort != nil && cloud.backend[after.id]?.dhcpPort == nil)
        func port() throws -> Port {
            try #require(
                try networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: after.id)).first)
        }
        #expect(try port().status == .down && port().bindingHost == "")
        _ = try networking.updateNetworkAgent(agent.id, adminStateUp: true, as: TestCloud.admin)
        try cloud.jobs.drain()
        #expect(cloud.backend[after.id]?.dhcpPort != nil)
        #expect(try port().status == .active && port().bindingHost == agent.host)
    }

    @Test func `an agent that is down to administrators takes no new interfaces of routers`() throws {
        let cloud = try TestCloud()
        let networking = cloud.networking
        let subnet = try cloud.network(as: TestCloud.alice).subnet
        try beat(cloud)
        let agent = try agent(.layer3, of: cloud)
        _ = try networking.updateNetworkAgent(agent.id, adminStateUp: false, as: TestCloud.admin)
        let router = try networking.createRouter(NewRouter(name: "r"), as: TestCloud.alice)
        let interface = try networking.addInterface(to: router.id, .subnet(subnet.id), as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(interface.port.status == .down)
        #expect(cloud.backend.router(router.id.text)?.interfaces.isEmpty == true)
        _ = try networking.updateNetworkAgent(agent.id, adminStateUp: true, as: TestCloud.admin)
        try cloud.jobs.drain()
        #expect(cloud.backend.router(router.id.text)?.interfaces.map(\.portID) == [interface.port.id.text])
    }
}
