import Glibc
import TestSupport
import Testing

@testable import HTTP

/// A real directory with a way out that must not work.
final class StaticFolder {
    private let folder: TemporaryDirectory
    let path: String
    static let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path + "/Public"
        mkdir(path, 0o755)
        mkdir(path + "/css", 0o755)
        try write("css/base.css", Array("body { color: black }".utf8))
        try write("large.bin", StaticFolder.large)
        try write(".hidden", Array("secret".utf8))
        try write("../outside.txt", Array("secret".utf8))
        try write("a b.txt", Array("blank".utf8))
        symlink("../outside.txt", path + "/relative")
        symlink(folder.path + "/outside.txt", path + "/absolute")
        symlink("/etc", path + "/etc")
        symlink("css/base.css", path + "/inside.css")
        symlink("nowhere", path + "/dangling")
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try folder.write("Public/\(name)", bytes)
    }
}

struct StaticFilesTests {
    private let folder: StaticFolder
    private let files: StaticFiles
    private let router: Router

    init() throws {
        folder = try StaticFolder()
        files = try StaticFiles(directory: folder.path, prefix: "/static/")
        var router = Router()
        files.register(on: &router)
        self.router = router
    }

    private func get(_ target: String, _ fields: KeyValuePairs<String, String> = [:]) async throws -> (
        Response, [UInt8]
    ) {
        let response = router.respond(to: .testing(.get, target, fields: fields))
        return (response, try await response.collectedContent())
    }

    @Test func `a file is served with type and tag`() async throws {
        let (response, content) = try await get("/static/css/base.css")
        #expect(String(decoding: content, as: UTF8.self) == "body { color: black }")
        #expect(response.fields["Content-Type"] == "text/css; charset=utf-8")
        #expect(response.fields["Cache-Control"] == "no-cache")
        #expect(response.fields["ETag"]?.count == 18)
        #expect(try await get("/static/a%20b.txt").1 == Array("blank".utf8))
        #expect(files.url(for: "a b.txt").hasPrefix("/static/a%20b.txt?v="))
    }

    @Test func `a file asked for by its hash may be kept for good, by another may not`() async throws {
        let url = files.url(for: "css/base.css")
        #expect(try await get(url).0.fields["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(try await get(url + "0").0.fields["Cache-Control"] == "no-cache")
        #expect(files.url(for: "nowhere.css") == "/static/nowhere.css")
    }

    @Test func `a file has the tag of its content, the date of its change and any part of it`() async throws {
        let response = try await get("/static/css/base.css").0
        let tag = try #require(response.fields["ETag"])
        let date = try #require(response.fields["Last-Modified"])
        #expect(response.fields["Accept-Ranges"] == "bytes")
        var status = stat()
        #expect(stat(folder.path + "/css/base.css", &status) == 0)
        #expect(HTTPDate.seconds(date) == status.st_mtim.tv_sec)
        for condition: KeyValuePairs in [["If-None-Match": tag], ["If-Modified-Since": date]] {
            let (response, content) = try await get("/static/css/base.css", condition)
            #expect(response.status == .notModified)
            #expect(content.isEmpty)
            #expect(response.fields["ETag"] == tag)
            #expect(response.fields["Cache-Control"] == "no-cache")
        }
        let (part, content) = try await get("/static/css/base.css", ["Range": "bytes=5-9", "If-Range": tag])
        #expect(part.status == .partialContent)
        #expect(content == Array("{ col".utf8))
    }

    @Test(arguments: [
        "relative", "absolute", "etc/passwd", ".hidden", "dangling", "css", "css/", "outside.txt", "%2Fetc%2Fpasswd",
        "css%5C..%5C..%5Coutside.txt", "css/base.css/", "css//base.css", "%2e%2e%2foutside.txt%",
    ])
    func `nothing outside the directory is served`(path: String) async throws {
        // Malformed paths are refused before routing; here only what reaches the files counts.
        let target = Array("/static/\(path)".utf8)
        let parsed = target.withUnsafeBufferPointer { try? RequestTarget($0, 0..<$0.count, method: .get) }
        guard parsed != nil else { return }
        #expect(try await get("/static/\(path)").0.status == .notFound)
    }

    @Test func `a link that stays inside is served`() async throws {
        #expect(try await get("/static/inside.css").1.count == 21)
    }

    @Test func `a traversal on the wire is refused`() async throws {
        try await withServer(router) { address, _ in
            for path in ["/static/../outside.txt", "/static/%2e%2e/outside.txt", "/static/..%2foutside.txt"] {
                let client = try RawClient(address)
                try client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.response().status == 400)
            }
        }
    }

    @Test func `a large file and parts of it go by sendfile`() async throws {
        try await withServer(router) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            for (range, expected) in [
                ("", StaticFolder.large[...]),
                ("Range: bytes=100000-250000\r\n", StaticFolder.large[100_000...250_000]),
            ] {
                try client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\(range)\r\n")
                #expect(try client.response().content == Array(expected))
            }
            try client.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\nRange: bytes=7-200000,299999-\r\n\r\n")
            let parts = try client.response()
            #expect(parts.content.count > 199_995 && parts.content.range(of: "bytes 299999-299999/300000") != nil)
            let start = try #require(parts.content.range(of: "\r\n\r\n")) + 4
            #expect(parts.content[start...].starts(with: StaticFolder.large[7...200_000]))
            try client.send("HEAD /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response(head: true)["content-length"] == "300000")
        }
    }

    @Test func `a file that changed is served as it is now`() async throws {
        let before = files.url(for: "css/base.css")
        try folder.write("css/base.css", Array("body {}".utf8))
        // The disk is looked at once a second.
        var content: [UInt8] = []
        for _ in 0..<300 where content.count != 7 {
            content = try await get("/static/css/base.css").1
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(content == Array("body {}".utf8))
        #expect(files.url(for: "css/base.css") != before)
    }

    @Test func `a missing directory stops the start`() {
        #expect(throws: SystemError.self) { try StaticFiles(directory: "/nonexistent/x", prefix: "/s/") }
    }
}
