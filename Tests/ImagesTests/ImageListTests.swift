import Database
import Images
import ServiceCore
import Testing

struct ImageListTests {
    let storage: ImageStorage
    var images: ImageService { storage.images }
    let ada = ImageStorage.ada

    init() throws {
        storage = try ImageStorage()
        for (name, size) in [("a", 100), ("b", 0), ("c", 300), ("d", 100)] {
            var new = NewImage(name: name, diskFormat: "raw")
            new.tags = name == "c" ? ["x", "y"] : ["x"]
            new.properties = ["letter": name]
            new.minRAMMiB = size
            let image = try storage.images.create(new, as: ImageStorage.ada)
            if size > 0 {
                let file = try storage.upload([UInt8](repeating: 0, count: size))
                _ = try storage.images.store(image.id, movingFile: file, as: ImageStorage.ada)
            }
            storage.clock.advance(seconds: 10)
        }
    }

    private func names(_ change: (inout ImageFilter) -> Void) throws -> String {
        var filter = ImageFilter()
        change(&filter)
        return try images.images(filter, as: ada).items.map(\.name).joined()
    }

    @Test func `lists are narrowed by every attribute`() throws {
        #expect(try names { $0.names = ["a", "c"] } == "ca")
        #expect(try names { $0.size = 101...Int64.max } == "c")
        #expect(try names { $0.minRAMMiB = 100...100 } == "da")
        #expect(try names { $0.tags = ["x", "y"] } == "c")
        #expect(try names { $0.properties = ["letter": "b"] } == "b")
        #expect(try names { $0.statuses = [.queued, .saving] } == "b")
        #expect(try names { $0.ownerProjectID = "p2" } == "")
        #expect(try names { $0.diskFormats = ["qcow2"] } == "")
        #expect(try names { $0.containerFormats = ["bare"] } == "dcba")
        let moment = Timestamp(milliseconds: 1_767_225_610_000)
        #expect(try names { $0.createdAt = [.init(.gt, moment)] } == "dc")
        #expect(try names { $0.createdAt = [.init(.lte, moment), .init(.neq, moment)] } == "a")
        let all = try images.images(as: ada).items
        #expect(try names { $0.ids = [all[0].id.text] } == "d")
        #expect(try names { $0.checksum = all[0].checksum } == "da")
        #expect(try names { $0.sha512 = all[1].sha512 } == "c")
    }

    @Test func `any order comes in pages that neither miss nor repeat`() throws {
        var filter = ImageFilter()
        filter.sort = [.init(.size, isAscending: false), .init(.name, isAscending: true)]
        filter.isMarkerRequired = true
        var (seen, marker) = ([String](), String?.none)
        repeat {
            let page = try images.images(filter, page: PageRequest(marker: marker, limit: 1), as: ada)
            seen += page.items.map(\.name)
            marker = page.next
        } while marker != nil
        #expect(seen == ["c", "a", "d", "b"])
        filter.sort = [.init(.size, isAscending: true)]
        #expect(try images.images(filter, as: ada).items.map(\.name) == ["b", "a", "d", "c"])
        let unknown = serviceError {
            _ = try images.images(filter, page: PageRequest(marker: "nowhere"), as: ada)
        }
        #expect(unknown?.violations.map(\.field) == ["marker"])
    }
}
