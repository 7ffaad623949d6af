import Database
import Foundation
import ServiceCore
import Testing

@testable import Images

struct ImageImportTests {
    let storage: ImageStorage
    var images: ImageService { storage.images }
    let ada = ImageStorage.ada
    let bytes = Array("abc".utf8) + [UInt8](repeating: 0, count: 509)

    init() throws {
        var configuration = ImageConfiguration()
        configuration.trustedSources = ["127.0.0.1"]
        storage = try ImageStorage(configuration: configuration)
    }

    private func queued(_ format: String = "raw") throws -> Image {
        try images.create(NewImage(name: "imported", diskFormat: format), as: ada)
    }

    private func staged() throws -> Image {
        let image = try queued()
        let upload = try images.beginStaging(image.id, as: ada)
        #expect(try images.image(image.id, as: ada).status == .uploading)
        try upload.write(bytes)
        return try upload.finish()
    }

    private func download(_ port: UInt16, _ path: String = "/disk.raw", format: String = "raw") throws -> Image {
        let image = try queued(format)
        let uri = "http://127.0.0.1:\(port)\(path)"
        try images.importImage(image.id, ImportRequest(.webDownload(uri: uri)), as: ada)
        #expect(try images.image(image.id, as: ada).status == .importing)
        try storage.jobs.drain()
        return try images.image(image.id, as: ada)
    }

    @Test func `staged bytes become the image's when they are imported`() throws {
        let image = try staged()
        #expect(image.status == .uploading && image.size == 512 && image.checksum == nil)
        #expect(storage.files == [image.id.text + ".staged"])
        let task = try images.importImage(image.id, ImportRequest(.glanceDirect), as: ada)
        let during = try images.image(image.id, as: ada)
        #expect(during.status == .importing && during.properties["os_glance_import_task"] == task.id.text)
        #expect(serviceError { try images.importImage(image.id, ImportRequest(.glanceDirect), as: ada) } != nil)
        try storage.jobs.drain()
        let imported = try images.image(image.id, as: ada)
        #expect(imported.status == .active && imported.checksum == "22527a32ccfbb5253e81782b28949f39")
        #expect(imported.properties == ["os_glance_importing_to_stores": "", "os_glance_failed_import": ""])
        #expect(storage.files == [image.id.text])
        let ended = try #require(try images.tasks(of: image.id, as: ada).first)
        #expect(ended.status == .success && ended.requestID == ada.requestID && ended.kind == .imageImport)
        #expect(ended.input.contains(#""import_req":{"method":{"name":"glance-direct"}}"#))
    }

    @Test func `a file is fetched from a web server`() throws {
        let server = try FileServer { [bytes] target in
            switch target {
            case "/chunked":
                Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1FD\r\n".utf8)
                    + bytes[3...] + Array("\r\n0\r\n\r\n".utf8)
            case "/open": Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + bytes
            case "/moved": FileServer.response([], status: "302 Found", fields: "Location: /disk.raw\r\n")
            default: FileServer.response(bytes)
            }
        }
        for path in ["/disk.raw", "/chunked", "/open", "/moved"] {
            let image = try download(server.port, path)
            #expect(image.status == .active, "\(path)")
            #expect(image.checksum == "22527a32ccfbb5253e81782b28949f39", "\(path)")
        }
    }

    @Test(arguments: [
        ("/missing", "404"), ("/coded", "coding"), ("/nonsense", "HTTP"), ("/loop", "too often"),
        ("/away", "filtering"),
    ])
    func `what cannot be fetched leaves the image waiting, and the task says why`(path: String, reason: String) throws {
        let server = try FileServer { target in
            switch target {
            case "/missing": FileServer.response([], status: "404 Not Found")
            case "/coded": FileServer.response([1], fields: "Content-Encoding: gzip\r\n")
            case "/loop": FileServer.response([], status: "301 Moved", fields: "Location: /loop\r\n")
            case "/away": FileServer.response([], status: "301 Moved", fields: "Location: http://10.0.0.1/\r\n")
            default: Array("SSH-2.0-OpenSSH\r\n\r\n".utf8)
            }
        }
        let image = try download(server.port, path)
        #expect(image.status == .queued && image.properties["os_glance_failed_import"] == "local")
        #expect(storage.files.isEmpty)
        let task = try #require(try images.tasks(of: image.id, as: ada).first)
        #expect(task.status == .failure && task.message.contains(reason), "\(task.message)")
    }

    @Test func `a connection that breaks off is tried again and then given up`() throws {
        let server = try FileServer { [bytes] _ in Array(FileServer.response(bytes).dropLast(100)) }
        let image = try download(server.port)
        #expect(image.status == .importing)
        for _ in 0..<6 {
            storage.clock.advance(seconds: 60)
            try storage.jobs.drain()
        }
        #expect(try images.image(image.id, as: ada).status == .queued)
        #expect(storage.files.isEmpty)
    }

    @Test func `a file that is not what was declared is refused`() throws {
        let server = try FileServer { [bytes] _ in FileServer.response(bytes) }
        let image = try download(server.port, format: "qcow2")
        #expect(image.status == .queued && storage.files.isEmpty)
        var configuration = ImageConfiguration()
        configuration.trustedSources = ["127.0.0.1"]
        configuration.sizeLimit = 100
        let small = try ImageStorage(configuration: configuration)
        let other = try small.images.create(NewImage(name: "x", diskFormat: "raw"), as: ada)
        let uri = "http://127.0.0.1:\(server.port)/"
        try small.images.importImage(other.id, ImportRequest(.webDownload(uri: uri)), as: ada)
        try small.jobs.drain()
        #expect(try small.images.image(other.id, as: ada).status == .queued)
        #expect(small.files.isEmpty)
    }

