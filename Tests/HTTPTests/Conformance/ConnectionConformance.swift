import Testing

@testable import HTTP

@Sendable private func connectionRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) {
    router.on(
        .get, "/stream", .none,
        .async { _ in
            Response(
                body: .stream {
                    try await $0.write("one")
                    try await $0.write("two")
                })
        })
    router.on(.get, "/large", .none, .worker { _ in Response(body: .bytes([UInt8](repeating: 7, count: 8 << 20))) })
    router.on(
        .get, "/endless", .none,
        .async { _ in Response(body: .stream { while true { try await $0.write([UInt8](repeating: 7, count: 4096)) } })
        })
    router.on(.get, "/fails", .none, .worker { _ in throw CancellationError() })
    router.on(
        .get, "/framing", .none,
        .loop { _ in
            var response = Response.text("ok")
            for field in ["Content-Length", "Transfer-Encoding", "Keep-Alive", "Date"] {
                response.fields.add(field, "1")
            }
            return response
        })
}

@Suite(.served({ $0.limits.discardedContent = 1 << 10 }, routes: connectionRoutes))
struct ConnectionConformance {
    @Test(arguments: persistence + pipelines + departures)
    func `the connection`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func old(_ fields: String..., target: String = "/a") -> String {
        (["GET \(target) HTTP/1.0", "Host: h"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    static let persistence: [Conversation] = [
        Conversation(
            "RFC 9112 9.3: HTTP/1.1 keeps the connection", get("/a"), [Answer(200, ["!Connection"])], saw: ["GET /a"]),
        Conversation(
            "RFC 9112 9.6: close", get("/a", "Connection: close"), [Answer(200, ["Connection: close"])],
            saw: [.init("GET /a", ["Connection: close"])], .closed),
        .taken(
            "RFC 9110 7.6.1: options have no case", get("/a", "Connection: CLOSE"),
            saw: .init("GET /a", ["Connection: CLOSE"]), .closed),
        .taken(
            "RFC 9110 7.6.1: close among others", get("/a", "Connection: x, ,close ,y"),
            saw: .init("GET /a", ["Connection: x, ,close ,y"]), .closed),
        .taken(
            "RFC 9110 7.6.1: close in the first of two fields", get("/a", "Connection: close", "Connection: x"),
            saw: .init("GET /a", ["Connection: close", "Connection: x"]), .closed),
        .taken(
            "RFC 9110 7.6.1: close in a second field", get("/a", "Connection: x", "Connection: close"),
            saw: .init("GET /a", ["Connection: x", "Connection: close"]), .closed),
        .taken(
            "RFC 9112 9.3: close counts more than keep-alive", get("/a", "Connection: keep-alive, close"),
            saw: .init("GET /a", ["Connection: keep-alive, close"]), .closed),
        .taken(
            "RFC 9110 7.6.1: what only begins with close is another option", get("/a", "Connection: closed"),
            saw: .init("GET /a", ["Connection: closed"])),
        Conversation(
            "RFC 9112 9.3: HTTP/1.0 closes", old(), [Answer(200, ["Connection: close"])], saw: ["GET /a"], .closed),
        Conversation(
            "RFC 9112 C.2.2: HTTP/1.0 with keep-alive", old("Connection: Keep-Alive"),
            [Answer(200, ["Connection: keep-alive"])], saw: [.init("GET /a", ["Connection: Keep-Alive"])]),
        .taken(
            "RFC 9112 9.3: HTTP/1.0 with keep-alive and close", old("Connection: keep-alive, close"),
            saw: .init("GET /a", ["Connection: keep-alive, close"]), .closed),
        Conversation(
            "RFC 9112 C.2.2: an old field keeps nothing", old("Keep-Alive: 300"), [200],
            saw: [.init("GET /a", ["Keep-Alive: 300"])], .closed),
        Conversation(
            "RFC 9112 7: HTTP/1.0 gets a stream to the end of the connection",
            old("Connection: keep-alive", target: "/stream"),
            [Answer(200, ["!Transfer-Encoding", "!Content-Length", "Connection: close"], content: "onetwo")], .closed),
        Conversation(
            "RFC 9112 7.1: HTTP/1.1 gets a stream in chunks", get("/stream"),
            [Answer(200, ["Transfer-Encoding: chunked", "!Content-Length"], content: "onetwo")]),
        Conversation(
            "RFC 9110 15.5.5: what is not found keeps the connection", get("/probe/x"), [200], saw: ["GET /probe/x"]),
        Conversation("RFC 9110 15.6.1: a handler that fails keeps the connection", get("/fails"), [500]),
        Conversation(
            "RFC 9110 6.6.1: Date comes from the server, not from the handler", get("/framing"),
            [Answer(200, ["Content-Length: 2", "!Transfer-Encoding", "!Keep-Alive"], content: "ok")]),
    ]

    static let pipelines: [Conversation] = [
        Conversation(
            "RFC 9112 9.3.2: answers come in the order of the requests",
            get("/worker") + get("/a") + get("/async") + get("/b"), [200, 200, 200, 200],
            saw: ["GET /worker", "GET /a", "GET /async", "GET /b"]),
        Conversation(
            "RFC 9112 9.3.2: content ends where the next request begins",
            post("Content-Length: 2", then: "hi") + chunked("2\r\nho\r\n0\r\n\r\n") + get("/b"), [200, 200, 200],
            saw: [
                .init("POST /a", ["Content-Length: 2"], content: "hi"),
                .init("POST /a", ["Transfer-Encoding: chunked"], content: "ho"), "GET /b",
            ]),
        Conversation(
            "RFC 9112 2.2: an empty line between requests is passed over",
            post("Content-Length: 2", then: "hi") + "\r\n" + get("/b"), [200, 200],
            saw: [.init("POST /a", ["Content-Length: 2"], content: "hi"), "GET /b"]),
        Conversation(
            "RFC 9112 9.3.2: after an error in the middle nothing is answered",
            get("/a") + get("/worker") + "GET bad\r\n\r\n" + get("/b"), [200, 200, 400],
            saw: ["GET /a", "GET /worker"], .closed),
        Conversation(
            "RFC 9112 9.3.2: more content than was said is no request",
            post("Content-Length: 2", then: "hi((") + get("/b"), [200, 400],
            saw: [.init("POST /a", ["Content-Length: 2"], content: "hi")], .closed),
        Conversation(
            "RFC 9112 9.6: what follows a close is not looked at", get("/a", "Connection: close") + get("/b"), [200],
            saw: [.init("GET /a", ["Connection: close"])], .closed),
        Conversation(
            "RFC 9112 9.3: what follows an HTTP/1.0 request is not looked at", old() + get("/b"), [200],
            saw: ["GET /a"], .closed),
        Conversation(
            "RFC 9112 9.3.2: a refusal that is no error of syntax goes on", get("/probe", method: "DELETE") + get("/b"),
            [405, 200], saw: ["GET /b"]),
        Conversation(
            "RFC 9112 9.3: content that nobody wants is read over",
            post("Content-Length: 5", then: "hello", to: "/probe") + get("/b"), [405, 200], saw: ["GET /b"]),
        Conversation(
            "RFC 9112 9.3: too much content that nobody wants ends the connection",
            post("Content-Length: 2000", then: String(repeating: "x", count: 2000), to: "/probe") + get("/b"),
            [Answer(405, ["Connection: close"])], .closed),
    ]

    static let departures: [Conversation] = [
        Conversation("RFC 9112 8: nothing is sent", "", [], .closed).client(.endsSending),
        Conversation("RFC 9112 8: the request line breaks off", "GET /a HT", [], .closed).client(.endsSending),
        Conversation("RFC 9112 8: the fields break off", "GET /a HTTP/1.1\r\nHost: h\r\nA: ", [], .closed).client(
            .endsSending),
        Conversation("RFC 9112 8: the last line is missing", "GET /a HTTP/1.1\r\nHost: h\r\n", [], .closed).client(
            .endsSending),
        Conversation(
            "RFC 9112 8: content of a known length breaks off", post("Content-Length: 10", then: "hello"), [], .closed
        ).client(.endsSending),
        Conversation("RFC 9112 8: chunked content breaks off in a size", chunked("5\r\nhello\r\n1"), [], .closed)
            .client(.endsSending),
        Conversation("RFC 9112 8: chunked content breaks off in its data", chunked("5\r\nhel"), [], .closed).client(
            .endsSending),
        Conversation("RFC 9112 8: chunked content has no last chunk", chunked("5\r\nhello\r\n"), [], .closed).client(
            .endsSending),
        Conversation("RFC 9112 8: the trailers break off", chunked("5\r\nhello\r\n0\r\nA: b\r\n"), [], .closed).client(
            .endsSending),
        Conversation(
            "RFC 9112 9.5: a client that only stops sending gets its answers", get("/worker") + get("/a"), [200, 200],
            saw: ["GET /worker", "GET /a"], .closed
        ).client(.endsSending),
        Conversation(
            "RFC 9112 9.5: complete requests are answered, the broken one is not", get("/a") + "GET /b HTTP/1.1\r\nHo",
            [200], saw: ["GET /a"], .closed
        ).client(.endsSending),
        Conversation("RFC 9112 9.5: the client closes in the head", "GET /a HTTP/1.1\r\nHo", []).client(.closes),
        Conversation("RFC 9112 9.5: the client closes in the content", post("Content-Length: 10", then: "hello"), [])
            .client(.closes),
        Conversation("RFC 9112 9.5: the client closes in a chunk", chunked("5\r\nhel"), []).client(.closes),
        Conversation("RFC 9112 9.5: the client resets in the head", "GET /a HTTP/1.1\r\nHo", []).client(.resets),
        Conversation("RFC 9112 9.5: the client resets in the content", post("Content-Length: 10", then: "hello"), [])
            .client(.resets),
        Conversation("RFC 9112 9.5: the client resets before it says anything", "", []).client(.resets),
        Conversation("RFC 9112 9.5: the client closes in a large answer", get("/large"), []).client(.closes),
        Conversation("RFC 9112 9.5: the client resets in a large answer", get("/large"), []).client(.resets),
        Conversation("RFC 9112 9.5: the client closes in an endless answer", get("/endless"), []).client(.closes),
        Conversation("RFC 9112 9.5: the client resets in an endless answer", get("/endless"), []).client(.resets),
    ]
}
