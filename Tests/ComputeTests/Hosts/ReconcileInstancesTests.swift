import ComputeHost
import Database
import Networking
import ServiceCore
import TestSupport
import Testing

@testable import Compute

struct ReconcileInstancesTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    /// Reconciliation is periodic: the next one is a minute away.
    private func reconcile(_ cloud: TestCloud) throws {
        cloud.clock.advance(seconds: 60)
        try cloud.jobs.drain()
    }

    @Test func `a simulated host that forgot everything gets its guests back, with a note`() throws {
        let stopped = try cloud.launch("stopped")
        try cloud.compute.perform(.stop, on: stopped.id, as: TestCloud.member)
        try cloud.jobs.drain()
        let host = InMemoryHost(hostname: "node1", imagesDirectory: cloud.directory.path)
        let restarted = try TestCloud(after: cloud, host: host)
        try reconcile(restarted)
        let instance = try restarted.instance(web.id)
        #expect(instance.status == .active)
        #expect(instance.powerState == .running)
        #expect(try host.status(of: web.id.text)?.power == .running)
        #expect(instance.addresses == web.addresses)
        #expect(try restarted.compute.actionLog(of: web.id, as: TestCloud.member).map(\.action) == ["start", "create"])
        #expect(try restarted.instance(stopped.id).status == .shutoff)
        try restarted.compute.perform(.start, on: stopped.id, as: TestCloud.member)
        try restarted.jobs.drain()
        #expect(try restarted.instance(stopped.id).status == .active)
    }

    @Test func `a real host that lost a domain leaves an instance that can be started again`() throws {
        cloud.host.lose(web.id.text)
        let power = PowerSynchronization(work: cloud.compute.work)
        _ = try power.apply(nil, to: try cloud.instance(web.id), isSimulated: false)
        let lost = try cloud.instance(web.id)
        #expect(lost.state == InstanceState(.stopped))
        #expect(lost.note != nil)
        try cloud.compute.perform(.start, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).status == .active)
        #expect(try cloud.instance(web.id).note == nil)
    }

    @Test func `what the host has without an instance is removed`() throws {
        let orphan = "3d1f8a52-0f6c-4a0f-9b3e-0a52b1c7e111"
        let half = "3d1f8a52-0f6c-4a0f-9b3e-0a52b1c7e222"
        let spec = DomainSpec(
            instanceID: orphan, number: 77, name: "ghost", vcpus: 1, memoryMiB: 64, diskGiB: 1, flavorName: "m1.nano",
            imageID: web.imageID.text, imageName: "x", projectID: "p", projectName: "p", userID: "u", userName: "u",
            createdAt: 0)
        try cloud.host.createDisk(DiskSpec(instanceID: orphan, imageID: web.imageID.text, sizeGiB: 1))
        try cloud.host.define(spec)
        try cloud.host.createDisk(DiskSpec(instanceID: half, imageID: web.imageID.text, sizeGiB: 1))
        try reconcile(cloud)
        #expect(try cloud.host.domains().map(\.instanceID) == [web.id.text])
        #expect(try cloud.host.instances() == [web.id.text])
        #expect(try cloud.instance(web.id).status == .active)
    }

    @Test func `work that nobody is doing gets its job again`() throws {
        let launched = try cloud.compute.launch(try cloud.request("lost"), as: TestCloud.member)[0]
        try cloud.database.write { try $0.execute("DELETE FROM jobs WHERE kind = 'compute.build'") }
        try cloud.jobs.drain()
        #expect(try cloud.instance(launched.id).status == .build)
        try reconcile(cloud)
        #expect(try cloud.instance(launched.id).status == .active)
    }

    @Test(arguments: [
        InstanceAction.stop, .softReboot, .hardReboot, .delete, .pause, .suspend, .rescue, .resize, .rebuild,
        .createImage, .shelve,
    ])
    func `an action whose job is lost is carried out all the same`(action: InstanceAction) throws {
        try cloud.ask(action, of: web)
        try cloud.database.write { try $0.execute("DELETE FROM jobs WHERE resource = \("instance/\(web.id)")") }
        try reconcile(cloud)
        let instance = try cloud.database.read { try InstanceStore().find(web.id, in: $0) }
        #expect(instance?.state.isSettled == true)
        #expect(try cloud.traces(of: web.id).isEmpty == (action == .delete))
        #expect(try cloud.contradictions() == [])
    }

    @Test(arguments: [
        (InstanceAction.pause, InstanceAction.unpause), (.suspend, .resume), (.rescue, .unrescue),
        (.resize, .confirmResize), (.resize, .revertResize), (.shelve, .unshelve),
    ])
    func `a way back whose job is lost is gone all the same`(there: InstanceAction, back: InstanceAction) throws {
        try cloud.ask(there, of: web)
        try cloud.jobs.drain()
        try cloud.ask(back, of: web)
        try cloud.database.write { try $0.execute("DELETE FROM jobs WHERE resource = \("instance/\(web.id)")") }
        try reconcile(cloud)
        #expect(try cloud.instance(web.id).state == InstanceState(.active))
        #expect(try cloud.contradictions() == [])
    }

    @Test func `what a shelved instance has left on a host is removed, and its addresses stay`() throws {
        try cloud.ask(.shelve, of: web)
        try cloud.jobs.drain()
        let addresses = try cloud.instance(web.id).addresses
        _ = try cloud.host.fetchBase(ImageSpec(id: web.imageID.text, format: .raw))
        try cloud.host.createDisk(DiskSpec(instanceID: web.id.text, imageID: web.imageID.text, sizeGiB: 1))
        try reconcile(cloud)
        #expect(try cloud.host.instances().isEmpty)
        #expect(try cloud.instance(web.id).addresses == addresses)
    }

    @Test func `missed events are made up for`() throws {
        cloud.host.powerOffFromInside(web.id.text)
        try reconcile(cloud)
        #expect(try cloud.instance(web.id).status == .shutoff)
    }

    @Test func `a host that does not answer changes nothing`() throws {
        cloud.host.setUnavailable("libvirtd is stopped")
        try reconcile(cloud)
        #expect(try cloud.instance(web.id).status == .active)
    }

    @Test func `a host that comes back takes its word back`() throws {
        let moved = try TestCloud(after: cloud, host: InMemoryHost(hostname: "node2"))
        try reconcile(moved)
        #expect(try moved.instance(web.id).note != nil)
        let back = try TestCloud(after: moved, host: cloud.host)
        try reconcile(back)
        #expect(try back.instance(web.id).powerState == .running)
        #expect(try back.instance(web.id).note == nil)
    }

    @Test func `an instance on a host that is gone can be deleted`() throws {
        let moved = try TestCloud(after: cloud, host: InMemoryHost(hostname: "node2"))
        try reconcile(moved)
        #expect(try moved.instance(web.id).powerState == .noState)
        #expect(try moved.instance(web.id).note?.english == "The instance's host is not part of this cloud any more.")
        try moved.compute.perform(.stop, on: web.id, as: TestCloud.member)
        try moved.jobs.drain()
        #expect(try moved.instance(web.id).fault?.details.contains("node1") == true)
        try moved.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try moved.jobs.drain()
        #expect(serviceError { _ = try moved.instance(web.id) }?.kind == .notFound)
        #expect(
            try moved.networking.ports(as: TestCloud.admin, filter: PortFilter(deviceID: web.id.text)).isEmpty)
    }

    @Test func `the service list follows the heartbeats`() throws {
        try reconcile(cloud)
        let services = try cloud.compute.services(as: TestCloud.admin)
        #expect(
            services.map { "\($0.binary) \($0.zone)" } == [
                "nova-conductor internal", "nova-consoleauth internal", "nova-scheduler internal", "nova-compute nova",
            ])
        #expect(services.allSatisfy { $0.isUp && $0.isEnabled })
        cloud.host.setUnavailable("libvirtd is stopped")
        for _ in 0..<7 {
            cloud.clock.advance(seconds: 10)
            try cloud.jobs.drain()
        }
        let later = try cloud.compute.services(as: TestCloud.admin)
        #expect(later.filter { !$0.isUp }.map(\.binary) == ["nova-compute"])
        #expect(serviceError { _ = try cloud.compute.services(as: TestCloud.member) }?.kind == .forbidden)
    }

    @Test func `the hypervisors' page counts what was promised`() throws {
        cloud.clock.advance(seconds: Int64(ServiceRecord.heartbeatSeconds))
        try cloud.jobs.drain()
        let hypervisor = try #require(try cloud.compute.hypervisors(as: TestCloud.admin).first)
        #expect(hypervisor.host == "node1")
        #expect(hypervisor.promised == HostResources(vcpus: 1, memoryMiB: 512, diskGiB: 1))
        #expect(hypervisor.capacity?.runningDomains == 1)
        #expect(cloud.compute.isSimulated)
    }
}