    @Test(arguments: [
        "ftp://example.org/x", "file:///etc/passwd", "http://127.0.0.2/x", "http://[::1]/x", "http://localhost/x",
        "http://169.254.169.254/latest", "http://10.1.2.3/", "http://192.168.1.1/", "http://172.31.0.1/",
        "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:127.0.0.2]/", "http://[64:ff9b::7f00:2]/",
        "http://[2002:7f00:2::]/",
        "http://0.0.0.0/", "http://example.org:22/", "http://user:secret@example.org/", "http:///x", "x", "",
        "http://example.org/a b", "http://example.org/\r\nX: y", "http://2130706434/", "http://0x7f.2/",
    ])
    func `addresses that lead elsewhere than to the internet are refused at once`(uri: String) throws {
        let image = try queued()
        let error = serviceError {
            try images.importImage(image.id, ImportRequest(.webDownload(uri: uri)), as: ada)
        }
        #expect(error?.violations.map(\.field) == ["uri"])
        #expect(try images.image(image.id, as: ada).status == .queued)
    }

    @Test(arguments: [
        "http://example.org/a?b=c", "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::808:808]/", "https://[2001:db8::1]/x",
        "https://example.org", "http://127.0.0.1:8/",
    ])
    func `addresses of others are taken, and those that the operator trusts`(uri: String) throws {
        var configuration = ImageConfiguration()
        configuration.trustedSources = ["127.0.0.1"]
        #expect(throws: Never.self) { try DownloadSource(uri, configuration) }
    }

    @Test func `a name that leads to this machine is refused when it is looked up`() throws {
        // A name that every machine has, under which no certificate or rule about the text would notice it.
        let name = ProcessInfo.processInfo.hostName
        guard SourceAddress.addresses(of: name, port: 80).allSatisfy({ !$0.isPublic }), name != "localhost" else {
            return
        }
        let image = try queued()
        try images.importImage(image.id, ImportRequest(.webDownload(uri: "http://\(name)/")), as: ada)
        try storage.jobs.drain()
        #expect(try images.image(image.id, as: ada).status == .queued)
    }

    @Test func `an import needs its bytes, both formats and a store that there is`() throws {
        func refusal(_ image: Image, _ request: ImportRequest) -> String? {
            serviceError { try images.importImage(image.id, request, as: ada) }?.code
        }
        let bare = try images.create(NewImage(), as: ada)
        let web = ImportRequest(.webDownload(uri: "http://127.0.0.1/"))
        #expect(refusal(bare, web) == "format_missing")
        #expect(refusal(try queued(), ImportRequest(.glanceDirect)) == "image_not_staged")
        #expect(refusal(try staged(), web) == "image_not_queued")
        #expect(refusal(try storage.image(), web) == "image_has_data")
        var elsewhere = web
        elsewhere.stores = ["tape"]
        #expect(refusal(try queued(), elsewhere) == "unknown_store")
    }

    @Test func `an import goes on after the program died in the middle`() throws {
        let image = try staged()
        try images.importImage(image.id, ImportRequest(.glanceDirect), as: ada)
        // The moment after the file has its name and before the row says so.
        try FileManager.default.moveItem(
            atPath: storage.directory + "/\(image.id).staged", toPath: storage.directory + "/\(image.id)")
        let restarted = try storage.restarted()
        try storage.jobs.drain()
        #expect(try restarted.image(image.id, as: ada).status == .active)
    }

    @Test func `half of what was to be staged is given up at the next start, the whole is kept`() throws {
        let whole = try staged()
        let half = try queued()
        let upload = try images.beginStaging(half.id, as: ada)
        try upload.write(bytes)
        let restarted = try storage.restarted()
        #expect(try restarted.image(half.id, as: ada).status == .queued)
        #expect(try restarted.image(whole.id, as: ada).status == .uploading)
        #expect(storage.files == [whole.id.text + ".staged"])
    }

    @Test func `an image that is deleted while it is imported leaves nothing`() throws {
        let image = try staged()
        let task = try images.importImage(image.id, ImportRequest(.glanceDirect), as: ada)
        try images.delete(image.id, as: ada)
        try storage.jobs.drain()
        #expect(storage.files.isEmpty)
        #expect(try images.task(task.id, as: ImageStorage.admin).status == .failure)
    }

    @Test func `administrators make images of addresses with tasks`() throws {
        let server = try FileServer { [bytes] target in
            target == "/x" ? FileServer.response(bytes) : FileServer.response([], status: "403 Forbidden")
        }
        func create(_ path: String, as context: RequestContext) throws -> ImageTask {
            try images.createImportTask(
                NewImage(name: "made", diskFormat: "raw"), from: "http://127.0.0.1:\(server.port)\(path)",
                format: "raw", properties: ["name": "made"], as: context)
        }
        #expect(serviceError { _ = try create("/x", as: ada) }?.kind == .forbidden)
        let (good, bad) = (try create("/x", as: ImageStorage.admin), try create("/y", as: ImageStorage.admin))
        try storage.jobs.drain()
        let done = try images.task(good.id, as: ImageStorage.admin)
        #expect(done.status == .success && done.result == #"{"image_id": "\#(done.imageID?.text ?? "")"}"#)
        #expect(try images.task(bad.id, as: ImageStorage.admin).status == .failure)
        #expect(try images.images(as: ImageStorage.admin).items.map(\.name) == ["made"])
        let page = try images.tasks(page: PageRequest(limit: 1), as: ImageStorage.admin)
        #expect(page.items.count == 1 && page.next != nil)
        #expect(serviceError { _ = try images.tasks(as: ada) }?.kind == .forbidden)
    }
}
