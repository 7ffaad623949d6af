import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct SchedulingTests {
    private let cloud: TestCloud
    private let networking: NetworkingService
    private let dhcp: NetworkAgent
    private let layer3: NetworkAgent

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
        for host in networking.hosts.hosts {
            try AgentHeartbeat(
                host: host, database: cloud.database, hosts: networking.hosts, clock: cloud.clock, enableRouter: true
            ).beat()
        }
        let agents = try networking.networkAgents(as: TestCloud.admin)
        dhcp = try #require(agents.first { $0.kind == .dhcp })
        layer3 = try #require(agents.first { $0.kind == .layer3 })
    }

    private func agents(of network: Network) throws -> [ID<NetworkAgent>] {
        try networking.dhcpAgents(of: network.id, as: TestCloud.admin).map(\.id)
    }

    @Test func `a network is taken from its DHCP agent, whose server ends, and given back`() throws {
        let network = try cloud.network(dhcp: true, as: TestCloud.alice).network
        try cloud.jobs.drain()
        let admin = TestCloud.admin
        #expect(try agents(of: network) == [dhcp.id])
        #expect(
            refusal { try networking.addNetwork(network.id, toAgent: dhcp.id, as: admin) }?.code
                == "network_hosted_by_dhcp_agent")
        #expect(
            refusal { try networking.removeNetwork(network.id, fromAgent: dhcp.id, as: TestCloud.alice) }?.kind
                == .forbidden)
        try networking.removeNetwork(network.id, fromAgent: dhcp.id, as: admin)
        try cloud.jobs.drain()
        #expect(try agents(of: network).isEmpty && cloud.backend[network.id]?.dhcpPort == nil)
        let port = try #require(
            try networking.ports(as: admin, filter: PortFilter(networkID: network.id)).first)
        #expect(port.status == .down && port.bindingHost == "" && !port.fixedIPs.isEmpty)
        #expect(
            refusal { try networking.removeNetwork(network.id, fromAgent: dhcp.id, as: admin) }?.code
                == "network_not_hosted_by_dhcp_agent")
        try networking.addNetwork(network.id, toAgent: dhcp.id, as: admin)
        try cloud.jobs.drain()
        #expect(try agents(of: network) == [dhcp.id])
        #expect(cloud.backend[network.id]?.dhcpPort?.portID == port.id.text)
    }

    @Test func `a network without DHCP is given to an agent before it has a server, and stays there`() throws {
        let network = try networking.createNetwork(NewNetwork(name: "n"), as: TestCloud.alice)
        let admin = TestCloud.admin
        #expect(try agents(of: network).isEmpty)
        try networking.addNetwork(network.id, toAgent: dhcp.id, as: admin)
        #expect(try agents(of: network) == [dhcp.id])
        #expect(try networking.networks(servedBy: dhcp.id, as: admin).map(\.id) == [network.id])
        try networking.removeNetwork(network.id, fromAgent: dhcp.id, as: admin)
        #expect(try networking.networks(servedBy: dhcp.id, as: admin).isEmpty)
        try networking.addNetwork(network.id, toAgent: dhcp.id, as: admin)
        _ = try networking.createSubnet(
            NewSubnet(name: "s", cidr: "10.3.0.0/24"), on: network.id, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(try agents(of: network) == [dhcp.id] && cloud.backend[network.id]?.dhcpPort != nil)
        #expect(try cloud.number("SELECT count(*) FROM networkdhcpagentbindings") == 0)
    }

    @Test func `only a DHCP agent that may work takes networks, and one that was forgotten is none`() throws {
        let network = try networking.createNetwork(NewNetwork(name: "n"), as: TestCloud.alice)
        let admin = TestCloud.admin
        #expect(refusal { try networking.addNetwork(network.id, toAgent: layer3.id, as: admin) }?.kind == .notFound)
        #expect(refusal { try networking.addNetwork(.random(), toAgent: dhcp.id, as: admin) }?.kind == .notFound)
        _ = try networking.updateNetworkAgent(dhcp.id, adminStateUp: false, as: admin)
        #expect(refusal { try networking.addNetwork(network.id, toAgent: dhcp.id, as: admin) }?.kind == .notFound)
        #expect(refusal { try networking.deleteNetworkAgent(dhcp.id, as: TestCloud.alice) }?.kind == .notFound)
        try networking.deleteNetworkAgent(dhcp.id, as: admin)
        #expect(refusal { try networking.deleteNetworkAgent(dhcp.id, as: admin) }?.kind == .notFound)
        #expect(refusal { try networking.networkAgent(dhcp.id, as: admin) }?.kind == .notFound)
    }

    @Test func `an agent is described by administrators, and its heartbeat leaves that alone`() throws {
        let admin = TestCloud.admin
        #expect(try networking.networkAgent(dhcp.id, as: admin).description == nil)
        let described = try networking.updateNetworkAgent(dhcp.id, description: "beside the door", as: admin)
        #expect(described.description == "beside the door" && described.adminStateUp)
        try cloud.database.write { try AgentStore().beat(.dhcp, on: dhcp.host, at: cloud.clock.now(), in: $0) }
        #expect(try networking.networkAgent(dhcp.id, as: admin).description == "beside the door")
        let long = String(repeating: "x", count: 256)
        #expect(
            refusal { try networking.updateNetworkAgent(dhcp.id, description: long, as: admin) }?.code == "too_long")
    }

    @Test func `a router is taken from its L3 agent with all its ports, and stays away until it is given back`() throws
    {
        let admin = TestCloud.admin
        let outside = try cloud.externalNetwork()
        var new = NewRouter(name: "r")
        new.gateway = RouterGatewayInput(networkID: outside.id)
        let router = try networking.createRouter(new, as: TestCloud.alice)
        let inside = try cloud.network(as: TestCloud.alice).subnet
        _ = try networking.addInterface(to: router.id, .subnet(inside.id), as: TestCloud.alice)
        try networking.addRouter(router.id, toAgent: layer3.id, as: admin)
        try networking.removeRouter(router.id, fromAgent: layer3.id, as: admin)
        let later = try cloud.network("10.9.0.0/24", as: TestCloud.alice).subnet
        _ = try networking.addInterface(to: router.id, .subnet(later.id), as: TestCloud.alice)
        try cloud.jobs.drain()
        let parked = try #require(cloud.backend.router(router.id.text))
        #expect(parked.interfaces.isEmpty && parked.gateway == nil)
        #expect(try networking.routerAgents(of: router.id, as: admin).isEmpty)
        #expect(
            refusal { try networking.removeRouter(router.id, fromAgent: layer3.id, as: admin) }?.code
                == "router_not_hosted_by_l3_agent")
        try networking.addRouter(router.id, toAgent: layer3.id, as: admin)
        try cloud.jobs.drain()
        let back = try #require(cloud.backend.router(router.id.text))
        #expect(back.interfaces.count == 2 && back.gateway != nil)
        #expect(try networking.routers(servedBy: layer3.id, as: admin).map(\.id) == [router.id])
    }
}
