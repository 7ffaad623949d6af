import Images
import ServiceCore
import Testing

struct ImageSharingTests {
    let storage: ImageStorage
    var images: ImageService { storage.images }
    let ada = ImageStorage.ada
    let bob = ImageStorage.bob
    let admin = ImageStorage.admin

    init() throws { storage = try ImageStorage() }

    private func shared() throws -> Image {
        var new = NewImage()
        new.name = "ours"
        return try images.create(new, as: ada)
    }

    private func listed(_ filter: ImageFilter = ImageFilter(), as context: RequestContext) throws -> [String] {
        try images.images(filter, as: context).items.map(\.name)
    }

    @Test func `a shared image is found by its members once they have accepted it`() throws {
        let image = try shared()
        #expect(serviceError { _ = try images.image(image.id, as: bob) }?.kind == .notFound)
        let member = try images.addMember("p2", to: image.id, as: ada)
        #expect(member.status == .pending)
        #expect(try images.image(image.id, as: bob).id == image.id)
        #expect(try listed(as: bob) == [])
        var filter = ImageFilter()
        filter.memberStatus = .pending
        filter.visibility = .shared
        #expect(try listed(filter, as: bob) == ["ours"])
        _ = try images.setStatus(.accepted, ofMember: "p2", of: image.id, as: bob)
        #expect(try listed(as: bob) == ["ours"])
        #expect(try listed(filter, as: bob) == [])
        filter.memberStatus = nil
        #expect(try listed(filter, as: bob) == ["ours"])
        try images.removeMember("p2", from: image.id, as: ada)
        #expect(try listed(as: bob) == [])
        #expect(serviceError { _ = try images.image(image.id, as: bob) }?.kind == .notFound)
    }

    @Test func `an image that is private again is nobody else's, whoever had accepted it`() throws {
        let image = try shared()
        _ = try images.addMember("p2", to: image.id, as: ada)
        _ = try images.setStatus(.accepted, ofMember: "p2", of: image.id, as: bob)
        var update = ImageUpdate()
        update.visibility = .private
        _ = try images.update(image.id, update, as: ada)
        #expect(try listed(as: bob) == [])
        #expect(serviceError { _ = try images.image(image.id, as: bob) }?.kind == .notFound)
    }

    @Test func `owners offer and members accept, and neither does the other's part`() throws {
        let image = try shared()
        _ = try images.addMember("p2", to: image.id, as: ada)
        func refusal(_ body: () throws -> Void) -> ServiceError.Kind? { serviceError(body)?.kind }
        #expect(refusal { _ = try images.setStatus(.accepted, ofMember: "p2", of: image.id, as: ada) } == .forbidden)
        #expect(refusal { _ = try images.setStatus(.accepted, ofMember: "p9", of: image.id, as: bob) } == .notFound)
        #expect(refusal { _ = try images.addMember("p3", to: image.id, as: bob) } == .forbidden)
        #expect(refusal { try images.removeMember("p2", from: image.id, as: bob) } == .forbidden)
        #expect(refusal { _ = try images.addMember("p2", to: image.id, as: ada) } == .conflict)
        #expect(refusal { _ = try images.addMember("", to: image.id, as: ada) } == .invalid)
        #expect(refusal { try images.removeMember("p3", from: image.id, as: ada) } == .notFound)
        #expect(refusal { _ = try images.addMember("p3", to: image.id, as: ImageStorage.eve) } == .forbidden)
        _ = try images.setStatus(.rejected, ofMember: "p2", of: image.id, as: admin)
        #expect(try images.member("p2", of: image.id, as: bob).status == .rejected)
    }

    @Test func `a member sees itself among the members, the owner all`() throws {
        let image = try shared()
        _ = try images.addMember("p2", to: image.id, as: ada)
        _ = try images.addMember("p3", to: image.id, as: ada)
        #expect(try images.members(of: image.id, as: ada).map(\.projectID) == ["p2", "p3"])
        #expect(try images.members(of: image.id, as: bob).map(\.projectID) == ["p2"])
        #expect(serviceError { _ = try images.member("p3", of: image.id, as: bob) }?.kind == .notFound)
    }

    @Test func `only shared images have members, and at most 128`() throws {
        let mine = try storage.image()
        #expect(serviceError { _ = try images.addMember("p2", to: mine.id, as: ada) }?.kind == .forbidden)
        #expect(serviceError { _ = try images.members(of: mine.id, as: ada) }?.kind == .forbidden)
        #expect(serviceError { _ = try images.member("p2", of: mine.id, as: ada) }?.kind == .notFound)
        let image = try shared()
        for number in 1...128 { _ = try images.addMember("m\(number)", to: image.id, as: ada) }
        #expect(serviceError { _ = try images.addMember("one more", to: image.id, as: ada) }?.kind == .overQuota)
    }

    @Test func `community images are listed when they are asked for`() throws {
        var new = NewImage()
        new.name = "everybody's"
        new.visibility = .community
        _ = try images.create(new, as: ada)
        #expect(try listed(as: ada) == ["everybody's"])
        #expect(try listed(as: bob) == [])
        #expect(try listed(as: admin) == [])
        var filter = ImageFilter()
        filter.includesCommunity = true
        #expect(try listed(filter, as: bob) == ["everybody's"])
        filter = ImageFilter()
        filter.visibility = .community
        #expect(try listed(filter, as: bob) == ["everybody's"])
    }

    @Test func `hidden images are listed when they are asked for`() throws {
        var new = NewImage()
        new.name = "old"
        new.isHidden = true
        let image = try images.create(new, as: ada)
        #expect(try listed(as: ada) == [])
        var filter = ImageFilter()
        filter.isHidden = true
        #expect(try listed(filter, as: ada) == ["old"])
        var update = ImageUpdate()
        update.isHidden = false
        _ = try images.update(image.id, update, as: ada)
        #expect(try listed(as: ada) == ["old"])
    }
}
