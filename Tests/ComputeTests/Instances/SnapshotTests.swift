import ComputeHost
import Images
import Networking
import ServiceCore
import Testing

@testable import Compute

/// Snapshots and shelving.
struct SnapshotTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private func ask(_ action: InstanceAction) throws -> Instance {
        try cloud.ask(action, of: web)
        try cloud.jobs.drain()
        return try cloud.instance(web.id)
    }

    private func image(named name: String) throws -> Image? {
        try cloud.images.images(as: TestCloud.member).items.first { $0.name == name }
    }

    @Test(arguments: [[], [InstanceAction.stop], [.pause], [.suspend]])
    func `a snapshot becomes an image with what nova writes into one, and the guest goes on`(
        before: [InstanceAction]
    ) throws {
        for action in before { _ = try ask(action) }
        let state = try cloud.instance(web.id).state
        let made = try cloud.compute.createImage(of: web.id, name: " copy ", as: TestCloud.member)
        #expect(made.status == .queued && made.name == "copy")
        #expect(try cloud.instance(web.id).taskState == .imageSnapshot)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == state)
        let image = try #require(try image(named: "copy"))
        #expect(image.status == .active && image.diskFormat == .qcow2 && image.containerFormat == "bare")
        #expect(image.ownerProjectID == "p-lab" && image.visibility == .private)
        #expect(image.minDiskGiB == 1 && image.minRAMMiB == 80)
        #expect(image.checksum?.count == 32 && image.sha512?.count == 128 && (image.size ?? 0) > 0)
        #expect(image.properties["image_type"] == "snapshot")
        #expect(image.properties["base_image_ref"] == web.imageID.text)
        #expect(image.properties["instance_uuid"] == web.id.text)
        #expect(try cloud.contradictions() == [])
        let other = try cloud.compute.launch(
            {
                var request = try cloud.request("from-copy")
                request.imageID = image.id.text
                return request
            }(), as: TestCloud.member)[0]
        try cloud.jobs.drain()
        #expect(try cloud.instance(other.id).state == InstanceState(.active))
    }

    @Test(arguments: ["", "  ", String(repeating: "x", count: 256)])
    func `a snapshot needs a name that an image can have`(name: String) throws {
        let error = serviceError { try cloud.compute.createImage(of: web.id, name: name, as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["name"])
        #expect(try cloud.instance(web.id).taskState == nil)
        #expect(try cloud.images.images(as: TestCloud.member).items.count == 1)
    }

    @Test func `a snapshot that fails leaves no image`() throws {
        cloud.host.fail(.snapshotDisk, with: .failed("no space", remedy: nil))
        let left = try ask(.createImage)
        #expect(left.state == InstanceState(.active))
        #expect(left.fault?.message.english == "The snapshot could not be made.")
        #expect(try cloud.contradictions() == [])
        #expect(try cloud.images.images(as: TestCloud.member).items.count == 1)
    }

    @Test func `a snapshot whose image is deleted meanwhile is given up`() throws {
        let made = try cloud.compute.createImage(of: web.id, name: "copy", as: TestCloud.member)
        try cloud.images.delete(made.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).state == InstanceState(.active))
        #expect(try cloud.instance(web.id).fault != nil)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a start of the program kills uploads, but not what a job goes on with`() throws {
        let made = try cloud.compute.createImage(of: web.id, name: "copy", as: TestCloud.member)
        _ = try cloud.images.beginSnapshot(made.id)
        try cloud.images.recover()
        try cloud.jobs.drain()
        #expect(try image(named: "copy")?.status == .active)
    }

    @Test func `a shelved instance is on no host, keeps addresses and quota, and comes back as it was`() throws {
        let addresses = try cloud.instance(web.id).addresses
        let shelved = try ask(.shelve)
        #expect(shelved.status == .shelvedOffloaded)
        #expect(shelved.host == nil && shelved.powerState == .shutdown)
        #expect(shelved.addresses == addresses)
        #expect(try image(named: "web-shelved")?.status == .active)
        #expect(try cloud.host.domains().isEmpty)
        #expect(try cloud.host.instances().isEmpty)
        #expect(try cloud.compute.hypervisors(as: TestCloud.admin)[0].promised.memoryMiB == 0)
        #expect(try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used.instances == 1)
        #expect(try cloud.contradictions() == [])
        let back = try ask(.unshelve)
        #expect(back.state == InstanceState(.active))
        #expect(back.host == "node1" && back.addresses == addresses)
        #expect(back.imageID == web.imageID)
        #expect(try image(named: "web-shelved") == nil)
        #expect(try cloud.contradictions() == [])
        #expect(
            try cloud.compute.actionLog(of: web.id, as: TestCloud.member).map(\.action) == [
                "unshelve", "shelve", "create",
            ])
    }

    /// As after a `kill -9` between the image's last byte and what the instance's row says of it.
    @Test(arguments: [InstanceAction.shelve, .createImage])
    func `what is deleted while its image has just become active leaves only what was asked for`(
        action: InstanceAction
    ) throws {
        try cloud.ask(action, of: web)
        let disk = DiskSnapshot(work: cloud.compute.work, instance: try cloud.instance(web.id))
        try disk.copy()
        try disk.store()
        let made = try cloud.images.images(as: TestCloud.member).items.filter { $0.properties["instance_uuid"] != nil }
        #expect(made.map(\.status) == [.active])
        _ = try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        let left = try cloud.images.images(as: TestCloud.member).items.filter { $0.properties["instance_uuid"] != nil }
        #expect(left.map(\.id) == (action == .shelve ? [] : made.map(\.id)))
    }

    @Test func `an instance stays shelved when no host has room, with every host's verdict`() throws {
        _ = try ask(.shelve)
        cloud.host.setUnavailable("libvirtd is gone")
        cloud.clock.advance(seconds: 60)
        let left = try ask(.unshelve)
        #expect(left.status == .shelvedOffloaded)
        #expect(left.fault?.code == 409)
        #expect(left.fault?.details.contains("node1") == true)
        cloud.host.setUnavailable(nil)
        #expect(try ask(.unshelve).state == InstanceState(.active))
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a host that cannot be cleared leaves a shelved instance, which comes back all the same`() throws {
        cloud.host.fail(.deleteInstance, with: .failed("stuck", remedy: nil))
        #expect(try ask(.shelve).status == .shelved)
        #expect(try ask(.unshelve).state == InstanceState(.active))
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a shelving that fails gives the running guest back`() throws {
        cloud.host.fail(.snapshotDisk, with: .failed("no space", remedy: nil))
        let left = try ask(.shelve)
        #expect(left.state == InstanceState(.active))
        #expect(left.fault?.message.english == "The instance could not be shelved.")
        cloud.clock.advance(seconds: 61)
        try cloud.jobs.drain()
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a deleted instance takes the image it was shelved as along, unless that is protected`() throws {
        _ = try ask(.shelve)
        _ = try? ask(.delete)
        #expect(try image(named: "web-shelved") == nil)
        let other = try cloud.launch("other")
        try cloud.compute.perform(.shelve, on: other.id, as: TestCloud.member)
        try cloud.jobs.drain()
        var update = ImageUpdate()
        update.protected = true
        let kept = try #require(try image(named: "other-shelved"))
        _ = try cloud.images.update(kept.id, update, as: TestCloud.member)
        try cloud.compute.perform(.delete, on: other.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(serviceError { _ = try cloud.instance(other.id) }?.kind == .notFound)
        #expect(try image(named: "other-shelved") != nil)
    }
}
