import Glibc
import TestSupport
import Testing

@testable import HTTP

/// The compressed forms of static files, over real sockets.
struct StaticCodingTests {
    private static let script = Array(String(repeating: "console.log(\"a line of a script\");\n", count: 100).utf8)
    private static let path = "/static/app.js"

    private let folder: TemporaryDirectory
    private let files: StaticFiles
    private let router: Router

    init() throws {
        folder = try TemporaryDirectory()
        try folder.write("app.js", Self.script)
        try folder.write("short.js", Array(Self.script.prefix(1024)))
        try folder.write("photo.png", Self.script)
        // Longer than what is kept in memory as it is.
        try folder.write("long.css", Array(repeating: Self.script, count: 100).flatMap { $0 })
        files = try StaticFiles(directory: folder.path, prefix: "/static/")
        var router = Router()
        files.register(on: &router)
        self.router = router
    }

    private func ask(
        _ address: String, _ path: String = path, _ fields: [String: String] = ["Accept-Encoding": "gzip"],
        method: String = "GET"
    ) throws -> RawResponse {
        let client = try RawClient(address)
        let lines = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
        try client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
        return try client.response(head: method == "HEAD")
    }

    @Test(arguments: [("app.js", 1), ("long.css", 100)])
    func `a text has a compressed form with a tag of its own (RFC 9110, 8.8.3.3)`(name: String, times: Int) async throws
    {
        let content = Array(repeating: Self.script, count: times).flatMap { $0 }
        try await withServer(router) { address, _ in
            let (coded, plain) = (try ask(address, "/static/" + name), try ask(address, "/static/" + name, [:]))
            #expect(coded["Content-Encoding"] == "gzip" && plain["Content-Encoding"] == nil)
            #expect(inflated(coded.content) == content && plain.content == content)
            let tag = try #require(plain["ETag"])
            #expect(coded["ETag"] == tag.dropLast() + "-gzip\"")
            #expect(coded["Vary"] == "Accept-Encoding" && plain["Vary"] == "Accept-Encoding")
            #expect(coded["Content-Type"] == plain["Content-Type"])
        }
    }

    @Test(arguments: ["short.js", "photo.png"])
    func `what is short or compressed by its own format has one form and does not vary`(name: String) async throws {
        try await withServer(router) { address, _ in
            let response = try ask(address, "/static/" + name)
            #expect(response["Content-Encoding"] == nil && response["Vary"] == nil)
            #expect(Self.script.starts(with: response.content) && response.content.count >= 1024)
        }
    }

    @Test(arguments: ["gzip", "identity"])
    func `HEAD says what GET would send (RFC 9110, 9.3.2)`(accept: String) async throws {
        try await withServer(router) { address, _ in
            let get = try ask(address, Self.path, ["Accept-Encoding": accept])
            let head = try ask(address, Self.path, ["Accept-Encoding": accept], method: "HEAD")
            for name in ["ETag", "Content-Length", "Content-Encoding", "Vary", "Content-Type", "Cache-Control"] {
                #expect(head[name] == get[name], "\(name)")
            }
        }
    }

    @Test func `each form is revalidated by its own tag (RFC 9110, 13.1.2)`() async throws {
        try await withServer(router) { address, _ in
            let coded = try #require(try ask(address)["ETag"])
            let plain = try #require(try ask(address, Self.path, [:])["ETag"])
            for (accept, tag, status) in [
                ("gzip", coded, 304), ("gzip", plain, 200), ("identity", plain, 304), ("identity", coded, 200),
                ("gzip", "W/\(coded)", 304), ("gzip", "\(plain), \(coded)", 304),
            ] {
                let response = try ask(address, Self.path, ["Accept-Encoding": accept, "If-None-Match": tag])
                #expect(response.status == status, "\(accept) \(tag)")
                #expect(response["ETag"] == (accept == "gzip" ? coded : plain))
                #expect(response["Vary"] == "Accept-Encoding")
                if status == 304 { #expect(response["Content-Encoding"] == nil && response["Content-Length"] == nil) }
            }
        }
    }

    @Test func `a range is one of the file as it is (RFC 9110, 14.2)`() async throws {
        try await withServer(router) { address, _ in
            let tag = try #require(try ask(address, Self.path, [:])["ETag"])
            let coded = try #require(try ask(address)["ETag"])
            for condition in [nil, tag] {
                var fields = ["Accept-Encoding": "gzip", "Range": "bytes=8-15"]
                fields["If-Range"] = condition
                let part = try ask(address, Self.path, fields)
                #expect(part.status == 206 && part.content == Array(Self.script[8...15]))
                #expect(part["Content-Encoding"] == nil && part["ETag"] == tag && part["Vary"] == "Accept-Encoding")
                #expect(part["Content-Range"] == "bytes 8-15/\(Self.script.count)")
            }
            // Whoever began with the compressed form cannot go on with the other: they get it whole.
            let whole = try ask(
                address, Self.path, ["Accept-Encoding": "gzip", "Range": "bytes=8-15", "If-Range": coded])
            #expect(whole.status == 200 && whole.content == Self.script && whole["Content-Encoding"] == nil)
        }
    }

    @Test func `a file asked for by its hash may be kept for good in either form`() async throws {
        try await withServer(router) { address, _ in
            for accept in ["gzip", "identity"] {
                let response = try ask(address, files.url(for: "app.js"), ["Accept-Encoding": accept])
                #expect(response["Cache-Control"] == "public, max-age=31536000, immutable")
            }
        }
    }

    @Test func `a file that changed is sent as it is, and compressed once that is done`() async throws {
        try await withServer(router) { address, _ in
            let before = try ask(address)["ETag"]
            let changed = Array(String(repeating: "console.log(\"another line\");\n", count: 200).utf8)
            try folder.write("app.js", changed)
            // The disk is looked at once a second; nobody ever sees anything but the old file or the new one.
            var response = try ask(address)
            for _ in 0..<500 where response["ETag"] == before || response["Content-Encoding"] == nil {
                try await Task.sleep(for: .milliseconds(20))
                response = try ask(address)
                let isCoded = response["Content-Encoding"] == "gzip"
                let content = isCoded ? inflated(response.content) : response.content
                #expect(content == changed || content == Self.script && response["ETag"] == before)
            }
            #expect(response["ETag"] != before && inflated(response.content) == changed)
        }
    }
}
