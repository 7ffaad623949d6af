import ComputeHost
import ServiceCore
import Testing

@testable import Compute

/// What happens when many want the same room.
@Suite struct ClaimTests {
    private static let unlimited = ComputeResources(instances: -1, cores: -1, memoryMiB: -1)

    /// Hosts on which four instances of m1.tiny fit: their memory is promised one and a half times, their disk once.
    private func cloud(_ names: String..., memory: Int = 1366) throws -> TestCloud {
        let hosts = names.map { InMemoryHost(hostname: $0, memoryMiB: memory, diskGiB: 100) }
        return try TestCloud(host: hosts[0], others: Array(hosts.dropFirst()), limits: Self.unlimited)
    }

    @Test func `fifty launches at once never promise more than the hosts have, and the others say why`() throws {
        let cloud = try cloud("node1", "node2", "node3", memory: 1366)
        TestCloud.concurrently(10) { index in
            for turn in 0..<5 {
                _ = serviceError {
                    _ = try cloud.compute.launch(try cloud.request("w\(index * 5 + turn)"), as: TestCloud.member)
                }
            }
            _ = serviceError { try cloud.jobs.drain() }
        }
        try cloud.jobs.drain()
        let instances = try cloud.compute.instances(page: PageRequest(limit: 100), as: TestCloud.member).items
        #expect(instances.count == 50)
        let placed = Dictionary(grouping: instances.filter { $0.status == .active }, by: \.host)
        #expect(placed.mapValues(\.count) == ["node1": 4, "node2": 4, "node3": 4])
        for record in try cloud.compute.hypervisors(as: TestCloud.admin) {
            let limit = try #require(record.limit)
            #expect(record.promised.memoryMiB <= limit.memoryMiB, "\(record.host)")
            #expect(record.promised.vcpus <= limit.vcpus)
            #expect(record.promised.diskGiB <= limit.diskGiB)
        }
        let refused = instances.filter { $0.status == .error }
        #expect(refused.count == 38)
        for instance in refused {
            #expect(instance.host == nil)
            let fault = try #require(instance.fault)
            #expect(fault.code == 409 && fault.phase == .schedule)
            #expect(fault.details.contains("node2: Too little RAM: asks 512 MB, free 1 MB."), "\(fault.details)")
        }
    }

    @Test func `instances that start together are spread by anti-affinity, and the last one says why it cannot be`()
        throws
    {
        let cloud = try cloud("node1", "node2", "node3", memory: 8192)
        let group = try cloud.compute.createServerGroup(
            NewServerGroup(name: "web", policy: "anti-affinity"), as: TestCloud.member)
        var request = try cloud.request("web")
        request.count = 4
        request.serverGroupID = group.id.text
        _ = try cloud.compute.launch(request, as: TestCloud.member)
        TestCloud.concurrently(4) { _ in _ = serviceError { try cloud.jobs.drain() } }
        try cloud.jobs.drain()
        let instances = try cloud.compute.instances(as: TestCloud.member).items
        #expect(Set(instances.compactMap(\.host)) == ["node1", "node2", "node3"])
        let failed = try #require(instances.first { $0.status == .error })
        #expect(failed.fault?.details.contains("Anti-affinity: of the server group web 1 are here") == true)
        let decision = try #require(try cloud.decision(on: failed))
        #expect(decision.verdicts.map(\.host) == ["node1", "node2", "node3"])
        #expect(decision.verdicts.allSatisfy { !$0.isAccepted && $0.weight == nil })
        let placed = try #require(instances.first { $0.status == .active })
        let made = try #require(try cloud.decision(on: placed))
        #expect(made.chosen == placed.host)
        #expect(made.verdicts.contains { $0.weight != nil })
    }

    @Test func `affinity keeps members together, whoever comes first`() throws {
        let cloud = try cloud("node1", "node2", memory: 8192)
        let group = try cloud.compute.createServerGroup(
            NewServerGroup(name: "db", policy: "affinity"), as: TestCloud.member)
        var request = try cloud.request("db")
        request.count = 3
        request.serverGroupID = group.id.text
        _ = try cloud.compute.launch(request, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(Set(try cloud.compute.instances(as: TestCloud.member).items.map(\.host)).count == 1)
        #expect(try cloud.compute.serverGroup(group.id, as: TestCloud.member).members.count == 3)
    }

    @Test func `the instances of a plain launch land on different hosts`() throws {
        let cloud = try cloud("linux-node1", "linux-node2", memory: 4096)
        #expect(try cloud.launch("vm1").host == "linux-node1")
        #expect(try cloud.launch("vm2").host == "linux-node2")
    }

    @Test func `a host that does not answer is passed over`() throws {
        let cloud = try cloud("node1", "node2", memory: 4096)
        cloud.host.setUnavailable("libvirtd is stopped")
        // Until its next heartbeat is due the scheduler takes its last word for it.
        cloud.clock.advance(seconds: 20)
        #expect(try cloud.launch("web").host == "node2")
    }

    @Test func `an administrator names the host, others may not`() throws {
        let cloud = try cloud("node1", "node2", memory: 4096)
        var request = try cloud.request("web")
        request.availabilityZone = "nova:node2"
        let error = try #require(serviceError { _ = try cloud.compute.launch(request, as: TestCloud.member) })
        #expect(error.kind == .forbidden)
        try cloud.compute.setService(
            "nova-compute", on: "node2", enabled: false, reason: "new disks", as: TestCloud.admin)
        let forced = try cloud.compute.launch(request, as: TestCloud.admin)[0]
        let free = try cloud.compute.launch(try cloud.request("other"), as: TestCloud.admin)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(forced.id).host == "node2")
        #expect(try cloud.instance(free.id).host == "node1")
        let verdicts = try #require(try cloud.decision(on: free)).verdicts
        #expect(verdicts[1].reasons.map(\.english) == ["The host is disabled: new disks"])
        for zone in ["nova:nowhere", "mars", "mars:node1"] {
            request.availabilityZone = zone
            let error = serviceError { _ = try cloud.compute.launch(request, as: TestCloud.admin) }
            #expect(error?.violations.map(\.field) == ["availability_zone"], "\(zone)")
        }
    }

    @Test func `a flavor goes only where an aggregate has what it wants`() throws {
        let cloud = try cloud("node1", "node2", memory: 4096)
        let fast = try cloud.compute.createAggregate(named: "fast", as: TestCloud.admin)
        try cloud.compute.setAggregateMetadata(["ssd": "true"], of: fast.id, as: TestCloud.admin)
        try cloud.compute.setAggregateHosts(["node2"], of: fast.id, as: TestCloud.admin)
        try cloud.compute.setExtraSpecs(
            ["aggregate_instance_extra_specs:ssd": "true"], ofFlavor: "1", as: TestCloud.admin)
        #expect(try cloud.launch("one").host == "node2")
        #expect(try cloud.launch("two").host == "node2")
        #expect(
            serviceError {
                try cloud.compute.setExtraSpecs(["": "x"], ofFlavor: "1", as: TestCloud.admin)
            }?.violations.map(\.code) == ["malformed_key"])
        #expect(
            serviceError { try cloud.compute.setExtraSpecs([:], ofFlavor: "1", as: TestCloud.member) }?.kind
                == .forbidden)
    }
}
