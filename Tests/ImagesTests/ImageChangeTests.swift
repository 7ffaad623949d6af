import Database
import Images
import ServiceCore
import Testing

struct ImageChangeTests {
    let storage: ImageStorage
    var images: ImageService { storage.images }
    let ada = ImageStorage.ada
    let bob = ImageStorage.bob
    let admin = ImageStorage.admin

    init() throws { storage = try ImageStorage() }

    private func created(_ change: (inout NewImage) -> Void = { _ in }) throws -> Image {
        var new = NewImage()
        change(&new)
        return try images.create(new, as: ada)
    }

    private func refusal(_ id: ID<Image>, _ changes: ImageChange..., as context: RequestContext? = nil) -> ServiceError?
    {
        serviceError { _ = try images.update(id, changes, as: context ?? ada) }
    }

    @Test func `an image may begin with nothing at all`() throws {
        let image = try created()
        #expect(image.name == "" && image.diskFormat == nil && image.containerFormat == nil)
        #expect(image.visibility == .shared && image.ownerProjectID == "p1")
        #expect(try images.image(image.id, as: ada).diskFormat == nil)
    }

    @Test func `steps are taken in order, all or none`() throws {
        let image = try created { $0.properties = ["a": "1"] }
        #expect(refusal(image.id, .insert(property: "a", value: "2"))?.code == "property_exists")
        #expect(refusal(image.id, .replace(property: "b", value: "2"))?.code == "no_property")
        #expect(refusal(image.id, .remove(property: "a"), .remove(property: "a"))?.code == "no_property")
        #expect(try images.image(image.id, as: ada).properties == ["a": "1"])
        let changed = try images.update(
            image.id,
            [.insert(property: "b", value: ""), .replace(property: "b", value: "x"), .remove(property: "a")], as: ada)
        #expect(changed.properties == ["b": "x"])
        #expect(try images.image(image.id, as: ada).properties == ["b": "x"])
    }

    @Test(arguments: ["status", "checksum", "owner", "os_glance_foo", "locations", "self"])
    func `a property cannot bear the name of an attribute`(name: String) throws {
        let image = try created()
        #expect(refusal(image.id, .insert(property: name, value: "x"))?.kind == .forbidden)
        #expect(serviceError { _ = try created { $0.properties = [name: "x"] } }?.kind == .forbidden)
    }

    @Test func `an image has at most 128 properties and 128 tags`() throws {
        let many = Dictionary(uniqueKeysWithValues: (1...128).map { ("k\($0)", "v") })
        let image = try created {
            $0.properties = many
            $0.tags = many.keys.sorted()
        }
        #expect(refusal(image.id, .insert(property: "more", value: ""))?.kind == .overQuota)
        #expect(serviceError { try images.addTag("more", to: image.id, as: ada) }?.kind == .overQuota)
        try images.addTag("k1", to: image.id, as: ada)
        #expect(serviceError { _ = try created { $0.tags = many.keys + ["more"] } }?.kind == .overQuota)
    }

    @Test func `tags are a set, each of them once`() throws {
        let image = try created { $0.tags = ["b", "a", "b"] }
        #expect(image.tags == ["a", "b"])
        try images.addTag("c", to: image.id, as: ada)
        try images.removeTag("a", from: image.id, as: ada)
        #expect(try images.image(image.id, as: ada).tags == ["b", "c"])
        #expect(serviceError { try images.removeTag("a", from: image.id, as: ada) }?.kind == .notFound)
        #expect(serviceError { try images.addTag("x", to: image.id, as: bob) }?.kind == .notFound)
        let long = String(repeating: "t", count: 256)
        #expect(serviceError { try images.addTag(long, to: image.id, as: ada) }?.kind == .invalid)
    }

