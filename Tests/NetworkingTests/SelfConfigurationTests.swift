import ComputeHost
import ServiceCore
import Testing

@testable import Networking

@Suite struct SelfConfigurationTests {
    @Test func `the ports that are there get the address that their guests make of a new prefix`() throws {
        let cloud = try TestCloud()
        let networking = cloud.networking
        let network = try cloud.network("10.0.0.0/24", dhcp: true, as: TestCloud.alice).network
        var new = NewPort(networkID: network.id)
        new.macAddress = "fa:16:3e:1a:06:90"
        let port = try networking.createPort(new, as: TestCloud.alice)
        new.macAddress = nil
        new.fixedIPs = []
        let bare = try networking.createPort(new, as: TestCloud.alice)
        let host = try #require(networking.hosts.hosts.first)
        let binding = InstanceBinding(instanceID: "vm", projectID: "blue", host: host, cards: [.port(port.id)])
        _ = try networking.bindPorts(binding, as: TestCloud.alice)
        try cloud.jobs.drain()
        let before = try networking.port(port.id, as: TestCloud.alice)

        var prefix = NewSubnet(name: "six", cidr: "2001:db8::/64")
        prefix.ipv6Mode = .slaac
        let subnet = try networking.createSubnet(prefix, on: network.id, as: TestCloud.alice)
        let after = try networking.port(port.id, as: TestCloud.alice)
        #expect(after.fixedIPs.last == FixedIP(subnetID: subnet.id, address: ip("2001:db8::f816:3eff:fe1a:690")))
        #expect(after.fixedIPs.count == 2 && after.revision == before.revision + 1)
        #expect(try networking.port(bare.id, as: TestCloud.alice).fixedIPs.map(\.subnetID) == [subnet.id])
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id]?.ports.first?.fixedIPs.count == 2)

        try networking.deleteSubnet(subnet.id, as: TestCloud.alice)
        #expect(try networking.port(port.id, as: TestCloud.alice).fixedIPs == before.fixedIPs)
    }

    @Test func `a prefix whose guests ask for their addresses gives none to the ports that are there`() throws {
        let cloud = try TestCloud()
        let network = try cloud.network("10.0.0.0/24", as: TestCloud.alice).network
        let port = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        var prefix = NewSubnet(name: "six", cidr: "2001:db8::/64")
        prefix.ipv6Mode = .stateful
        _ = try cloud.networking.createSubnet(prefix, on: network.id, as: TestCloud.alice)
        #expect(try cloud.networking.port(port.id, as: TestCloud.alice).fixedIPs == port.fixedIPs)
    }
}
