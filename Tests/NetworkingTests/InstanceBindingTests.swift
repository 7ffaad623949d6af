import ComputeHost
import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct InstanceBindingTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    private func binding(_ cards: [InstanceBinding.Card], host: String = "node1") -> InstanceBinding {
        InstanceBinding(instanceID: "vm", projectID: "blue", host: host, cards: cards)
    }

    @Test func `binding twice returns the same ports in the order of the cards`() throws {
        let (first, _) = try cloud.network("10.0.0.0/24", as: TestCloud.alice)
        let (second, _) = try cloud.network("10.1.0.0/24", shared: true)
        let own = try networking.createPort(NewPort(networkID: first.id), as: TestCloud.alice)
        let address = try #require(["10.0.0.99", "10.0.0.98"].first { ip($0) != own.fixedIPs[0].address })
        let wanted = binding([.network(second.id), .port(own.id), .address(first.id, address)])
        let ports = try networking.bindPorts(wanted, as: TestCloud.alice)
        #expect(ports.map(\.networkID) == [second.id, first.id, first.id])
        #expect(ports.map(\.nicIndex) == [0, 1, 2])
        #expect(ports[1].id == own.id)
        #expect(ports[2].fixedIPs.map(\.address) == [ip(address)])
        #expect(
            ports.allSatisfy { $0.deviceID == "vm" && $0.deviceOwner == "compute:nova" && $0.bindingHost == "node1" })
        #expect(ports.allSatisfy { $0.status == .active && $0.projectID == "blue" })
        #expect(try networking.bindPorts(wanted, as: TestCloud.alice) == ports)
        #expect(try cloud.number("SELECT count(*) FROM ports") == 3)
        let moved = try networking.bindPorts(binding(wanted.cards, host: "node2"), as: TestCloud.alice)
        #expect(moved.map(\.id) == ports.map(\.id))
        #expect(moved.allSatisfy { $0.bindingHost == "node2" })
    }

    @Test func `binding all cards fails as a whole`() throws {
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let error = refusal {
            try networking.bindPorts(
                binding([.network(network.id), .address(network.id, "10.9.9.9")]), as: TestCloud.alice)
        }
        #expect(error?.code == "invalid_ip_for_subnet")
        #expect(try cloud.number("SELECT count(*) FROM ports") == 0)
        #expect(try cloud.number("SELECT count(*) FROM ipallocations") == 0)
    }

    @Test func `releasing deletes the ports that were made, keeps the ones that were there, and may be repeated`()
        throws
    {
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let own = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        _ = try networking.bindPorts(binding([.network(network.id), .port(own.id)]), as: TestCloud.alice)
        #expect(refusal { try networking.deletePort(own.id, as: TestCloud.alice) }?.code == "port_in_use")
        for _ in 0..<2 {
            try networking.releasePorts(instanceID: "vm")
            let ports = try networking.ports(as: TestCloud.alice)
            #expect(ports.map(\.id) == [own.id])
            #expect(ports[0].deviceID == "" && ports[0].bindingHost == "" && ports[0].status == .down)
            #expect(ports[0].fixedIPs == own.fixedIPs)
        }
        try networking.releasePorts(instanceID: "never was")
        try networking.deletePort(own.id, as: TestCloud.alice)
    }

    @Test func `the schema itself refuses two ports for one card`() throws {
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let port = try networking.bindPorts(binding([.network(network.id)]), as: TestCloud.alice)[0]
        #expect(throws: DatabaseError.self) {
            try cloud.database.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO ports SELECT 'twin', network_id, project_id, name, description, 'fa:16:3e:00:00:00',
                        admin_state_up, status, device_id, device_owner, binding_host, vnic_type,
                        port_security_enabled, nic_index, made_for_instance, revision_number, created_at, updated_at
                    FROM ports WHERE id = \(port.id)
                    """)
            }
        }
        #expect(try cloud.number("SELECT count(*) FROM ports") == 1)
    }

    @Test func `64 threads that bind one instance make one port`() throws {
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let wanted = binding([.network(network.id)])
        let ids = concurrently(64) { _ in
            (try? networking.bindPorts(wanted, as: TestCloud.alice))?.first?.id.text ?? "failed"
        }
        #expect(Set(ids).count == 1)
        #expect(!ids.contains("failed"))
    }

    @Test func `a launch is refused early for what can be known early`() throws {
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let bare = try networking.createNetwork(NewNetwork(name: "bare"), as: TestCloud.alice)
        let check = { (cards: [InstanceBinding.Card], count: Int, context: RequestContext) in
            refusal { try networking.checkBinding(binding(cards), count: count, as: context) }
        }
        #expect(check([.network(network.id)], 1, TestCloud.alice) == nil)
        #expect(check([.network(network.id)], 1, TestCloud.bob)?.kind == .notFound)
        #expect(check([.network(network.id)], 1, TestCloud.reader)?.kind == .forbidden)
        #expect(check([.network(bare.id)], 1, TestCloud.alice)?.code == "network_requires_subnet")
        #expect(check([.network(network.id)], 501, TestCloud.alice)?.kind == .overQuota)
        #expect(check([.address(network.id, "10.0.0.9")], 2, TestCloud.alice)?.code == "address_for_several")
        let own = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        #expect(check([.port(own.id)], 1, TestCloud.alice) == nil)
        #expect(check([.port(own.id)], 2, TestCloud.alice)?.code == "port_for_several")
        _ = try networking.bindPorts(
            InstanceBinding(instanceID: "other", projectID: "blue", host: "h", cards: [.port(own.id)]),
            as: TestCloud.alice)
        #expect(check([.port(own.id)], 1, TestCloud.alice)?.code == "port_in_use")
    }

    @Test func `the host learns what a guest must know`() throws {
        let (network, subnet) = try cloud.network("10.0.0.0/20", as: TestCloud.alice)
        _ = try cloud.update(subnet, as: TestCloud.alice) { $0.dnsNameservers = ["9.9.9.9"] }
        let ports = try networking.bindPorts(binding([.address(network.id, "10.0.0.99")]), as: TestCloud.alice)
        let specs = try networking.portSpecs(instanceID: "vm")
        var spec = PortSpec(
            portID: ports[0].id.text, networkID: network.id.text, instanceID: "vm",
            macAddress: ports[0].macAddress.description,
            fixedIPs: [
                FixedAddress(
                    subnetID: subnet.id.text, address: "10.0.0.99", prefixLength: 20, gateway: "10.0.0.1",
                    dnsNameservers: ["9.9.9.9"])
            ])
        spec.securityGroupIDs = ports[0].securityGroupIDs.map(\.text)
        #expect(specs == [spec] && spec.securityGroupIDs.count == 1)
        #expect(
            try networking.addresses(instanceIDs: ["vm", "other"]) == [
                "vm": [
                    InstanceAddress(
                        networkID: network.id, networkName: "net", address: ip("10.0.0.99"),
                        macAddress: ports[0].macAddress)
                ]
            ])
        #expect(try networking.addresses(instanceIDs: []) == [:])
    }

    @Test func `every change reaches the hosts as the whole network, and a deleted one is removed`() throws {
        let (network, _) = try cloud.network(dhcp: true, as: TestCloud.alice)
        let ports = try networking.bindPorts(binding([.network(network.id)]), as: TestCloud.alice)
        #expect(cloud.backend[network.id] == nil)
        try cloud.jobs.drain()
        let spec = try #require(cloud.backend[network.id])
        #expect(spec.subnets.map(\.cidr) == ["10.0.0.0/24"])
        #expect(spec.ports.map(\.portID) == ports.map(\.id.text))
        try networking.releasePorts(instanceID: "vm")
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id]?.ports == [])
        try networking.deleteNetwork(network.id, as: TestCloud.alice)
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id] == nil)
    }

    @Test func `a host that is away is asked again`() throws {
        let (network, _) = try cloud.network()
        cloud.backend.refuseOnce(with: .unavailable("libvirtd is away"))
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id] == nil)
        cloud.clock.advance(seconds: 60)
        try cloud.jobs.drain()
        #expect(cloud.backend[network.id] != nil)
    }
}
