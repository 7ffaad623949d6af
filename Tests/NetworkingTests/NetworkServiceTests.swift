import Database
import ServiceCore
import Testing

@testable import Networking

@Suite struct NetworkServiceTests {
    let cloud: TestCloud
    let networking: NetworkingService

    init() throws {
        cloud = try TestCloud()
        networking = cloud.networking
    }

    @Test func `a network and its subnet are made together or not at all`() throws {
        var subnet = NewSubnet(name: "s", cidr: "10.0.0.0/24")
        subnet.gateway = .address("10.0.0.x")
        var new = NewNetwork(name: String(repeating: "n", count: 300))
        new.mtu = "12"
        let error = refusal { try networking.createNetwork(new, subnet: subnet, as: TestCloud.alice) }
        #expect(
            error?.violations.map { "\($0.field) \($0.code)" } == [
                "name too_long", "mtu mtu_out_of_range", "subnet.gateway_ip not_an_address",
            ])
        #expect(try networking.networks(as: TestCloud.alice) == [])
        subnet.gateway = .automatic
        let made = try networking.createNetwork(NewNetwork(name: "n"), subnet: subnet, as: TestCloud.alice)
        #expect(made.subnets.map(\.name) == ["s"])
        #expect(made.projectID == "blue")
        #expect(made.status == .active)
        #expect(made.mtu == 1500)
        #expect(try networking.networks(as: TestCloud.alice) == [made])
    }

    @Test func `projects see their own networks and the shared ones, administrators may see all`() throws {
        let blue = try cloud.network(as: TestCloud.alice).network
        let shared = try cloud.network(shared: true).network
        var new = NewNetwork(name: "way out")
        new.external = true
        let external = try networking.createNetwork(new, as: TestCloud.admin)
        let visible = { (context: RequestContext, scope: NetworkFilter.Scope) in
            Set(try networking.networks(as: context, filter: NetworkFilter(scope)).map(\.id))
        }
        #expect(try visible(TestCloud.alice, .project) == [blue.id, shared.id, external.id])
        #expect(try visible(TestCloud.reader, .project) == [blue.id, shared.id, external.id])
        #expect(try visible(TestCloud.bob, .project) == [shared.id, external.id])
        #expect(try visible(TestCloud.admin, .project) == [shared.id, external.id])
        #expect(try visible(TestCloud.admin, .everything) == [blue.id, shared.id, external.id])
        #expect(refusal { try visible(TestCloud.alice, .everything) }?.kind == .forbidden)
    }

    @Test func `what another project owns is not there, what it shares cannot be changed`() throws {
        let (own, ownSubnet) = try cloud.network(as: TestCloud.alice)
        let (shared, sharedSubnet) = try cloud.network(shared: true)
        let attempts: [(ID<Network>, ID<Subnet>, ServiceError.Kind)] = [
            (own.id, ownSubnet.id, .notFound), (shared.id, sharedSubnet.id, .forbidden),
        ]
        for (network, subnet, kind) in attempts {
            #expect(refusal { try networking.updateNetwork(network, NetworkUpdate(), as: TestCloud.bob) }?.kind == kind)
            #expect(refusal { try networking.deleteNetwork(network, as: TestCloud.bob) }?.kind == kind)
            #expect(refusal { try networking.updateSubnet(subnet, SubnetUpdate(), as: TestCloud.bob) }?.kind == kind)
            #expect(refusal { try networking.deleteSubnet(subnet, as: TestCloud.bob) }?.kind == kind)
            let new = NewSubnet(name: "x", cidr: "10.9.0.0/24")
            #expect(refusal { try networking.createSubnet(new, on: network, as: TestCloud.bob) }?.kind == .forbidden)
        }
        #expect(refusal { try networking.network(own.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.subnet(ownSubnet.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.subnets(of: own.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.addressUse(of: ownSubnet.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(refusal { try networking.availability(of: own.id, as: TestCloud.bob) }?.kind == .notFound)
        #expect(
            refusal { try networking.createPort(NewPort(networkID: own.id), as: TestCloud.bob) }?.kind == .forbidden)
        #expect(!networking.canChange(shared, as: TestCloud.bob))
        #expect(networking.canChange(own, as: TestCloud.alice))
    }

    @Test func `readers change nothing, members nothing that is an administrator's`() throws {
        let (network, subnet) = try cloud.network(as: TestCloud.alice)
        let reader = TestCloud.reader
        #expect(refusal { try networking.createNetwork(NewNetwork(name: "n"), as: reader) }?.kind == .forbidden)
        #expect(refusal { try networking.updateSubnet(subnet.id, SubnetUpdate(), as: reader) }?.kind == .forbidden)
        #expect(refusal { try networking.deleteNetwork(network.id, as: reader) }?.kind == .forbidden)
        #expect(refusal { try networking.createPort(NewPort(networkID: network.id), as: reader) }?.kind == .forbidden)
        #expect(!networking.canChange(network, as: reader))
        var new = NewNetwork(name: "n")
        new.shared = true
        #expect(refusal { try networking.createNetwork(new, as: TestCloud.alice) }?.kind == .forbidden)
        new.shared = false
        new.external = true
        #expect(refusal { try networking.createNetwork(new, as: TestCloud.alice) }?.kind == .forbidden)
        new.external = false
        new.provider = ProviderInput(type: "flat", physicalNetwork: "p")
        #expect(refusal { try networking.createNetwork(new, as: TestCloud.alice) }?.kind == .forbidden)
        new.provider = nil
        new.projectID = "red"
        #expect(refusal { try networking.createNetwork(new, as: TestCloud.alice) }?.kind == .forbidden)
        var update = NetworkUpdate()
        update.shared = true
        #expect(refusal { try networking.updateNetwork(network.id, update, as: TestCloud.alice) }?.kind == .forbidden)
        #expect(try networking.network(network.id, as: TestCloud.alice).provider == nil)
        #expect(try networking.network(network.id, as: TestCloud.admin).provider?.type == .local)
    }

    @Test func `administrators make networks for a project`() throws {
        var new = NewNetwork(name: "gift")
        new.projectID = "red"
        let network = try networking.createNetwork(new, as: TestCloud.admin)
        #expect(try networking.network(network.id, as: TestCloud.bob).projectID == "red")
    }

    @Test(arguments: [
        ("flat", "", "", "provider:physical_network physical_network_missing"),
        ("vlan", "eth1", "4095", "provider:segmentation_id segmentation_id_out_of_range"),
        ("vlan", "eth1", "", "provider:segmentation_id segmentation_id_out_of_range"),
        ("vxlan", "eth1", "5", "provider:physical_network physical_network_not_allowed"),
        ("vxlan", "", "16777216", "provider:segmentation_id segmentation_id_out_of_range"),
        ("gre", "", "4294967296", "provider:segmentation_id segmentation_id_out_of_range"),
        ("local", "", "5", "provider:segmentation_id segmentation_id_not_allowed"),
        ("token-ring", "", "", "provider:network_type unknown_network_type"),
    ])
    func `provider attributes follow their type`(_ type: String, _ physical: String, _ segment: String, _ fault: String)
    {
        var new = NewNetwork(name: "n")
        new.provider = ProviderInput(type: type, physicalNetwork: physical, segmentationID: segment)
        let error = refusal { try networking.createNetwork(new, as: TestCloud.admin) }
        #expect(error?.violations.map { "\($0.field) \($0.code)" } == [fault])
    }

    @Test(arguments: [("flat", "eth1", ""), ("vlan", "eth1", "100"), ("vxlan", "", "7"), ("gre", "", "7")])
    func `a segment carries one network`(_ type: String, _ physical: String, _ segment: String) throws {
        var new = NewNetwork(name: "n")
        new.provider = ProviderInput(type: type, physicalNetwork: physical, segmentationID: segment)
        let network = try networking.createNetwork(new, as: TestCloud.admin)
        #expect(network.provider?.type.rawValue == type)
        #expect(refusal { try networking.createNetwork(new, as: TestCloud.admin) }?.code == "segment_in_use")
        new.provider = ProviderInput(type: "geneve", segmentationID: "7")
        _ = try networking.createNetwork(new, as: TestCloud.admin)
    }

    @Test func `a network with ports stays, one with DHCP alone goes with its subnets`() throws {
        let (network, _) = try cloud.network(dhcp: true)
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.admin)
        #expect(refusal { try networking.deleteNetwork(network.id, as: TestCloud.admin) }?.code == "network_in_use")
        try networking.deletePort(port.id, as: TestCloud.admin)
        try networking.deleteNetwork(network.id, as: TestCloud.admin)
        for table in [
            "networks", "subnets", "ports", "ipallocations", "ipallocation_keys", "ipallocationpools",
            "ipallocationpool_positions", "ipavailabilityranges",
        ] {
            #expect(try cloud.column("SELECT 'row' FROM \(sql: SQL(stringLiteral: table))") == [], "\(table)")
        }
    }

    @Test func `a network others use cannot be taken from them`() throws {
        let (network, _) = try cloud.network(shared: true)
        let port = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.bob)
        var update = NetworkUpdate()
        update.shared = false
        let error = refusal { try networking.updateNetwork(network.id, update, as: TestCloud.admin) }
        #expect(error?.code == "shared_network_in_use")
        try networking.deletePort(port.id, as: TestCloud.bob)
        #expect(try !networking.updateNetwork(network.id, update, as: TestCloud.admin).shared)
    }

    @Test func `an edit changes what it names and the second editor is told`() throws {
        let (network, _) = try cloud.network()
        cloud.clock.advance(seconds: 60)
        var update = NetworkUpdate()
        update.name = "new"
        update.adminStateUp = false
        update.mtu = "9000"
        update.revision = network.revision
        let edited = try networking.updateNetwork(network.id, update, as: TestCloud.admin)
        #expect(edited.name == "new" && !edited.adminStateUp && edited.mtu == 9000)
        #expect(edited.revision == network.revision + 1)
        #expect(edited.updatedAt > network.updatedAt)
        #expect(edited.subnets == network.subnets)
        #expect(try networking.network(network.id, as: TestCloud.admin) == edited)
        #expect(
            refusal { try networking.updateNetwork(network.id, update, as: TestCloud.admin) }?.code
                == "revision_conflict")
    }

    @Test func `lists can be narrowed`() throws {
        for (name, isUp) in [("Alpha", true), ("beta", false), ("alphabet", true)] {
            var new = NewNetwork(name: name)
            new.adminStateUp = isUp
            _ = try networking.createNetwork(new, as: TestCloud.alice)
        }
        let names = { (change: (inout NetworkFilter) -> Void) in
            var filter = NetworkFilter()
            change(&filter)
            return try networking.networks(as: TestCloud.alice, filter: filter).map(\.name)
        }
        #expect(try names { _ in } == ["Alpha", "alphabet", "beta"])
        #expect(try names { $0.name = "ALPHA" } == ["Alpha", "alphabet"])
        #expect(try names { $0.name = "%" } == [])
        #expect(try names { $0.adminStateUp = false } == ["beta"])
        #expect(try names { $0.shared = true } == [])
        #expect(try names { $0.status = .active }.count == 3)
        #expect(try names { $0.projectID = "red" } == [])
    }

    @Test func `quotas are kept under concurrent creation`() throws {
        var configuration = NetworkingConfiguration()
        configuration.networkQuota = 5
        let cloud = try TestCloud(configuration)
        let outcomes = concurrently(16) { index in
            refusal { try cloud.networking.createNetwork(NewNetwork(name: "n\(index)"), as: TestCloud.alice) }?.kind
        }
        #expect(outcomes.count { $0 == nil } == 5)
        #expect(outcomes.count { $0 == .overQuota } == 11)
    }

    @Test func `quotas hold for subnets and ports and can be set for a project`() throws {
        try networking.setQuotas(["subnet": 1, "port": 1], projectID: "blue", as: TestCloud.admin)
        let (network, _) = try cloud.network(as: TestCloud.alice)
        let second = NewSubnet(name: "b", cidr: "10.1.0.0/24")
        #expect(
            refusal { try networking.createSubnet(second, on: network.id, as: TestCloud.alice) }?.kind == .overQuota)
        _ = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        #expect(
            refusal { try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice) }?.kind
                == .overQuota)
        let (limits, used) = try networking.quotas(projectID: "blue", as: TestCloud.alice)
        #expect(limits["network"] == 100 && limits["subnet"] == 1 && limits["port"] == 1)
        #expect(used["network"] == 1 && used["subnet"] == 1 && used["port"] == 1)
        let below = refusal {
            try networking.setQuotas(["port": 0, "subnet": 1], projectID: "blue", as: TestCloud.admin)
        }
        #expect(below?.violations.map(\.field) == ["port"] && below?.violations.first?.code == "below_use")
        try networking.setQuotas(["port": 0], projectID: "blue", isForced: true, as: TestCloud.admin)
        #expect(try networking.quotas(projectID: "blue", as: TestCloud.alice).limits["port"] == 0)
        try networking.setQuotas(["port": -1], projectID: "blue", as: TestCloud.admin)
        _ = try networking.createPort(NewPort(networkID: network.id), as: TestCloud.alice)
        #expect(refusal { try networking.quotas(projectID: "blue", as: TestCloud.bob) }?.kind == .forbidden)
        #expect(
            refusal { try networking.setQuotas(["port": 9], projectID: "blue", as: TestCloud.alice) }?.kind
                == .forbidden)
        let bad = refusal { try networking.setQuotas(["port": -2, "x": 1], projectID: "blue", as: TestCloud.admin) }
        #expect(bad?.violations.map(\.code) == ["quota_out_of_range", "unknown_quota"])
    }

    @Test func `the first start makes the tutorial's network, once ever`() throws {
        try networking.seed(ownerProjectID: "admin-project")
        try networking.seed(ownerProjectID: "admin-project")
        let networks = try networking.networks(as: TestCloud.alice)
        #expect(networks.map(\.name) == ["provider"])
        #expect(networks[0].shared)
        #expect(networks[0].projectID == "admin-project")
        let subnet = try networking.subnet(networks[0].subnets[0].id, as: TestCloud.admin)
        #expect(subnet.gateway == ip("192.168.56.2"))
        #expect(subnet.pools.map(\.range) == [range("192.168.56.100", "192.168.56.200")])
        try networking.deleteNetwork(networks[0].id, as: TestCloud.admin)
        try networking.seed(ownerProjectID: "admin-project")
        #expect(try networking.networks(as: TestCloud.admin) == [])
    }

    @Test func `availability counts pools and allocations`() throws {
        let (network, _) = try cloud.network(pools: [PoolInput(start: "10.0.0.20", end: "10.0.0.21")])
        for address in ["10.0.0.20", "10.0.0.200", "10.0.0.201"] {
            var new = NewPort(networkID: network.id)
            new.fixedIPs = [FixedIPInput(address: address)]
            _ = try networking.createPort(new, as: TestCloud.admin)
        }
        let availability = try networking.availability(of: network.id, as: TestCloud.admin)
        #expect(availability.total == 2)
        #expect(availability.used == 3)
        #expect(availability.subnets.map(\.free) == [0])
    }
}
