import ComputeHost
import Database
import ServiceCore
import Synchronization
import Testing

@testable import Networking

/// What hosts are told of networks, and when.
@Suite struct HostNetworkTests {
    private let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    private func network(
        _ cidr: String = "192.168.56.0/24", _ change: (inout NewNetwork, inout NewSubnet) -> Void = { _, _ in }
    ) throws -> Network {
        var new = NewNetwork(name: "net")
        var subnet = NewSubnet(name: "sub", cidr: cidr)
        change(&new, &subnet)
        let network = try cloud.networking.createNetwork(new, subnet: subnet, as: TestCloud.admin)
        try cloud.jobs.drain()
        return network
    }

    @Test func `a host is told the DHCP port, with the address and the MAC address that are recorded`() throws {
        let network = try network()
        let port = try #require(cloud.backend[network.id]?.dhcpPort)
        let recorded = try #require(
            try cloud.networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: network.id)).first)
        #expect(recorded.deviceOwner == DeviceOwner.dhcp)
        #expect(port.portID == recorded.id.text && port.macAddress == recorded.macAddress.description)
        #expect(port.fixedIPs.map(\.address) == recorded.fixedIPs.map(\.address.description))
        #expect(port.fixedIPs.first?.prefixLength == 24)
    }

    @Test func `hosts have nothing to do when only pools or names change`() throws {
        let network = try network()
        let subnet = try #require(network.subnets.first)
        func works(_ change: (inout SubnetUpdate) -> Void) throws -> Int {
            let before = try cloud.number("SELECT count(*) FROM jobs")
            var update = SubnetUpdate()
            change(&update)
            _ = try cloud.networking.updateSubnet(subnet.id, update, as: TestCloud.admin)
            return try cloud.number("SELECT count(*) FROM jobs") - before
        }
        let pool = PoolInput(start: "192.168.56.50", end: "192.168.56.60")
        #expect(try works { $0.allocationPools = [pool] } == 0)
        #expect(try works { $0.name = "other" } == 0)
        #expect(try works { $0.dnsNameservers = ["198.51.100.53"] } == 1)
    }

    @Test func `without DHCP there is no such port`() throws {
        let network = try network { $1.enableDHCP = false }
        #expect(cloud.backend[network.id] != nil && cloud.backend[network.id]?.dhcpPort == nil)
    }

    @Test func `what carries a network is told with its numbers`() {
        func segment(_ type: ProviderType, _ physical: String? = nil, _ id: Int? = nil) -> SegmentSpec {
            SegmentSpec(ProviderSegment(type: type, physicalNetwork: physical, segmentationID: id))
        }
        #expect(segment(.local) == .local && SegmentSpec(nil) == .local)
        #expect(segment(.flat, "physnet1") == .flat(physicalNetwork: "physnet1"))
        #expect(segment(.vlan, "physnet1", 7) == .vlan(physicalNetwork: "physnet1", id: 7))
        #expect(segment(.vxlan, nil, 77) == .vxlan(vni: 77))
        #expect(segment(.geneve, nil, 77) == .local)
    }

    @Test func `a subnet is told with its routes, and how IPv6 guests get addresses`() throws {
        let first = try network {
            $1.hostRoutes = [HostRouteInput(destination: "10.1.0.0/16", nextHop: "192.168.56.9")]
            $1.dnsNameservers = ["198.51.100.53"]
        }
        let subnet = try #require(cloud.backend[first.id]?.subnets.first)
        #expect(subnet.hostRoutes == [RouteSpec(destination: "10.1.0.0/16", nextHop: "192.168.56.9")])
        #expect(subnet.dnsNameservers == ["198.51.100.53"] && subnet.ipv6Mode == nil && !subnet.advertisesRouter)
        let expected: [(IPv6AddressMode, IPv6Mode, Bool)] = [
            (.slaac, .slaac, true), (.slaacOutside, .slaac, false), (.stateful, .stateful, true),
            (.stateless, .stateless, true),
        ]
        for (mode, told, advertises) in expected {
            let network = try network("2001:db8::/64") { $1.ipv6Mode = mode }
            let subnet = try #require(cloud.backend[network.id]?.subnets.first)
            #expect(subnet.ipv6Mode == told && subnet.advertisesRouter == advertises, "\(mode)")
        }
    }

    @Test func `every minute a host's networks are made right, and what belongs to none is removed`() throws {
        let network = try network()
        let gone = NetworkSpec(networkID: "33b9ef50-354b-457b-8ea2-8498ec64835b", subnets: [])
        try cloud.backend.apply(gone)
        try cloud.backend.remove(networkID: network.id.text)
        try cloud.jobs.recover()
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id] != nil)
        #expect(cloud.backend[ID(gone.networkID)] == nil)
        try cloud.backend.remove(networkID: network.id.text)
        cloud.clock.advance(seconds: 61)
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id] != nil)
    }

    @Test func `a network that cannot be made does not keep the others from it`() throws {
        let networks = try [network(), network("10.0.0.0/24")]
        for network in networks { try cloud.backend.remove(networkID: network.id.text) }
        cloud.backend.refuseOnce(with: .failed("no interface leads to physnet1", remedy: nil))
        try cloud.jobs.recover()
        try cloud.jobs.drain()
        #expect(networks.filter { cloud.backend[$0.id] != nil }.count == 1)
    }

    @Test func `a network that a host cannot make is in error, with the reason, until it can`() throws {
        let networking = cloud.networking
        let error = HostError.failed(
            "no interface leads to the physical network physnet9", remedy: "Name one in PHYSICAL_INTERFACE_MAPPINGS.")
        cloud.backend.refuseOnce(with: error)
        let network = try network()
        #expect(try networking.network(network.id, as: TestCloud.admin).status == .error)
        var filter = NetworkFilter()
        filter.status = .error
        #expect(try networking.networks(as: TestCloud.admin, filter: filter).map(\.id) == [network.id])
        let fault = try #require(try networking.networkFaults(of: network.id, as: TestCloud.admin).first)
        #expect(fault.reason == error.reason && fault.remedy == error.remedy && fault.since == cloud.clock.now())
        #expect(refusal { try networking.networkFaults(of: network.id, as: TestCloud.alice) }?.kind == .forbidden)
        // That a host is busy says nothing about the network, and a look a minute later does.
        cloud.backend.refuseOnce(with: .busy("later"))
        try cloud.jobs.recover()
        try cloud.jobs.drain()
        #expect(try networking.network(network.id, as: TestCloud.admin).status == .error)
        cloud.clock.advance(seconds: 61)
        try cloud.jobs.drain()
        #expect(try networking.network(network.id, as: TestCloud.admin).status == .active)
        #expect(try networking.networkFaults(of: network.id, as: TestCloud.admin) == [])
        // The look that finds it broken says so, too; and a network with a fault can be deleted.
        cloud.backend.refuseOnce(with: error)
        cloud.clock.advance(seconds: 61)
        try cloud.jobs.drain()
        #expect(try networking.network(network.id, as: TestCloud.admin).status == .error)
        #expect(try networking.network(network.id, as: TestCloud.admin).revision == network.revision)
        try networking.deleteNetwork(network.id, as: TestCloud.admin)
        try cloud.jobs.drain()
        #expect(try cloud.number("SELECT count(*) FROM networkfaults") == 0)
    }

    @Test func `a deleted network is removed from the host`() throws {
        let network = try network()
        try cloud.networking.deleteNetwork(network.id, as: TestCloud.admin)
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id] == nil)
    }

    @Test func `before a guest is plugged in, its networks are told with its port`() throws {
        let network = try network()
        _ = try cloud.networking.bindPorts(
            InstanceBinding(instanceID: "vm", projectID: "blue", host: "simulated", cards: [.network(network.id)]),
            as: .system("test"))
        let told = Mutex<[NetworkSpec]>([])
        try cloud.networking.applyNetworks(ofInstance: "vm") { spec in told.withLock { $0.append(spec) } }
        let specs = told.withLock { $0 }
        #expect(specs.map(\.networkID) == [network.id.text])
        #expect(specs.first?.ports.map(\.instanceID) == ["vm"])
        #expect(throws: HostError.self) {
            try cloud.networking.applyNetworks(ofInstance: "vm") { _ in throw HostError.unavailable("away") }
        }
    }
}
