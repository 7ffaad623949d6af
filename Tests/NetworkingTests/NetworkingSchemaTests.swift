import Database
import ServiceCore
import Synchronization
import Testing

@testable import Networking

@Suite struct NetworkingSchemaTests {
    @Test func `the tutorial's tables have exactly neutron's columns`() throws {
        let cloud = try TestCloud()
        #expect(
            try cloud.column("SELECT name FROM pragma_table_info('ipallocations') ORDER BY cid") == [
                "port_id", "ip_address", "subnet_id", "network_id",
            ])
        #expect(
            try cloud.column("SELECT name FROM pragma_table_info('ipallocationpools') ORDER BY cid") == [
                "id", "subnet_id", "first_ip", "last_ip",
            ])
    }

    @Test func `no statement reads a whole table, but the administrators' listings of everything`() throws {
        let recorder = StatementRecorder()
        let cloud = try TestCloud(recorder: recorder)
        let networking = cloud.networking
        let (network, subnet) = try cloud.network(dhcp: true, as: TestCloud.alice)
        for (type, physical, segment) in [("flat", "eth1", ""), ("vlan", "eth1", "100"), ("vxlan", "", "7")] {
            var new = NewNetwork(name: type)
            new.provider = ProviderInput(type: type, physicalNetwork: physical, segmentationID: segment)
            _ = try networking.createNetwork(new, as: TestCloud.admin)
        }
        _ = try networking.networks(as: TestCloud.alice)
        _ = try networking.ports(as: TestCloud.alice)
        _ = try networking.ports(as: TestCloud.admin, filter: PortFilter(networkID: network.id))
        _ = try networking.ports(as: TestCloud.admin, filter: PortFilter(deviceID: "vm"))
        let binding = InstanceBinding(instanceID: "vm", projectID: "blue", host: "h", cards: [.network(network.id)])
        try networking.checkBinding(binding, count: 1, as: TestCloud.alice)
        _ = try networking.bindPorts(binding, as: TestCloud.alice)
        _ = try networking.portSpecs(instanceID: "vm")
        _ = try networking.addresses(instanceIDs: ["vm"])
        _ = try networking.availability(of: network.id, as: TestCloud.alice)
        _ = try networking.addressUse(of: subnet.id, as: TestCloud.alice)
        _ = try networking.quotas(projectID: "blue", as: TestCloud.alice)
        _ = try cloud.update(subnet, as: TestCloud.alice) {
            $0.allocationPools = [PoolInput(start: "10.0.0.40", end: "10.0.0.60")]
            $0.dnsNameservers = ["9.9.9.9"]
        }
        _ = try networking.addressesOutsidePools(of: subnet.id, as: TestCloud.alice)
        try readSecurityGroups(of: cloud)
        try networking.releasePorts(instanceID: "vm")
        try cloud.jobs.drain()
        try networking.deleteSubnet(subnet.id, as: TestCloud.alice)
        try networking.deleteNetwork(network.id, as: TestCloud.alice)
        let scans = try cloud.database.scans(in: recorder).filter { !$0.contains("jobs") && !$0.contains("migrations") }
        #expect(scans == [])
        // A subnet's pools are few, and are walked in their order.
        let sorted = try cloud.database.sortedPages(in: recorder).filter {
            !$0.contains("jobs") && !$0.contains("ipallocationpools")
        }
        #expect(sorted == [])
        // Neither does a quota count what there is.
        #expect(!recorder.statements.contains { $0.contains("count(*)") && $0.contains("project_id") })
    }

    private func readSecurityGroups(of cloud: TestCloud) throws {
        let networking = cloud.networking
        let group = try networking.createSecurityGroup(NewSecurityGroup(name: "web"), as: TestCloud.alice)
        var new = NewSecurityGroupRule(groupID: group.id, direction: "ingress")
        new.remoteGroupID = try networking.securityGroups(as: TestCloud.alice)[0].id.text
        let rule = try networking.createSecurityGroupRule(new, as: TestCloud.alice)
        _ = try networking.updateSecurityGroup(group.id, SecurityGroupUpdate(), as: TestCloud.alice)
        try networking.setSecurityGroups(["web"], ofInstance: "vm", as: TestCloud.alice)
        _ = try networking.securityGroups(ofInstance: "vm", as: TestCloud.alice)
        try networking.setSecurityGroups(["default"], ofInstance: "vm", as: TestCloud.alice)
        try cloud.jobs.drain()
        _ = try networking.securityGroupRule(rule.id, as: TestCloud.alice)
        try networking.deleteSecurityGroupRule(rule.id, as: TestCloud.alice)
        try networking.deleteSecurityGroup(group.id, as: TestCloud.alice)
    }

    @Test func `the use of each quota is what there is`() throws {
        let cloud = try TestCloud()
        let (network, subnet) = try cloud.network(dhcp: true, as: TestCloud.alice)
        let port = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        let other = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        func use() throws -> [Int] {
            let used = try cloud.networking.quotas(projectID: "blue", as: TestCloud.alice).used
            return ["network", "subnet", "port"].map { used[$0] }
        }
        func counted() throws -> [Int] {
            [
                try cloud.number("SELECT count(*) FROM networks WHERE project_id = 'blue'"),
                try cloud.number("SELECT count(*) FROM subnets WHERE project_id = 'blue'"),
                try cloud.number("SELECT count(*) FROM ports WHERE project_id = 'blue'"),
            ]
        }
        #expect(try use() == counted())
        #expect(try use()[2] >= 2)
        try cloud.networking.deletePort(port.id, as: TestCloud.alice)
        #expect(try use() == counted())
        try cloud.networking.deletePort(other.id, as: TestCloud.alice)
        #expect(try use() == counted())
        try cloud.networking.deleteSubnet(subnet.id, as: TestCloud.alice)
        #expect(try use() == counted())
    }

    @Test func `500 networks are listed with their subnets in three statements`() throws {
        var configuration = NetworkingConfiguration()
        configuration.networkQuota = -1
        configuration.subnetQuota = -1
        let recorder = StatementRecorder()
        let cloud = try TestCloud(configuration, recorder: recorder)
        for index in 0..<500 {
            var subnet = NewSubnet(name: "s\(index)", cidr: "10.0.0.0/24")
            subnet.enableDHCP = false
            _ = try cloud.networking.createNetwork(NewNetwork(name: "n\(index)"), subnet: subnet, as: TestCloud.alice)
        }
        let before = recorder.statements.count
        let networks = try cloud.networking.networks(as: TestCloud.alice)
        #expect(networks.count == 500)
        #expect(networks.allSatisfy { $0.subnets.count == 1 })
        #expect(recorder.statements.count - before == 3)
    }

    @Test func `changes are told when they are committed, to the project they concern`() throws {
        let cloud = try TestCloud()
        let seen = Mutex<[ResourceEvent]>([])
        let subscription = cloud.events.subscribe { event in seen.withLock { $0.append(event) } }
        let network = try cloud.network(as: TestCloud.alice).network
        _ = refusal {
            try cloud.networking.createNetwork(
                NewNetwork(name: String(repeating: "n", count: 256)), as: TestCloud.alice)
        }
        let port = try cloud.networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        let group = try #require(port.securityGroupIDs.first)
        let shared = try cloud.network(shared: true).network
        subscription.cancel()
        #expect(
            seen.withLock { $0 } == [
                ResourceEvent(kind: "network", id: network.id.text, projectID: "blue", what: .created),
                ResourceEvent(kind: "security_group", id: group.text, projectID: "blue", what: .created),
                ResourceEvent(kind: "port", id: port.id.text, projectID: "blue", what: .created),
                ResourceEvent(kind: "network", id: network.id.text, projectID: "blue", what: .updated),
                ResourceEvent(kind: "network", id: shared.id.text, projectID: nil, what: .created),
            ])
    }

    @Test func `what neither creates nor changes leaves no job behind`() throws {
        let cloud = try TestCloud()
        let (_, subnet) = try cloud.network()
        let before = try cloud.number("SELECT count(*) FROM jobs")
        #expect(before == 1)
        _ = refusal { try cloud.update(subnet) { $0.gateway = .address("x") } }
        #expect(try cloud.number("SELECT count(*) FROM jobs") == before)
    }
}
