import ComputeHost
import Images
import ServiceCore
import Synchronization
import Testing

@testable import Compute
@testable import ComputeHost

/// Rescue and rebuild.
struct RepairTests {
    let cloud: TestCloud
    let web: Instance

    init() throws {
        cloud = try TestCloud()
        web = try cloud.launch("web")
    }

    private var domain: DomainSpec? { cloud.host.state.withLock { $0.domains[web.id.text]?.spec } }

    private func ask(_ action: InstanceAction) throws -> Instance {
        try cloud.ask(action, of: web)
        try cloud.jobs.drain()
        return try cloud.instance(web.id)
    }

    /// Another image, active and of a mebibyte.
    private func image(_ name: String, minDisk: Int = 0) throws -> Image {
        var new = NewImage(name: name, diskFormat: "raw")
        new.visibility = .public
        new.minDiskGiB = minDisk
        let image = try cloud.images.create(new, as: TestCloud.admin)
        let upload = try cloud.images.beginUpload(image.id, as: TestCloud.admin)
        try upload.write([UInt8](repeating: 0, count: 1 << 20))
        return try upload.finish()
    }

    @Test func `a rescued guest boots from the other disk, and from its own again`() throws {
        let rescued = try ask(.rescue)
        #expect(rescued.status == .rescue)
        #expect(domain?.rescueImageID == web.imageID.text)
        let back = try ask(.unrescue)
        #expect(back.state == InstanceState(.active))
        #expect(domain?.rescueImageID == nil)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a guest is rescued with the image that was chosen`() throws {
        let tools = try image("tools")
        try cloud.compute.rescue(web.id, imageID: tools.id.text, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(domain?.rescueImageID == tools.id.text)
        #expect(try cloud.instance(web.id).imageID == web.imageID)
    }

    @Test func `a rescue image that is none is refused beside its field`() throws {
        let error = serviceError { try cloud.compute.rescue(web.id, imageID: "nope", as: TestCloud.member) }
        #expect(error?.violations.map(\.field) == ["rescue_image_ref"])
    }

    @Test func `a rescue that fails brings the guest back`() throws {
        cloud.host.fail(.createRescueDisk, with: .failed("no space", remedy: nil))
        let left = try ask(.rescue)
        #expect(left.state == InstanceState(.active))
        #expect(left.fault?.message.english == "The instance could not be rescued.")
        cloud.clock.advance(seconds: 61)
        try cloud.jobs.drain()
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a rebuilt instance keeps id, size and addresses and has a fresh disk of the image`() throws {
        let other = try image("other")
        let request = RebuildRequest(imageID: other.id.text, name: " shop ", description: "new")
        let asked = try cloud.compute.rebuild(web.id, request, as: TestCloud.member)
        #expect(asked.status == .rebuild)
        try cloud.jobs.drain()
        let rebuilt = try cloud.instance(web.id)
        #expect(rebuilt.state == InstanceState(.active))
        #expect(rebuilt.imageName == "other" && rebuilt.name == "shop" && rebuilt.description == "new")
        #expect(rebuilt.addresses == (try cloud.instance(web.id)).addresses)
        #expect(cloud.host.state.withLock { $0.disks[web.id.text]?.imageID } == other.id.text)
        #expect(try cloud.contradictions() == [])
    }

    @Test func `an image that does not fit, or is none, is refused beside its field`() throws {
        let large = try image("large", minDisk: 5)
        for (id, code) in [(large.id.text, "flavor_too_small"), ("nope", "not_found"), ("", "required")] {
            let error = serviceError {
                try cloud.compute.rebuild(web.id, RebuildRequest(imageID: id, name: "ok"), as: TestCloud.member)
            }
            #expect(error?.violations.map(\.field) == ["image_id"])
            #expect(error?.violations.map(\.code) == [code])
        }
    }

    @Test func `an image that cannot be fetched costs nothing`() throws {
        let other = try image("other")
        cloud.host.fail(.fetchBase, with: .failed("damaged", remedy: nil))
        try cloud.compute.rebuild(web.id, RebuildRequest(imageID: other.id.text), as: TestCloud.member)
        try cloud.jobs.drain()
        let left = try cloud.instance(web.id)
        #expect(left.state == InstanceState(.active))
        #expect(left.imageName == web.imageName)
        #expect(left.fault?.details == "damaged")
        #expect(try cloud.contradictions() == [])
    }

    @Test func `a rebuild whose old disk is gone ends in error, and can be asked for again`() throws {
        cloud.host.fail(.createDisk, with: .failed("no space", remedy: "Make room."))
        let broken = try ask(.rebuild)
        #expect(broken.state == InstanceState(.error))
        #expect(broken.fault?.remedy?.english == "Make room.")
        let actions = cloud.compute.availableActions(for: broken, as: TestCloud.member)
        #expect(actions.filter(\.allowed).map(\.action).contains(.rebuild))
        #expect(try ask(.rebuild).state == InstanceState(.active))
        #expect(try cloud.contradictions() == [])
    }

    @Test func `an instance that was never built can only be deleted`() throws {
        cloud.host.fail(.createDisk, with: .failed("no space", remedy: nil))
        let broken = try cloud.launch("broken")
        #expect(broken.state == InstanceState(.error))
        for action in [InstanceAction.rebuild, .hardReboot] {
            let error = serviceError { try cloud.ask(action, of: broken) }
            #expect(error?.message.english == "The instance is in error; it can only be deleted.")
        }
    }

    @Test func `a delete that is forced needs no host, and what it leaves is removed when the host is back`() throws {
        #expect(
            serviceError { try cloud.compute.perform(.forceDelete, on: web.id, as: TestCloud.member) }?.kind
                == .forbidden)
        cloud.host.setUnavailable("libvirtd is gone")
        try cloud.compute.perform(.delete, on: web.id, as: TestCloud.member)
        try cloud.jobs.drain()
        #expect(try cloud.instance(web.id).taskState == .deleting)
        try cloud.compute.perform(.forceDelete, on: web.id, as: TestCloud.admin)
        cloud.clock.advance(seconds: 2)
        try cloud.jobs.drain()
        #expect(serviceError { _ = try cloud.instance(web.id) }?.kind == .notFound)
        #expect(try cloud.compute.quota(projectID: "p-lab", as: TestCloud.member).used.instances == 0)
        cloud.host.setUnavailable(nil)
        #expect(try cloud.traces(of: web.id) == ["domain", "directory"])
        cloud.clock.advance(seconds: 61)
        try cloud.jobs.drain()
        #expect(try cloud.traces(of: web.id).isEmpty)
    }
}
