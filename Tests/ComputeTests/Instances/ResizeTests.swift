import ComputeHost
import ServiceCore
import Synchronization
import TestSupport
import Testing

@testable import Compute
@testable import ComputeHost

struct ResizeTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private var domain: DomainSpec? { cloud.host.state.withLock { $0.domains[web.id.text]?.spec } }
    private var disk: DiskSpec? { cloud.host.state.withLock { $0.disks[web.id.text] } }
    private var used: ComputeResources {
        get throws { try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used }
    }

    @discardableResult
    private func resize(to flavor: String = "3") throws -> Instance {
        try cloud.compute.resize(web.id, to: flavor, as: TestCloud.member)
        try cloud.jobs.drain()
        return try cloud.instance(web.id)
    }

    @Test func `a resized guest runs with its new size, and waits for its owner's decision`() throws {
        let asked = try cloud.compute.resize(web.id, to: "3", as: TestCloud.member)
        #expect(asked.status == .resize)
        #expect(asked.taskState == .resizePrep)
        #expect(try cloud.compute.pendingResize(of: web.id, as: TestCloud.member)?.to.name == "m1.medium")
        try cloud.jobs.drain()
        let resized = try cloud.instance(web.id)
        #expect(resized.status == .verifyResize)
        #expect(resized.flavor.name == "m1.medium")
        #expect(resized.powerState == .running)
        #expect(domain?.memoryMiB == 4096 && domain?.vcpus == 2 && domain?.diskGiB == 40)
        #expect(disk?.sizeGiB == 40)
        let log = try #require(try cloud.compute.actionLog(of: web.id, as: TestCloud.admin).first)
        #expect(log.action == "resize" && log.outcome == .success)
        #expect(
            log.events.map(\.event)
                == ["compute_prep_resize", "compute_resize_instance", "compute_finish_resize"].sorted())
        #expect(log.events.allSatisfy { $0.outcome == .success && $0.host == "node1" })
    }

    @Test func `a confirmed resize stays, and lets the old disk go`() throws {
        try resize()
        try cloud.compute.perform(.confirmResize, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        let confirmed = try cloud.instance(web.id)
        #expect(confirmed.state == InstanceState(.active))
        #expect(confirmed.flavor.id == "3")
        #expect(try cloud.compute.pendingResize(of: web.id, as: TestCloud.member) == nil)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a reverted resize brings size and disk back`() throws {
        try resize()
        let asked = try cloud.compute.perform(.revertResize, on: web.id, as: TestCloud.member)
        #expect(asked.status == .revertResize)
        try cloud.jobs.drain()
        let reverted = try cloud.instance(web.id)
        #expect(reverted.state == InstanceState(.active))
        #expect(reverted.flavor.id == "1")
        #expect(domain?.memoryMiB == 512)
        #expect(disk?.sizeGiB == 1)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `quota and host keep room for the larger size until it is decided`() throws {
        #expect(try used == ComputeResources(instances: 1, cores: 1, memoryMiB: 512))
        try resize()
        let both = ComputeResources(instances: 1, cores: 2, memoryMiB: 4096)
        #expect(try used == both)
        try cloud.compute.perform(.revertResize, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try used == ComputeResources(instances: 1, cores: 1, memoryMiB: 512))
        try resize()
        try cloud.compute.perform(.confirmResize, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try used == both)
        // Downwards in memory: the larger one counts until the smaller is confirmed.
        let wide = try cloud.compute.hypervisors(as: TestCloud.admin)[0].promised
        #expect(wide == HostResources(vcpus: 2, memoryMiB: 4096, diskGiB: 40))
    }

    @Test func `a resize past the quota is refused, with every limit`() throws {
        let cloud = try TestCloud(limits: ComputeResources(instances: 10, cores: 1, memoryMiB: 600))
        let web = try cloud.launch()
        let error = serviceError { try cloud.compute.resize(web.id, to: "3", as: TestCloud.member) }
        #expect(error?.kind == .overQuota)
        #expect(error?.violations.map(\.field) == ["flavor_id", "flavor_id"])
        #expect(try cloud.instance(web.id).state == InstanceState(.active))
        #expect(try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used.memoryMiB == 512)
    }

    @Test(arguments: [("1", "same_flavor"), ("nope", "not_found"), ("", "required")])
    func `a flavor that cannot be resized to is refused beside its field`(flavor: String, code: String) throws {
        let error = serviceError { try cloud.compute.resize(web.id, to: flavor, as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["flavor_id"])
        #expect(error?.violations.map(\.code) == [code])
    }

    @Test func `a disk cannot shrink`() throws {
        try resize(to: "3")
        try cloud.compute.perform(.confirmResize, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        let error = serviceError { try cloud.compute.resize(web.id, to: "2", as: TestCloud.member) }
        #expect(error?.violations.map(\.code) == ["disk_too_small"])
    }

    @Test func `a host without room for the new size leaves the guest as it was, and says so`() throws {
        let directory = try TemporaryDirectory()
        let host = InMemoryHost(hostname: "node1", imagesDirectory: directory.path, memoryMiB: 2000)
        let cloud = try TestCloud(host: host, directory: directory)
        let web = try cloud.launch()
        try cloud.compute.resize(web.id, to: "3", as: TestCloud.member)
        try cloud.jobs.drain()
        let left = try cloud.instance(web.id)
        #expect(left.state == InstanceState(.active))
        #expect(left.fault?.code == 409)
        #expect(left.fault?.message.english == "The host has no room for the new size.")
        #expect(left.fault?.details.contains("memory") == true)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `an instance that is shut off is resized without being started`() throws {
        try cloud.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try resize().powerState == .shutdown)
        try cloud.compute.perform(.confirmResize, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.stopped))
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a guest that does not start again after a revert is shut off, with the fault`() throws {
        try resize()
        cloud.host.fail(.start, with: .failed("no memory", remedy: nil))
        try cloud.compute.perform(.revertResize, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        let reverted = try cloud.instance(web.id)
        #expect(reverted.state == InstanceState(.stopped))
        #expect(reverted.flavor.id == "1")
        #expect(reverted.fault?.details == "no memory")
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a resize that can neither be finished nor undone is an error, which a hard reboot mends`() throws {
        cloud.host.fail(.growDisk, with: .failed("no space", remedy: nil))
        cloud.host.fail(.restoreKeptDisk, with: .failed("no space", remedy: nil))
        #expect(try resize().state == InstanceState(.error))
        #expect(try used == ComputeResources(instances: 1, cores: 1, memoryMiB: 512))
        try cloud.compute.perform(.hardReboot, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.active))
        // What was kept then is not what the next resize would go back to.
        try resize()
        #expect(cloud.host.state.withLock { $0.keptDisks[web.id.text]?.sizeGiB } == 1)
    }

    @Test func `of confirm and revert at the same time one wins`() throws {
        try resize()
        let outcomes = Mutex<[String]>([])
        TestCloud.concurrently(8) { [cloud, web] index in
            let action: InstanceAction = index % 2 == 0 ? .confirmResize : .revertResize
            let error = serviceError { try cloud.compute.perform(action, on: web.id, as: TestCloud.member) }
            outcomes.withLock { $0.append(error.map { "\($0.kind) \($0.code)" } ?? "won") }
        }
        let counts = Dictionary(grouping: outcomes.withLock { $0 }, by: \.self).mapValues(\.count)
        #expect(counts == ["won": 1, "conflict instance_busy": 7])
        try cloud.jobs.drain()
        #expect(try cloud.contradictions() == [])
    }
}
