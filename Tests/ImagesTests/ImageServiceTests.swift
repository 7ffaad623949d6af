import Database
import Foundation
import ServiceCore
import Testing

@testable import Images

struct ImageServiceTests {
    let storage: ImageStorage
    var images: ImageService { storage.images }
    let abc = Array("abc".utf8) + [UInt8](repeating: 0, count: 509)

    init() throws { storage = try ImageStorage() }

    private func rawImage(_ name: String = "disk", as context: RequestContext = ImageStorage.ada) throws -> Image {
        try images.upload(
            NewImage(name: name, diskFormat: "raw"), movingFile: try storage.upload(abc), as: context)
    }

    @Test func `an uploaded file becomes an active image named by its id`() throws {
        let path = try storage.upload(abc)
        let created = try images.create(NewImage(name: "disk", diskFormat: "raw"), as: ImageStorage.ada)
        #expect(created.status == .queued)
        #expect(created.containerFormat == "bare")
        let image = try images.store(created.id, movingFile: path, as: ImageStorage.ada)
        #expect(image.status == .active)
        #expect(image.size == 512)
        #expect(image.virtualSize == 512)
        #expect(image.isLaunchable)
        // What md5sum says of the same bytes.
        #expect(image.checksum == "22527a32ccfbb5253e81782b28949f39")
        #expect(image.sha512?.count == 128)
        #expect(storage.files == [image.id.text])
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try images.content(of: image.id, as: ImageStorage.ada)?.path == storage.directory + "/" + image.id.text)
        #expect(try images.image(image.id, as: ImageStorage.ada).status == .active)
    }

    @Test func `bytes that come in pieces give the same sums as a file`() throws {
        let whole = try rawImage()
        let created = try images.create(NewImage(name: "pieces", diskFormat: "raw"), as: ImageStorage.ada)
        let upload = try images.beginUpload(created.id, as: ImageStorage.ada)
        #expect(try images.image(created.id, as: ImageStorage.ada).status == .saving)
        for byte in stride(from: 0, to: abc.count, by: 100) {
            try upload.write(Array(abc[byte..<min(byte + 100, abc.count)]))
        }
        let image = try upload.finish()
        #expect(image.status == .active)
        #expect(image.checksum == whole.checksum)
        #expect(image.sha512 == whole.sha512)
        #expect(image.size == whole.size)
    }

    @Test func `an upload that is given up leaves no bytes, and others may come`() throws {
        let created = try images.create(NewImage(name: "x", diskFormat: "raw"), as: ImageStorage.ada)
        do {
            let upload = try images.beginUpload(created.id, as: ImageStorage.ada)
            try upload.write(abc)
        }
        #expect(try images.image(created.id, as: ImageStorage.ada).status == .queued)
        #expect(storage.files.isEmpty)
        let retried = try images.store(created.id, movingFile: try storage.upload(abc), as: ImageStorage.ada)
        #expect(retried.status == .active)
    }

    @Test func `only one upload at a time, and none over existing data`() throws {
        let created = try images.create(NewImage(name: "x", diskFormat: "raw"), as: ImageStorage.ada)
        let upload = try images.beginUpload(created.id, as: ImageStorage.ada)
        #expect(serviceError { _ = try images.beginUpload(created.id, as: ImageStorage.ada) }?.code == "image_has_data")
        try upload.write(abc)
        _ = try upload.finish()
        #expect(serviceError { _ = try images.beginUpload(created.id, as: ImageStorage.ada) }?.code == "image_has_data")
        #expect(serviceError { try upload.write(abc) }?.code == "upload_over")
        #expect(try images.image(created.id, as: ImageStorage.ada).status == .active)
    }

    @Test(arguments: [
        ("a backing file", "qcow2", qcow2Header(backingFile: "/etc/passwd")),
        ("another format", "qcow2", Array("this is text".utf8)),
        ("a disguise", "vmdk", qcow2Header()),
    ])
    func `a file with something wrong in it is refused`(what: String, format: String, bytes: [UInt8]) throws {
        let created = try images.create(NewImage(name: what, diskFormat: format), as: ImageStorage.ada)
        let path = try storage.upload(bytes)
        let error = serviceError { _ = try images.store(created.id, movingFile: path, as: ImageStorage.ada) }
        #expect(error?.kind == .invalid)
        #expect(error?.violations.map(\.field) == ["file"])
        #expect(try images.image(created.id, as: ImageStorage.ada).status == .queued)
        #expect(storage.files.isEmpty)
        let form = serviceError {
            _ = try images.upload(
                NewImage(name: what, diskFormat: format), movingFile: try storage.upload(bytes), as: ImageStorage.ada)
        }
        #expect(form?.violations.map(\.field) == ["file"])
        #expect(try images.images(as: ImageStorage.ada).items.count == 1)
    }

    @Test func `a qcow2 file's virtual size is read from its header`() throws {
        let image = try images.upload(
            NewImage(name: "q", diskFormat: "qcow2"), movingFile: try storage.upload(qcow2Header(virtualSize: 3 << 30)),
            as: ImageStorage.ada)
        #expect(image.virtualSize == 3 << 30)
        #expect(image.virtualSizeGiB == 3)
        #expect(image.size == 65_536)
    }

    @Test func `all faults of a new image are told at once`() throws {
        var new = NewImage(name: String(repeating: "n", count: 256), diskFormat: "floppy")
        new.id = "7"
        new.containerFormat = "barrel"
        new.tags = [String(repeating: "t", count: 256)]
        new.minDiskGiB = -1
        new.minRAMMiB = Int.max
        new.properties = ["": "x"]
        let error = serviceError { _ = try images.create(new, as: ImageStorage.ada) }
        #expect(
            error?.violations.map(\.field) == [
                "id", "name", "disk_format", "container_format", "min_disk", "min_ram", "properties", "tags",
            ])
    }

    @Test func `private images are their project's, public ones everybody's`() throws {
        let mine = try rawImage()
        #expect(serviceError { _ = try images.image(mine.id, as: ImageStorage.bob) }?.kind == .notFound)
        #expect(serviceError { try images.delete(mine.id, as: ImageStorage.bob) }?.kind == .notFound)
        #expect(serviceError { _ = try images.content(of: mine.id, as: ImageStorage.bob) }?.kind == .notFound)
        #expect(try images.images(as: ImageStorage.bob).items.isEmpty)
        #expect(try images.image(mine.id, as: ImageStorage.eve).id == mine.id)

        var update = ImageUpdate()
        update.visibility = .public
        #expect(serviceError { _ = try images.update(mine.id, update, as: ImageStorage.ada) }?.kind == .forbidden)
        _ = try images.update(mine.id, update, as: ImageStorage.admin)
        #expect(try images.images(as: ImageStorage.bob).items.map(\.id) == [mine.id])
        #expect(serviceError { try images.delete(mine.id, as: ImageStorage.bob) }?.kind == .forbidden)

        update.visibility = .community
        _ = try images.update(mine.id, update, as: ImageStorage.ada)
        #expect(try images.images(as: ImageStorage.bob).items.isEmpty)
        #expect(try images.image(mine.id, as: ImageStorage.bob).id == mine.id)
    }

    @Test func `a reader may look and change nothing`() throws {
        let mine = try rawImage()
        #expect(serviceError { _ = try rawImage(as: ImageStorage.eve) }?.kind == .forbidden)
        #expect(serviceError { try images.delete(mine.id, as: ImageStorage.eve) }?.kind == .forbidden)
        #expect(
            serviceError { _ = try images.update(mine.id, ImageUpdate(), as: ImageStorage.eve) }?.kind == .forbidden)
    }

    @Test func `a protected image cannot be deleted until it is released`() throws {
        var new = NewImage(name: "precious", diskFormat: "raw")
        new.protected = true
        let image = try images.upload(new, movingFile: try storage.upload(abc), as: ImageStorage.ada)
        #expect(image.protected)
        #expect(serviceError { try images.delete(image.id, as: ImageStorage.ada) }?.code == "image_protected")
        var update = ImageUpdate()
        update.protected = false
        _ = try images.update(image.id, update, as: ImageStorage.ada)
        try images.delete(image.id, as: ImageStorage.ada)
        #expect(storage.files.isEmpty)
        #expect(serviceError { _ = try images.image(image.id, as: ImageStorage.ada) }?.kind == .notFound)
    }

    @Test func `an edit changes what it names and the format only before there is data`() throws {
        let image = try rawImage()
        var update = ImageUpdate()
        update.name = "renamed"
        update.minRAMMiB = 80
        update.properties = ["description": "mine", "os": "linux"]
        _ = try images.update(image.id, update, as: ImageStorage.ada)
        update = ImageUpdate()
        update.properties = ["os": nil]
        let edited = try images.update(image.id, update, as: ImageStorage.ada)
        #expect(edited.name == "renamed")
        #expect(try images.image(image.id, as: ImageStorage.ada).properties == ["description": "mine"])
        #expect(edited.description == "mine")
        update.diskFormat = "qcow2"
        #expect(
            serviceError { _ = try images.update(image.id, update, as: ImageStorage.ada) }?.code == "image_has_data")
    }

    @Test func `lists are filtered and come in pages`() throws {
        for name in ["one", "two", "three"] {
            _ = try rawImage(name)
            storage.clock.advance(seconds: 1)
        }
        _ = try images.create(NewImage(name: "empty", diskFormat: "qcow2"), as: ImageStorage.ada)
        var filter = ImageFilter()
        filter.launchable = true
        #expect(try images.images(filter, as: ImageStorage.ada).items.map(\.name) == ["three", "two", "one"])
        filter = ImageFilter()
        filter.name = "T"
        #expect(try images.images(filter, as: ImageStorage.ada).items.map(\.name) == ["empty", "three", "two"])
        filter = ImageFilter()
        filter.status = .queued
        #expect(try images.images(filter, as: ImageStorage.ada).items.map(\.name) == ["empty"])
        let first = try images.images(page: PageRequest(limit: 3), as: ImageStorage.ada)
        #expect(first.items.map(\.name) == ["empty", "three", "two"])
        let second = try images.images(page: PageRequest(marker: first.next, limit: 3), as: ImageStorage.ada)
        #expect(second.items.map(\.name) == ["one"])
        #expect(second.next == nil)
    }

    @Test func `the built guest is registered once ever`() throws {
        #expect(try !images.isGuestRegistered())
        let path = try storage.upload(abc)
        let guest = try #require(try images.registerGuest(file: path, format: .raw, ownerProjectID: "p0"))
        #expect(guest.name == "tiny-linux")
        #expect(guest.visibility == .public)
        #expect(guest.minRAMMiB == 80)
        #expect(guest.minDiskGiB == 1)
        let again = try images.registerGuest(file: "/nowhere", format: .raw, ownerProjectID: "p0")
        #expect(again?.id == guest.id)
        try images.delete(guest.id, as: ImageStorage.admin)
        #expect(try images.registerGuest(file: "/nowhere", format: .raw, ownerProjectID: "p0") == nil)
        #expect(try images.isGuestRegistered())
    }

    @Test func `a first start that was killed while it registered the guest leaves nothing in the way`() throws {
        var half = NewImage(name: "tiny-linux", diskFormat: "raw")
        half.visibility = .public
        let created = try images.create(half, as: ImageStorage.admin)
        let upload = try images.beginUpload(created.id, as: ImageStorage.admin)
        try upload.write(abc)
        let restarted = try storage.restarted()
        let file = try storage.upload(abc)
        let guest = try #require(try restarted.registerGuest(file: file, format: .raw, ownerProjectID: "p0"))
        #expect(try restarted.images(as: ImageStorage.ada).items.map(\.id) == [guest.id])
        #expect(storage.files == [guest.id.text])
    }

    @Test func `what was being stored when the program died waits for its bytes at the next start`() throws {
        let created = try images.create(NewImage(name: "x", diskFormat: "raw"), as: ImageStorage.ada)
        let upload = try images.beginUpload(created.id, as: ImageStorage.ada)
        try upload.write(abc)
        #expect(storage.files == [created.id.text + ".part"])
        let restarted = try storage.restarted()
        #expect(storage.files.isEmpty)
        #expect(try restarted.image(created.id, as: ImageStorage.ada).status == .queued)
        // The old program's upload can no longer become anything.
        #expect(serviceError { _ = try upload.finish() } != nil)
        #expect(try restarted.image(created.id, as: ImageStorage.ada).status == .queued)
    }

    @Test func `an image that is deleted while it is stored leaves no file`() throws {
        let created = try images.create(NewImage(name: "x", diskFormat: "raw"), as: ImageStorage.ada)
        let upload = try images.beginUpload(created.id, as: ImageStorage.ada)
        try upload.write(abc)
        try images.delete(created.id, as: ImageStorage.ada)
        #expect(serviceError { _ = try upload.finish() } != nil)
        #expect(storage.files.isEmpty)
    }

    @Test func `bytes whose row is gone in the last moment do not stay behind`() throws {
        let created = try images.create(NewImage(name: "x", diskFormat: "raw"), as: ImageStorage.ada)
        let upload = try images.beginUpload(created.id, as: ImageStorage.ada)
        try upload.write(abc)
        try storage.database.write { try $0.execute("DELETE FROM images") }
        #expect(serviceError { _ = try upload.finish() }?.code == "image_changed")
        #expect(storage.files.isEmpty)
    }
}
