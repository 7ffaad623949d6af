import ComputeHost
import ServiceCore
import Testing

@testable import Compute

@Suite struct AggregateTests {
    let cloud: TestCloud
    private var compute: ComputeService { cloud.compute }
    private let admin = TestCloud.admin

    init() throws {
        cloud = try TestCloud(
            host: InMemoryHost(hostname: "node1"), others: [InMemoryHost(hostname: "node2")])
    }

    private func code(_ body: () throws -> Void) -> String? { serviceError(body)?.code }

    @Test func `an aggregate is made, changed, filled, emptied and deleted`() throws {
        let made = try compute.createAggregate(named: " rack 1 ", availabilityZone: "az1", as: admin)
        #expect(made.name == "rack 1" && made.availabilityZone == "az1" && made.hosts.isEmpty)
        try compute.setAggregateHosts(["node2", "node1"], of: made.id, as: admin)
        try compute.updateAggregate(made.id, name: "rack 2", availabilityZone: "az2", as: admin)
        let changed = try compute.aggregate(made.id, as: admin)
        #expect(changed.name == "rack 2" && changed.availabilityZone == "az2" && changed.hosts == ["node1", "node2"])
        #expect(try compute.availabilityZones(as: TestCloud.member) == ["az2"])
        #expect(code { try compute.deleteAggregate(made.id, as: admin) } == "aggregate_in_use")
        try compute.setAggregateHosts([], of: made.id, as: admin)
        #expect(try compute.availabilityZones(as: TestCloud.member) == ["nova"])
        try compute.deleteAggregate(made.id, as: admin)
        #expect(try compute.aggregates(as: admin).isEmpty)
        #expect(serviceError { _ = try compute.aggregate(made.id, as: admin) }?.kind == .notFound)
    }