    @Test func `only administrators give images away or publish them`() throws {
        let image = try created()
        var update = ImageUpdate()
        update.ownerProjectID = "p2"
        #expect(refusal(image.id, .set(update))?.code == "owner_is_fixed")
        #expect(try images.update(image.id, update, as: admin).ownerProjectID == "p2")
        #expect(serviceError { _ = try created { $0.ownerProjectID = "p2" } }?.code == "foreign_owner")
        #expect(serviceError { _ = try created { $0.visibility = .public } }?.kind == .forbidden)
    }

    @Test func `who may not see an image is told nothing of it, who may only see it is refused`() throws {
        let image = try created { $0.visibility = .private }
        #expect(refusal(image.id, as: bob)?.kind == .notFound)
        #expect(serviceError { try images.setActive(false, image.id, as: bob) }?.kind == .notFound)
        var update = ImageUpdate()
        update.visibility = .community
        _ = try images.update(image.id, update, as: ada)
        #expect(refusal(image.id, as: bob)?.kind == .forbidden)
        #expect(serviceError { try images.setActive(false, image.id, as: bob) }?.kind == .forbidden)
        #expect(serviceError { try images.addTag("x", to: image.id, as: bob) }?.kind == .forbidden)
    }

    @Test func `an identifier can be chosen once`() throws {
        let id = "71C675AB-D94F-49CD-A114-E12490B328D9"
        let image = try created { $0.id = id }
        #expect(image.id.text == id.lowercased())
        #expect(serviceError { _ = try created { $0.id = id } }?.kind == .conflict)
    }

    @Test func `a deactivated image keeps its bytes back`() throws {
        let image = try storage.image()
        try images.setActive(false, image.id, as: ada)
        try images.setActive(false, image.id, as: ada)
        let kept = try images.image(image.id, as: ada)
        #expect(kept.status == .deactivated && !kept.isLaunchable)
        #expect(serviceError { _ = try images.content(of: image.id, as: ada) }?.kind == .forbidden)
        #expect(try images.content(of: image.id, as: admin) != nil)
        try images.setActive(true, image.id, as: ada)
        #expect(try images.content(of: image.id, as: ada) != nil)
        let empty = try created()
        #expect(try images.content(of: empty.id, as: ada) == nil)
        #expect(serviceError { try images.setActive(false, empty.id, as: ada) }?.kind == .invalid)
        #expect(serviceError { _ = try images.content(of: image.id, as: ImageStorage.eve) }?.kind == .forbidden)
    }

    @Test func `what is changed while bytes come stays changed`() throws {
        let image = try created { $0.diskFormat = "raw" }
        let upload = try images.beginUpload(image.id, as: ada)
        try images.addTag("meanwhile", to: image.id, as: ada)
        var update = ImageUpdate()
        update.name = "renamed"
        _ = try images.update(image.id, update, as: ada)
        try upload.write([UInt8](repeating: 1, count: 512))
        let stored = try upload.finish()
        #expect(stored.name == "renamed" && stored.tags == ["meanwhile"] && stored.status == .active)
    }

    @Test func `limits hold before and while bytes come`() throws {
        var configuration = ImageConfiguration()
        configuration.sizeLimit = 1000
        configuration.projectQuota = 1200
        let storage = try ImageStorage(configuration: configuration)
        _ = try storage.image()
        var new = NewImage()
        new.diskFormat = "raw"
        let second = try storage.images.create(new, as: ada)
        #expect(serviceError { try storage.images.requireUpload(second.id, size: 689, as: ada) }?.kind == .overQuota)
        try storage.images.requireUpload(second.id, size: 688, as: ada)
        let upload = try storage.images.beginUpload(second.id, as: ada)
        try upload.write([UInt8](repeating: 0, count: 600))
        #expect(serviceError { try upload.write([UInt8](repeating: 0, count: 89)) }?.kind == .overQuota)
        #expect(try storage.images.image(second.id, as: ada).status == .queued)
        let file = try storage.upload([UInt8](repeating: 0, count: 1001))
        #expect(
            serviceError { _ = try storage.images.store(second.id, movingFile: file, as: ada) }?.kind == .overQuota)
        #expect(storage.files.count == 1)
    }
}
