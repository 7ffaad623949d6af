import Testing

@testable import HTTP

/// Tags of what handlers make, and what clients save by them, over real sockets.
struct ResponseTagTests {
    private static let long = String(repeating: "a line of a log\n", count: 100)

    /// A resource that says what the query tells it to.
    private func router() -> Router {
        var router = Router()
        router.on(
            .get, "/text", .none,
            .worker { request in
                var response = Response.text(request.query["say"] ?? Self.long)
                response.fields.set("Cache-Control", "no-store")
                return try response.tagged(for: request)
            })
        router.on(.get, "/fault", .none, .worker { try Response.text("no", status: .notFound).tagged(for: $0) })
        router.on(
            .get, "/stream", .none,
            .worker {
                try Response(contentType: "text/plain", body: .stream { try await $0.write("x") }).tagged(for: $0)
            })
        return router
    }

    private func ask(
        _ address: String, _ target: String, _ fields: [String: String] = [:], method: String = "GET"
    ) throws -> RawResponse {
        let client = try RawClient(address)
        let lines = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
        try client.send("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
        return try client.response(head: method == "HEAD")
    }

    @Test func `who has the content is told so, and who has another gets it (RFC 9110, 13.1.2)`() async throws {
        try await withServer(router()) { address, _ in
            let first = try ask(address, "/text?say=one")
            let tag = try #require(first["ETag"])
            #expect(tag.hasPrefix("W/\"") && first.text == "one")
            let again = try ask(address, "/text?say=one", ["If-None-Match": tag])
            #expect(again.status == 304 && again.content.isEmpty && again["ETag"] == tag)
            #expect(again["Content-Type"] == nil && again["Cache-Control"] == "no-store")
            let changed = try ask(address, "/text?say=two", ["If-None-Match": tag])
            #expect(changed.status == 200 && changed.text == "two" && changed["ETag"] != tag)
            #expect(changed["Content-Type"] == "text/plain; charset=utf-8")
            let head = try ask(address, "/text?say=one", ["If-None-Match": tag], method: "HEAD")
            #expect(head.status == 304)
        }
    }

    @Test func `compressed or not, the tag is the same, and 304 says what varies (15.4.5)`() async throws {
        try await withServer(router()) { address, _ in
            let (plain, coded) = (try ask(address, "/text"), try ask(address, "/text", ["Accept-Encoding": "gzip"]))
            #expect(coded["Content-Encoding"] == "gzip" && inflated(coded.content) == plain.content)
            let tag = try #require(plain["ETag"])
            #expect(coded["ETag"] == tag)
            let again = try ask(address, "/text", ["Accept-Encoding": "gzip", "If-None-Match": tag])
            #expect(again.status == 304 && again["Vary"] == "Accept-Encoding" && again["Content-Encoding"] == nil)
            #expect(coded.fields.filter { $0.name == "vary" }.count == 1)
        }
    }

    @Test func `errors and streams have none`() async throws {
        try await withServer(router()) { address, _ in
            for (path, text) in [("/fault", "no"), ("/stream", "x")] {
                let response = try ask(address, path, ["If-None-Match": "*"])
                #expect(response["ETag"] == nil && response.text == text)
            }
        }
    }
}
