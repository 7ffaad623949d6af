import Testing

@testable import HTTP

/// Content coding of what handlers make, over real sockets.
struct ResponseCodingTests {
    private static let page = Array(String(repeating: "<tr><td>a row of a long page</td></tr>\n", count: 200).utf8)

    private func router() -> Router {
        var router = Router()
        func add(_ path: String, _ make: @escaping @Sendable () -> Response) {
            router.on(.get, path, .none, .worker { _ in make() })
        }
        add("/page") { .html(Self.page) }
        add("/short") { .html(Array(Self.page.prefix(1024))) }
        add("/json") { .json(Self.page) }
        add("/svg") { Response(contentType: "image/svg+xml", body: .bytes(Self.page)) }
        add("/png") { Response(contentType: "image/png", body: .bytes(Self.page)) }
        add("/untyped") { Response(body: .bytes(Self.page)) }
        add("/fault") { .html(Self.page, status: .internalServerError) }
        add("/stream") {
            Response(contentType: "text/plain", body: .stream { try await $0.write(Self.page) })
        }
        add("/coded") { Self.with("Content-Encoding", "br") }
        add("/part") {
            var response = Self.with("Content-Range", "bytes 0-7799/9000")
            response.status = .partialContent
            return response
        }
        add("/tagged") { Self.with("ETag", "\"strong\"") }
        add("/weak") { Self.with("ETag", "W/\"weak\"") }
        add("/varied") { Self.with("Vary", "Cookie") }
        add("/all") { Self.with("Vary", "*") }
        router.on(.get, "/loop", .none, .loop { _ in .html(Self.page) })
        return router
    }

    private static func with(_ name: String, _ value: String) -> Response {
        var response = Response.html(page)
        response.fields.set(name, value)
        return response
    }

    private func ask(
        _ address: String, _ path: String, _ accept: String? = "gzip", method: String = "GET"
    ) throws -> RawResponse {
        let client = try RawClient(address)
        let field = accept.map { "Accept-Encoding: \($0)\r\n" } ?? ""
        try client.send("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
        return try client.response(head: method == "HEAD")
    }

    @Test(arguments: ["/page", "/json", "/svg", "/fault"])
    func `a long text goes compressed to whoever accepts it, and says that it varies`(path: String) async throws {
        try await withServer(router()) { address, _ in
            let coded = try ask(address, path)
            #expect(coded["Content-Encoding"] == "gzip")
            #expect(coded["Vary"] == "Accept-Encoding")
            #expect(coded["Content-Length"] == String(coded.content.count))
            #expect(coded.content.count < Self.page.count / 10)
            #expect(inflated(coded.content) == Self.page)
            for refusal in [nil, "gzip;q=0", "identity", "br", "*;q=0"] {
                let plain = try ask(address, path, refusal)
                #expect(plain.content == Self.page)
                #expect(plain["Content-Encoding"] == nil)
                #expect(plain["Vary"] == "Accept-Encoding", "a cache must not give it to others")
            }
        }
    }

    @Test(arguments: ["/short", "/png", "/untyped", "/stream", "/loop"])
    func `what is short, no text, a stream or made on a loop goes as it is and does not vary`(path: String) async throws
    {
        try await withServer(router()) { address, _ in
            let response = try ask(address, path)
            #expect(response["Content-Encoding"] == nil)
            #expect(response["Vary"] == nil)
            #expect(Self.page.starts(with: response.content))
        }
    }

    @Test func `what is coded already, or a part of something, is left alone`() async throws {
        try await withServer(router()) { address, _ in
            let coded = try ask(address, "/coded")
            #expect(coded["Content-Encoding"] == "br" && coded.content == Self.page)
            let part = try ask(address, "/part")
            #expect(part.status == 206 && part["Content-Encoding"] == nil && part.content == Self.page)
        }
    }

    @Test(arguments: ["gzip", "identity"])
    func `HEAD says what GET would send (RFC 9110, 9.3.2)`(accept: String) async throws {
        try await withServer(router()) { address, _ in
            let (get, head) = (try ask(address, "/page", accept), try ask(address, "/page", accept, method: "HEAD"))
            #expect(
                head.fields.map { "\($0)" }.filter { !$0.contains("date") }
                    == get.fields.map { "\($0)" }.filter { !$0.contains("date") })
        }
    }

    @Test func `a strong tag becomes weak where the bytes change (RFC 9110, 8.8.3.3)`() async throws {
        try await withServer(router()) { address, _ in
            let (coded, plain) = (try ask(address, "/tagged"), try ask(address, "/tagged", nil))
            #expect(coded["ETag"] == "W/\"strong\"" && plain["ETag"] == "\"strong\"")
            let weak = try ask(address, "/weak")
            #expect(weak["ETag"] == "W/\"weak\"")
        }
    }

    @Test func `what a response varies by besides is kept`() async throws {
        try await withServer(router()) { address, _ in
            for (path, values) in [("/varied", ["Cookie", "Accept-Encoding"]), ("/all", ["*"])] {
                let response = try ask(address, path)
                #expect(response.fields.filter { $0.name == "vary" }.map(\.value) == values)
            }
        }
    }
}
