import Testing

@testable import HTTP

@Sendable private func headRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) {
    router.on(.get, "/large", .none, .worker { _ in Response(body: .bytes([UInt8](repeating: 7, count: 100_000))) })
    router.on(.get, "/stream", .none, .async { _ in Response(body: .stream { try await $0.write("piece") }) })
    router.on(.get, "/empty", .none, .loop { _ in Response(status: .noContent, body: .bytes([1, 2, 3])) })
    router.on(.get, "/known", .none, .loop { _ in Response(status: .notModified, body: .bytes([1, 2, 3])) })
    router.on(.post, "/form", .form(.fields), .loop(witness.answer))
}

@Suite(.served(routes: headRoutes))
struct HeadConformance {
    @Test(arguments: cases)
    func `responses without content`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func ask(_ target: String, _ fields: String...) -> String {
        (["HEAD \(target) HTTP/1.1", "Host: h"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    static let cases: [Conversation] = [
        Conversation(
            "RFC 9110 9.3.2: HEAD has GET's length and no content", ask("/a"),
            [.head(200, ["Content-Length: 4", "Content-Type: text/plain; charset=utf-8"])], saw: ["HEAD /a"]),
        Conversation(
            "RFC 9110 9.3.2: HEAD of a large content", ask("/large"), [.head(200, ["Content-Length: 100000"])]),
        Conversation(
            "RFC 9110 9.3.2: HEAD of a stream writes no chunk", ask("/stream"), [.head(200, ["!Content-Length"])]),
        Conversation("RFC 9110 9.3.2: HEAD of what is redirected", ask("/probe/"), [.head(200)], saw: ["HEAD /probe/"]),
        Conversation(
            "RFC 9110 9.3.2: HEAD and GET in one pipeline", ask("/a") + get("/a") + ask("/large") + get("/b"),
            [.head(200), Answer(200, content: "seen"), .head(200), Answer(200, content: "seen")],
            saw: ["HEAD /a", "GET /a", "GET /b"]),
        Conversation(
            "RFC 9110 9.3.2: HEAD where there is only POST", ask("/form"),
            [.head(405, ["Allow: POST, OPTIONS"])]),
        Conversation(
            "RFC 9110 9.3.2: content of a HEAD request is read", ask("/a", "Content-Length: 2") + "hi", [.head(200)],
            saw: [.init("HEAD /a", ["Content-Length: 2"], content: "hi")]),
        Conversation(
            "RFC 9110 9.3.2: HEAD in HTTP/1.0", head("HEAD /a HTTP/1.0", "Host: h"),
            [.head(200, ["Content-Length: 4"])], saw: ["HEAD /a"], .closed),
        Conversation(
            "RFC 9110 9.3.2: HEAD of a stream in HTTP/1.0", head("HEAD /stream HTTP/1.0", "Host: h"), [.head(200)],
            .closed),
        Conversation(
            "RFC 9110 15.3.5: 204 has neither content nor length", get("/empty"),
            [Answer(204, ["!Content-Length", "!Transfer-Encoding"])]),
        Conversation(
            "RFC 9110 15.4.5: 304 has no content", get("/known"),
            [Answer(304, ["!Content-Length", "!Transfer-Encoding"])]),
        Conversation("RFC 9110 6.4.1: HEAD of 204", ask("/empty"), [.head(204)]),
    ]
}
