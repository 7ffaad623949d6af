import ComputeHost
import ServiceCore
import Testing

@testable import Networking

/// IPv6 subnets of a network share one port of a router, as in neutron.
@Suite struct RouterIPv6Tests {
    let cloud: TestCloud
    let networking: NetworkingService
    let network: Network
    let router: NetworkRouter

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
        network = try cloud.network("10.0.0.0/24", as: TestCloud.alice).network
        router = try networking.createRouter(NewRouter(name: "r"), as: TestCloud.alice)
    }

    private func subnet(_ cidr: String, _ mode: IPv6AddressMode? = .slaac) throws -> Subnet {
        var new = NewSubnet(name: cidr, cidr: cidr)
        new.ipv6Mode = mode
        return try networking.createSubnet(new, on: network.id, as: TestCloud.alice)
    }

    private func join(_ subnetID: ID<Subnet>) throws -> RouterInterface {
        try networking.addInterface(to: router.id, .subnet(subnetID), as: TestCloud.alice)
    }

    private func ports() throws -> Set<[String]> {
        let ports = try networking.routerPorts(of: router.id, as: TestCloud.alice)
        return Set(ports.map { $0.fixedIPs.map(\.address.description) })
    }

    @Test func `IPv6 subnets of a network share a port, IPv4 has its own, and other networks have theirs`() throws {
        let first = try join(try subnet("2001:db8:1::/64").id)
        let four = try join(network.subnets[0].id)
        let subnet = try subnet("2001:db8:2::/64", .stateful)
        let second = try join(subnet.id)
        #expect(second.port.id == first.port.id && second.subnetIDs == [subnet.id])
        #expect(second.port.revision > first.port.revision)
        #expect(four.port.id != first.port.id)
        let other = try cloud.network("2001:db8:3::/64", as: TestCloud.alice).subnet
        _ = try join(other.id)
        #expect(try ports() == [["2001:db8:1::", "2001:db8:2::"], ["10.0.0.1"], ["2001:db8:3::"]])
        #expect(refusal { try join(subnet.id) }?.code == "router_on_subnet_already")
    }

    @Test func `a shared port lives as long as one of its subnets, and its address is free again`() throws {
        let subnets = [try subnet("2001:db8:1::/64"), try subnet("2001:db8:2::/64")]
        for subnet in subnets { _ = try join(subnet.id) }
        let parted = try networking.removeInterface(from: router.id, .subnet(subnets[0].id), as: TestCloud.alice)
        #expect(parted.subnetIDs == [subnets[0].id])
        #expect(try ports() == [["2001:db8:2::"]])
        #expect(try networking.port(parted.port.id, as: TestCloud.alice).fixedIPs.count == 1)
        #expect(try join(subnets[0].id).port.id == parted.port.id)
        #expect(try ports() == [["2001:db8:1::", "2001:db8:2::"]])
        // A port goes with all of its subnets.
        let last = try networking.removeInterface(from: router.id, .port(parted.port.id), as: TestCloud.alice)
        #expect(Set(last.subnetIDs) == Set(subnets.map(\.id)))
        #expect(try ports() == [])
        try networking.deleteSubnet(subnets[0].id, as: TestCloud.alice)
    }

    @Test func `a shared port's other subnet does not keep a route or need one`() throws {
        let subnets = [try subnet("2001:db8:1::/64", nil), try subnet("2001:db8:2::/64", nil)]
        for subnet in subnets { _ = try join(subnet.id) }
        var update = RouterUpdate()
        update.routes = HostRouteInput.lines(of: "2001:db8:9::/48,2001:db8:1::5")
        _ = try networking.updateRouter(router.id, update, as: TestCloud.alice)
        #expect(
            refusal { try networking.removeInterface(from: router.id, .subnet(subnets[0].id), as: TestCloud.alice) }?
                .code == "router_interface_in_use_by_route")
        _ = try networking.removeInterface(from: router.id, .subnet(subnets[1].id), as: TestCloud.alice)
        #expect(try ports() == [["2001:db8:1::"]])
    }

    @Test func `a second port with IPv6 addresses on the same network is refused`() throws {
        let subnets = [try subnet("2001:db8:1::/64", nil), try subnet("2001:db8:2::/64", nil)]
        _ = try join(subnets[0].id)
        var new = NewPort(networkID: network.id)
        new.fixedIPs = [FixedIPInput(subnetID: subnets[1].id, address: "2001:db8:2::5")]
        let port = try networking.createPort(new, as: TestCloud.alice)
        let refused = refusal { try networking.addInterface(to: router.id, .port(port.id), as: TestCloud.alice) }
        #expect(refused?.violations.map { "\($0.field) \($0.code)" } == ["port_id router_has_ipv6_port"])
    }

    @Test func `the host is told which subnets a router advertises`() throws {
        let modes: [(IPv6AddressMode?, String)] = [
            (.slaac, "2001:db8:1::/64"), (.stateful, "2001:db8:2::/64"), (.stateless, "2001:db8:3::/64"),
            (nil, "2001:db8:4::/64"),
        ]
        for (mode, cidr) in modes { _ = try join(try subnet(cidr, mode).id) }
        _ = try join(network.subnets[0].id)
        // One that the router is not on.
        _ = try subnet("2001:db8:5::/64")
        try cloud.jobs.drain()
        let spec = try #require(cloud.backend.router(router.id.text))
        #expect(
            Dictionary(uniqueKeysWithValues: spec.advertisedSubnets.map { ($0.cidr, $0.ipv6Mode) }) == [
                "2001:db8:1::/64": .slaac, "2001:db8:2::/64": .stateful, "2001:db8:3::/64": .stateless,
            ])
        #expect(spec.interfaces.map(\.fixedIPs.count).sorted() == [1, 4])
        var update = SubnetUpdate()
        update.dnsNameservers = AddressInput.lines(of: "2001:db8::53")
        let first = try networking.subnets(of: network.id, as: TestCloud.alice)
            .first { $0.name == "2001:db8:1::/64" }
        _ = try networking.updateSubnet(try #require(first).id, update, as: TestCloud.alice)
        try cloud.jobs.drain()
        let told = cloud.backend.router(router.id.text)?.advertisedSubnets ?? []
        #expect(told.contains { $0.dnsNameservers == ["2001:db8::53"] })
    }
}