    @Test func `names are unique whatever the case of their letters`() throws {
        let one = try compute.createAggregate(named: "Fast", as: admin)
        #expect(code { try compute.createAggregate(named: "fAST", as: admin) } == "aggregate_exists")
        let two = try compute.createAggregate(named: "slow", as: admin)
        #expect(
            code { try compute.updateAggregate(two.id, name: "FAST", availabilityZone: nil, as: admin) }
                == "aggregate_exists")
        try compute.updateAggregate(one.id, name: "FAST", availabilityZone: nil, as: admin)
    }

    @Test(arguments: [
        ("", nil, "name", "required"), (String(repeating: "x", count: 256), nil, "name", "too_long"),
        ("a\u{7}b", nil, "name", "control_character"), ("a", "nova:node1", "availability_zone", "colon"),
        ("a", "internal", "availability_zone", "reserved"),
    ])
    func `what cannot be a name or a zone is refused`(name: String, zone: String?, field: String, rule: String) {
        let error = serviceError { try compute.createAggregate(named: name, availabilityZone: zone, as: admin) }
        #expect(error?.violations.map(\.field) == [field] && error?.violations.map(\.code) == [rule])
    }

    @Test func `no host is in two zones`() throws {
        let first = try compute.createAggregate(named: "first", availabilityZone: "az1", as: admin)
        let second = try compute.createAggregate(named: "second", availabilityZone: "az2", as: admin)
        let plain = try compute.createAggregate(named: "plain", as: admin)
        try compute.addHost("node1", toAggregate: first.id, as: admin)
        #expect(code { try compute.addHost("node1", toAggregate: second.id, as: admin) } == "host_in_other_zone")
        #expect(code { try compute.addHost("node1", toAggregate: first.id, as: admin) } == "host_exists")
        try compute.addHost("node1", toAggregate: plain.id, as: admin)
        #expect(
            code { try compute.updateAggregate(plain.id, name: "plain", availabilityZone: "az2", as: admin) }
                == "host_in_other_zone")
        #expect(
            code { try compute.setAggregateMetadata(["availability_zone": "az2"], of: plain.id, as: admin) }
                == "host_in_other_zone")
        try compute.updateAggregate(plain.id, name: "plain", availabilityZone: "az1", as: admin)
        let unknown = serviceError { try compute.addHost("node9", toAggregate: plain.id, as: admin) }
        #expect(unknown?.violations.map(\.field) == ["hosts"])
        #expect(
            serviceError { try compute.removeHost("node2", fromAggregate: plain.id, as: admin) }?.kind == .notFound)
    }

    @Test func `a zone does not change under its instances, nor is it emptied`() throws {
        let aggregate = try compute.createAggregate(named: "rack", availabilityZone: "az1", as: admin)
        try compute.addHost("node1", toAggregate: aggregate.id, as: admin)
        var request = try cloud.request("web")
        request.availabilityZone = "az1"
        let web = try compute.launch(request, as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).availabilityZone == "az1" && cloud.instance(web.id).host == "node1")
        #expect(
            code { try compute.updateAggregate(aggregate.id, name: "rack", availabilityZone: "az2", as: admin) }
                == "zone_in_use")
        #expect(code { try compute.removeHost("node1", fromAggregate: aggregate.id, as: admin) } == "zone_in_use")
        #expect(code { try compute.setAggregateMetadata([:], of: aggregate.id, as: admin) } == "zone_in_use")
        let emptied = serviceError {
            try compute.updateAggregate(aggregate.id, name: "rack", availabilityZone: "", as: admin)
        }
        #expect(emptied?.violations.map(\.field) == ["availability_zone"])
        try compute.updateAggregate(aggregate.id, name: "rack 1", availabilityZone: "az1", as: admin)
        try compute.addHost("node2", toAggregate: aggregate.id, as: admin)
    }

    @Test func `a launch that names no zone is told where it landed`() throws {
        let aggregate = try compute.createAggregate(named: "all", availabilityZone: "az1", as: admin)
        try compute.setAggregateHosts(["node1", "node2"], of: aggregate.id, as: admin)
        #expect(try cloud.launch("web").availabilityZone == "az1")
    }

    @Test func `zones are listed with their hosts, and those that cannot take anything are not offered`() throws {
        let aggregate = try compute.createAggregate(named: "rack", availabilityZone: "az1", as: admin)
        try compute.addHost("node2", toAggregate: aggregate.id, as: admin)
        #expect(try compute.availabilityZones(as: TestCloud.member) == ["az1", "nova"])
        #expect(try compute.forcedHosts(as: admin) == ["az1:node2", "nova:node1"])
        #expect(try compute.forcedHosts(as: TestCloud.member).isEmpty)
        try compute.setService("nova-compute", on: "node2", enabled: false, as: admin)
        #expect(try compute.availabilityZones(as: TestCloud.member) == ["nova"])
        let zones = try compute.availabilityZoneDetails(as: admin)
        #expect(zones.map(\.name) == ["az1", "internal", "nova"])
        #expect(zones.map(\.isAvailable) == [false, true, true])
        #expect(zones[0].hosts.map(\.name) == ["node2"])
    }

    @Test(arguments: [
        ([String: String](), [String]()), (["ssd": "true"], []), (["": "x"], ["required"]), (["x": ""], ["required"]),
        (["availability_zone": "a:b"], ["colon"]), ([String(repeating: "k", count: 256): "v"], ["too_long"]),
    ])
    func `metadata are short texts`(metadata: [String: String], rules: [String]) throws {
        let aggregate = try compute.createAggregate(named: "rack", as: admin)
        let error = serviceError { try compute.setAggregateMetadata(metadata, of: aggregate.id, as: admin) }
        #expect((error?.violations.map(\.code) ?? []) == rules)
        #expect(try compute.aggregate(aggregate.id, as: admin).metadata == (rules.isEmpty ? metadata : [:]))
    }

    @Test func `aggregates are for administrators`() throws {
        let aggregate = try compute.createAggregate(named: "rack", as: admin)
        for context in [TestCloud.member, TestCloud.reader] {
            let attempts: [() throws -> Void] = [
                { _ = try compute.aggregates(as: context) }, { _ = try compute.aggregate(aggregate.id, as: context) },
                { try compute.createAggregate(named: "x", as: context) },
                { try compute.setAggregateHosts(["node1"], of: aggregate.id, as: context) },
                { try compute.setAggregateMetadata([:], of: aggregate.id, as: context) },
                { try compute.updateAggregate(aggregate.id, name: "x", availabilityZone: nil, as: context) },
                { try compute.deleteAggregate(aggregate.id, as: context) },
                { _ = try compute.availabilityZoneDetails(as: context) },
            ]
            #expect(attempts.allSatisfy { serviceError($0)?.kind == .forbidden })
        }
    }
}
