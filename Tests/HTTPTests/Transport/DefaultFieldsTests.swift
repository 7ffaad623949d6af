import Testing

@testable import HTTP

/// What keeps browsers from harm is in every answer, whoever made it.
struct DefaultFieldsTests {
    private static let names = [
        "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
        "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
    ]

    private func check(_ response: RawResponse, _ status: Int) {
        #expect(response.status == status)
        for name in Self.names {
            #expect(response.fields.filter { $0.name == name.lowercased() }.count == 1, "\(name) in \(status)")
        }
    }

    @Test(arguments: [
        ("GET /hello", 200), ("HEAD /hello", 200), ("GET /worker", 200), ("GET /stream", 200), ("GET /nowhere", 404),
        ("DELETE /hello", 405), ("OPTIONS /hello", 204), ("GET /hello/", 308), ("GET /throws", 500),
        ("POST /form", 415), ("GET /hello\u{7F}", 400), ("BREW /hello", 501),
    ])
    func `every kind of answer has them once`(line: String, status: Int) async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            let content = line.hasPrefix("POST") ? "Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx" : "\r\n"
            try client.send("\(line) HTTP/1.1\r\nHost: x\r\n\(content)")
            check(try client.response(head: line.hasPrefix("HEAD")), status)
        }
    }

    @Test func `a host that is not served and bytes that are no request get them too`() async throws {
        try await withServer(testRouter()) {
            $0.allowedHosts = ["x"]
        } _: { address, _ in
            let stranger = try RawClient(address)
            try stranger.send("GET /hello HTTP/1.1\r\nHost: evil\r\n\r\n")
            check(try stranger.response(), 400)
            let noise = try RawClient(address)
            try noise.send([0x16, 0x03, 0x01, 0x00])
            check(try noise.response(), 400)
        }
    }

    @Test func `a response's own policy takes the default's place on the wire`() async throws {
        var router = Router()
        router.on(
            .get, "/own", .none,
            .loop { _ in
                var response = Response.text("own")
                response.fields.set("Content-Security-Policy", "sandbox")
                return response
            })
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /own HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.response()
            check(response, 200)
            #expect(response["Content-Security-Policy"] == "sandbox")
        }
    }
}
