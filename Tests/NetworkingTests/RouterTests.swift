import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct RouterTests {
    let cloud: TestCloud
    let networking: NetworkingService
    let outside: Network
    let inside: (network: Network, subnet: Subnet)

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
        outside = try cloud.externalNetwork()
        inside = try cloud.network("10.0.0.0/24", as: TestCloud.alice)
    }

    private func router(_ name: String = "r", out: Bool = false) throws -> NetworkRouter {
        var new = NewRouter(name: name)
        if out { new.gateway = RouterGatewayInput(networkID: outside.id) }
        return try networking.createRouter(new, as: TestCloud.alice)
    }

    private func update(
        _ router: NetworkRouter, as context: RequestContext = TestCloud.alice, _ change: (inout RouterUpdate) -> Void
    ) throws -> NetworkRouter {
        var update = RouterUpdate()
        change(&update)
        return try networking.updateRouter(router.id, update, as: context)
    }

    @Test func `a router joins a subnet under its gateway's address, once, and not one that overlaps`() throws {
        let router = try router()
        let interface = try networking.addInterface(to: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
        #expect(interface.port.fixedIPs.map(\.address) == [ip("10.0.0.1")])
        #expect(interface.port.deviceOwner == "network:router_interface")
        #expect(interface.port.deviceID == router.id.text && interface.port.securityGroupIDs == [])
        #expect(
            refusal { try networking.addInterface(to: router.id, .subnet(inside.subnet.id), as: TestCloud.alice) }?
                .code == "router_on_subnet_already")
        let same = try cloud.network("10.0.0.128/25", as: TestCloud.alice).subnet
        #expect(
            refusal { try networking.addInterface(to: router.id, .subnet(same.id), as: TestCloud.alice) }?.code
                == "router_subnets_overlap")
        let second = try self.router("second")
        #expect(
            refusal { try networking.addInterface(to: second.id, .subnet(inside.subnet.id), as: TestCloud.alice) }?
                .code == "ip_address_in_use")
        let bare = try cloud.network("10.2.0.0/24", as: TestCloud.alice).subnet
        _ = try cloud.update(bare, as: TestCloud.alice) { $0.gateway = .disabled }
        #expect(
            refusal { try networking.addInterface(to: router.id, .subnet(bare.id), as: TestCloud.alice) }?.code
                == "subnet_without_gateway")
        #expect(
            refusal { try networking.deletePort(interface.port.id, as: TestCloud.alice) }?.code == "port_in_use")
        #expect(refusal { try networking.deleteSubnet(inside.subnet.id, as: TestCloud.alice) }?.code == "subnet_in_use")
        #expect(refusal { try networking.deleteRouter(router.id, as: TestCloud.alice) }?.code == "router_in_use")
        #expect(
            refusal { try cloud.update(inside.subnet, as: TestCloud.alice) { $0.gateway = .disabled } }?
                .code == "gateway_ip_in_use")
        _ = try networking.removeInterface(from: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
        #expect(
            refusal {
                try networking.removeInterface(from: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
            }?.kind == .notFound)
        try networking.deleteRouter(router.id, as: TestCloud.alice)
        #expect(refusal { try networking.router(router.id, as: TestCloud.alice) }?.kind == .notFound)
    }

    @Test func `a router joins a subnet under another address in one step, or leaves nothing behind`() throws {
        let router = try router()
        func ports() throws -> Int {
            try networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: inside.network.id)).count
        }
        func add(_ address: String) throws -> RouterInterface {
            try networking.addInterface(to: router.id, .address(inside.subnet.id, address), as: TestCloud.alice)
        }
        #expect(refusal { try add("10.9.0.1") }?.violations.map(\.field) == ["fixed_ips[0].ip_address"])
        let interface = try add("10.0.0.77")
        #expect(interface.port.fixedIPs.map(\.address) == [ip("10.0.0.77")])
        #expect(interface.port.deviceOwner == "network:router_interface" && interface.port.securityGroupIDs == [])
        #expect(try ports() == 1)
        #expect(refusal { try add("10.0.0.78") }?.code == "router_on_subnet_already")
        #expect(try ports() == 1)
    }

    @Test func `a free port becomes a router's, and is deleted when they part`() throws {
        let router = try router()
        var new = NewPort(networkID: inside.network.id)
        new.fixedIPs = [FixedIPInput(address: "10.0.0.77")]
        let port = try networking.createPort(new, as: TestCloud.alice)
        let interface = try networking.addInterface(to: router.id, .port(port.id), as: TestCloud.alice)
        #expect(interface.port.fixedIPs == port.fixedIPs && !interface.port.portSecurityEnabled)
        #expect(try networking.port(port.id, as: TestCloud.alice) == interface.port)
        let other = try self.router("other")
        #expect(
            refusal { try networking.addInterface(to: other.id, .port(port.id), as: TestCloud.alice) }?.code
                == "port_in_use")
        new.fixedIPs = []
        let bare = try networking.createPort(new, as: TestCloud.alice)
        #expect(
            refusal { try networking.addInterface(to: other.id, .port(bare.id), as: TestCloud.alice) }?.code
                == "router_port_without_address")
        _ = try networking.removeInterface(from: router.id, .port(port.id), as: TestCloud.alice)
        #expect(refusal { try networking.port(port.id, as: TestCloud.alice) }?.kind == .notFound)
    }

    @Test func `a way out is through an external network, and its SNAT and address are administrators' to choose`()
        throws
    {
        let router = try router(out: true)
        let gateway = try #require(router.gateway)
        #expect(gateway.enableSNAT && gateway.networkID == outside.id && gateway.fixedIPs.count == 1)
        #expect(try networking.router(router.id, as: TestCloud.alice) == router)
        #expect(
            refusal {
                try update(router) { $0.gateway = .set(RouterGatewayInput(networkID: inside.network.id)) }
            }?.code == "network_not_external")
        var wanted = RouterGatewayInput(networkID: outside.id, enableSNAT: false)
        #expect(refusal { try update(router) { $0.gateway = .set(wanted) } }?.kind == .forbidden)
        var changed = try update(router, as: TestCloud.admin) { $0.gateway = .set(wanted) }
        #expect(changed.gateway?.enableSNAT == false && changed.gateway?.portID == gateway.portID)
        wanted = RouterGatewayInput(networkID: outside.id, fixedIPs: [FixedIPInput(address: "203.0.113.9")])
        #expect(refusal { try update(router) { $0.gateway = .set(wanted) } }?.kind == .forbidden)
        changed = try update(router, as: TestCloud.admin) { $0.gateway = .set(wanted) }
        #expect(changed.gateway?.fixedIPs.map(\.address) == [ip("203.0.113.9")])
        #expect(changed.gateway?.enableSNAT == false)
        var noLonger = NetworkUpdate()
        noLonger.external = false
        #expect(
            refusal { try networking.updateNetwork(outside.id, noLonger, as: TestCloud.admin) }?.code
                == "external_network_in_use")
        changed = try update(router) { $0.gateway = .clear }
        #expect(changed.gateway == nil)
        #expect(try cloud.number("SELECT count(*) FROM ports WHERE network_id = \(outside.id)") == 0)
        #expect(
            refusal { try update(router) { $0.revision = router.revision } }?.code == "revision_conflict")
    }

    @Test func `a route leads over a neighbour that the router is joined to`() throws {
        let router = try router(out: true)
        _ = try networking.addInterface(to: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
        func routes(_ lines: String) throws -> NetworkRouter {
            try update(router) { $0.routes = HostRouteInput.lines(of: lines) }
        }
        let own = router.gateway?.fixedIPs.map(\.address.description) ?? []
        let neighbour = try #require(["203.0.113.7", "203.0.113.8"].first { !own.contains($0) })
        #expect(try routes("10.9.0.0/16,10.0.0.5\n10.8.0.0/16,\(neighbour)").routes.count == 2)
        let refused = refusal { try routes("10.9.0.0/16,10.0.0.1\n10.8.0.0/16,10.5.0.1\n::/0,10.0.0.5") }
        #expect(
            refused?.violations.map { "\($0.field) \($0.code)" } == [
                "routes[0].nexthop nexthop_is_router", "routes[1].nexthop nexthop_not_connected",
                "routes[2].nexthop route_of_two_versions",
            ])
        #expect(
            refusal { try networking.removeInterface(from: router.id, .subnet(inside.subnet.id), as: TestCloud.alice) }?
                .code == "router_interface_in_use_by_route")
        #expect(refusal { try update(router) { $0.gateway = .clear } }?.code == "router_interface_in_use_by_route")
        let many = (0...30).map { "10.\($0).0.0/16,10.0.0.5" }.joined(separator: "\n")
        #expect(refusal { try routes(many) }?.code == "too_many_routes")
        #expect(try networking.router(router.id, as: TestCloud.alice).routes.count == 2)
        #expect(try routes("").routes == [])
    }

    @Test func `another project's router is not there, and ten are allowed`() throws {
        let router = try router(out: true)
        #expect(refusal { try networking.router(router.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.updateRouter(router.id, .init(), as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.deleteRouter(router.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.routerPorts(of: router.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.updateRouter(router.id, .init(), as: TestCloud.reader) }?.kind == .forbidden)
        #expect(
            refusal { try networking.addInterface(to: router.id, .subnet(inside.subnet.id), as: TestCloud.bob) }?.kind
                == .notFound)
        let foreign = try networking.createRouter(NewRouter(name: "b"), as: TestCloud.bob)
        #expect(
            refusal { try networking.addInterface(to: foreign.id, .subnet(inside.subnet.id), as: TestCloud.bob) }?.kind
                == .notFound)
        #expect(try networking.routers(as: TestCloud.alice) == [router])
        #expect(try networking.routers(.init(.everything), as: TestCloud.admin).count == 2)
        #expect(refusal { try networking.routers(.init(.everything), as: TestCloud.bob) }?.kind == .forbidden)
        for index in 1..<10 { _ = try self.router("r\(index)") }
        #expect(refusal { try self.router("one too many") }?.kind == .overQuota)
        // The way out belongs to nobody's quota and is not the project's to see.
        #expect(try networking.quotas(projectID: "blue", as: TestCloud.alice).used["port"] == 0)
        #expect(try networking.ports(as: TestCloud.alice) == [])
    }

    @Test func `the host learns of interfaces, of the way out and of routes, and forgets a router that is gone`() throws
    {
        let router = try router(out: true)
        _ = try networking.addInterface(to: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
        _ = try update(router) { $0.routes = [HostRouteInput(destination: "10.9.0.0/16", nextHop: "10.0.0.5")] }
        try cloud.jobs.drain()
        let spec = try #require(cloud.backend.router(router.id.text))
        #expect(spec.interfaces.map { $0.fixedIPs.map(\.address) } == [["10.0.0.1"]])
        #expect(spec.gateway?.fixedIPs.first?.gateway == "203.0.113.1" && spec.enableSNAT)
        #expect(spec.routes == [RouteSpec(destination: "10.9.0.0/16", nextHop: "10.0.0.5")])
        #expect(spec == (try networking.routerSpec(router.id)))
        #expect(cloud.backend[outside.id] != nil)
        _ = try update(router) { $0.routes = [] }
        _ = try networking.removeInterface(from: router.id, .subnet(inside.subnet.id), as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(cloud.backend.router(router.id.text)?.interfaces == [])
        try networking.deleteRouter(router.id, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(cloud.backend.router(router.id.text) == nil)
        #expect(try cloud.number("SELECT count(*) FROM ports WHERE device_id = \(router.id)") == 0)
    }
}
