import Glibc
import Testing

@testable import HTTP

/// An address whose clients need not say the path below which everything they want lies.
@Suite struct `A port of a service's own` {
    private var router: Router {
        var router = Router()
        router.on(.get, "/compute/", .none, .loop { _ in .text("versions") })
        router.on(.get, "/compute/v2.1/{id}", .none, .loop { .text($0.parameters["id"]) })
        router.on(.get, "/healthz", .none, .loop { .text($0.prefix ?? "none") })
        return router
    }

    private func ask(_ path: String, prefix: String? = "/compute", _ method: HTTP.Method = .get) async throws -> String
    {
        let response = router.respond(to: .testing(method, path, prefix: prefix))
        return "\(response.status.code) \(String(decoding: try await response.collectedContent(), as: UTF8.self))"
    }

    @Test func `has the service's paths without its prefix, and all the others`() async throws {
        #expect(try await ask("/") == "200 versions")
        #expect(try await ask("/v2.1/x") == "200 x")
        #expect(try await ask("/compute/v2.1/x") == "200 x")
        #expect(try await ask("/healthz") == "200 /compute")
        #expect(try await ask("/v2.1/x", .put).hasPrefix("405"))
        #expect(try await ask("/v2.2/x").hasPrefix("404"))
        #expect(try await ask("/v2.1/x", prefix: nil).hasPrefix("404"))
        #expect(try await ask("/v2.1/x", prefix: "/unknown").hasPrefix("404"))
    }

    @Test func `is one among the addresses of a server`() async throws {
        let own = ListenAddress("127.0.0.1:0", prefix: "/compute")
        try await withServer(router, configure: { $0.addresses = [own] }) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /v2.1/7 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "7")
        }
    }
}
