import ComputeHost
import Networking
import ServiceCore
import Testing

@testable import Compute

struct BuildFailureTests {
    let cloud: TestCloud

    init() throws { cloud = try TestCloud() }

    static let broken = HostError.failed("the disk is on fire", remedy: "Fetch water.")

    @Test(arguments: [
        (HostVerb.fetchBase, LaunchPhase.image), (.attachment, .blockDevice), (.createDisk, .blockDevice),
        (.createConfigDrive, .blockDevice), (.define, .spawn), (.start, .spawn),
    ])
    func `a host that refuses leaves an instance in error, with cause and cure and nothing else`(
        verb: HostVerb, phase: LaunchPhase
    ) throws {
        cloud.host.fail(verb, with: Self.broken)
        let instance = try cloud.launch()
        #expect(instance.state == InstanceState(.error))
        let fault = try #require(instance.fault)
        #expect(fault.phase == phase)
        #expect(fault.code == 500)
        #expect(fault.message == phase.failureMessage)
        #expect(fault.details == "the disk is on fire")
        #expect(fault.remedy?.english == "Fetch water.")
        let steps = try cloud.compute.timeline(of: instance.id, as: TestCloud.member)
        #expect(steps.last?.phase == phase)
        #expect(steps.last?.outcome == .error)
        #expect(steps.dropLast().allSatisfy { $0.outcome == .success })
        #expect(try cloud.traces(of: instance.id).isEmpty)
        #expect(try cloud.compute.actionLog(of: instance.id, as: TestCloud.member).map(\.outcome) == [.error])
        #expect(instance.addresses.isEmpty)
    }

    @Test func `no host with room is a fault that names every host's reasons`() throws {
        let cloud = try TestCloud(host: InMemoryHost(hostname: "small", vcpus: 1, memoryMiB: 100, diskGiB: 0))
        let instance = try cloud.launch()
        let fault = try #require(instance.fault)
        #expect(fault.phase == .schedule)
        #expect(fault.code == 409)
        #expect(fault.details.hasPrefix("small: "))
        #expect(fault.details.contains("asks 512 MB, free 150 MB"))
        #expect(instance.host == nil)
        let decision = try #require(try cloud.decision(on: instance))
        #expect(decision.chosen == nil)
        #expect(decision.verdicts.first?.reasons.count == 2)
    }

    @Test func `claims are counted, so a host is never promised away twice`() throws {
        let cloud = try TestCloud(
            host: InMemoryHost(hostname: "small", vcpus: 16, memoryMiB: 1024, diskGiB: 100))
        var request = try cloud.request()
        request.count = 4
        let launched = try cloud.compute.launch(request, as: TestCloud.member)
        TestCloud.concurrently(4) { _ in _ = serviceError { try cloud.jobs.drain() } }
        let states = try launched.map { try cloud.instance($0.id).status }
        #expect(states.filter { $0 == .active }.count == 3)
        #expect(states.filter { $0 == .error }.count == 1)
    }

    @Test func `a failed build holds no claim on the host`() throws {
        let cloud = try TestCloud(host: InMemoryHost(hostname: "small", vcpus: 16, memoryMiB: 400, diskGiB: 100))
        cloud.host.fail(.define, with: Self.broken)
        #expect(try cloud.launch("first").status == .error)
        #expect(try cloud.launch("second").status == .active)
    }

    @Test func `a network without a free address fails in its phase`() throws {
        let network = try cloud.networking.createNetwork(
            NewNetwork(name: "tiny"), subnet: Self.subnetOfOne, as: TestCloud.member)
        var request = try cloud.request()
        request.networkIDs = [network.id.text]
        request.count = 2
        let launched = try cloud.compute.launch(request, as: TestCloud.member)
        try cloud.jobs.drain()
        let instances = try launched.map { try cloud.instance($0.id) }
        #expect(instances.map(\.status) == [.active, .error])
        #expect(instances[1].fault?.phase == .network)
        #expect(try cloud.traces(of: instances[1].id).isEmpty)
    }

    static var subnetOfOne: NewSubnet {
        var subnet = NewSubnet(name: "tiny", cidr: "10.0.0.0/24")
        subnet.enableDHCP = false
        subnet.allocationPools = [PoolInput(start: "10.0.0.9", end: "10.0.0.9")]
        return subnet
    }

    @Test(arguments: [HostVerb.fetchBase, .createDisk, .define, .start])
    func `a host that is away for a moment only delays a build`(verb: HostVerb) throws {
        cloud.host.fail(verb, with: .unavailable("libvirtd restarts"))
        let launched = try cloud.compute.launch(try cloud.request(), as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(launched.id).status == .build)
        cloud.clock.advance(seconds: 1)
        try cloud.jobs.drain()
        let instance = try cloud.instance(launched.id)
        #expect(instance.status == .active)
        #expect(instance.fault == nil)
        let steps = try cloud.compute.timeline(of: launched.id, as: TestCloud.member)
        #expect(steps.filter { $0.attempts == 2 }.count == 1)
    }

    @Test func `a host that stays away fails the build, and what it had is removed when it is back`() throws {
        let launched = try cloud.compute.launch(try cloud.request(), as: TestCloud.member)[0]
        for call in 1...6 { cloud.host.fail(.start, call: call, with: .unavailable("libvirtd is gone")) }
        cloud.host.fail(.undefine, with: .unavailable("libvirtd is gone"))
        for _ in 0..<6 {
            try cloud.jobs.drain()
            if try cloud.instance(launched.id).status == .error { break }
            cloud.clock.advance(seconds: 16)
        }
        let instance = try cloud.instance(launched.id)
        #expect(instance.status == .error)
        #expect(instance.fault?.phase == .spawn)
        #expect(instance.fault?.details.contains("libvirtd is gone") == true)
        #expect(try cloud.traces(of: launched.id).isEmpty)
        #expect(try cloud.jobs.pending(resource: "instance/\(launched.id)").isEmpty)
    }

    @Test func `an instance in error can be deleted`() throws {
        cloud.host.fail(.define, with: Self.broken)
        let instance = try cloud.launch()
        try cloud.compute.perform(.delete, on: instance.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(serviceError { _ = try cloud.instance(instance.id) }?.kind == .notFound)
        #expect(try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used.instances == 0)
    }
}
