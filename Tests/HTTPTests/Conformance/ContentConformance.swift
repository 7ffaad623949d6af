import Testing

@testable import HTTP

private func contentRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) {
    router.on(
        .post, "/form", .form(.files(upTo: 1 << 20)),
        .worker { request in
            let files = request.form.files.map { "\($0.fieldName):\($0.fileName):\($0.size)" }
            return .text((request.form.pairs.map { "\($0.name)=\($0.value)" } + files).joined(separator: "|"))
        })
    router.on(
        .post, "/stream", .streamed(limit: 100),
        .async { request in
            var content: [UInt8] = []
            for try await piece in request.contentStream { content += piece }
            return Response(body: .bytes(content))
        })
}

@Suite(.served(routes: contentRoutes))
struct ContentConformance {
    @Test(arguments: forms + codings + streams)
    func `content by its type`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func form(_ name: String, _ types: String..., content: String, gives answer: Answer) -> Conversation
    {
        let fields = types.map { "Content-Type: \($0)\r\n" }.joined() + "Content-Length: \(content.utf8.count)"
        return Conversation(name, post(fields, then: content, to: "/form"), [answer])
    }

    private static let urlEncoded = "application/x-www-form-urlencoded"

    /// The parts of a form, between boundaries of one letter.
    private static func parts(_ parts: String...) -> String {
        parts.map { "--B\r\nContent-Disposition: form-data; \($0)\r\n" }.joined() + "--B--\r\n"
    }

    static let forms: [Conversation] = [
        form("WHATWG URL 5.1: pairs", urlEncoded, content: "a=1&b=2", gives: Answer(200, content: "a=1|b=2")),
        form(
            "WHATWG URL 5.1: a plus is a space", urlEncoded, content: "a=b+c%2Bd",
            gives: Answer(200, content: "a=b c+d")),
        form("WHATWG URL 5.1: a name without value", urlEncoded, content: "a&b=", gives: Answer(200, content: "a=|b=")),
        form("WHATWG URL 5.1: malformed percent-encoding", urlEncoded, content: "a=%4", gives: 400),
        form(
            "RFC 9110 8.3.1: types have no case", "Application/X-WWW-Form-URLEncoded; charset=UTF-8", content: "a=1",
            gives: Answer(200, content: "a=1")),
        form("RFC 9110 15.5.16: another type", "application/json", content: "{}", gives: 415),
        form("RFC 9110 15.5.16: no type", content: "a=1", gives: 415),
        form(
            "RFC 9110 8.3: two types are neither", urlEncoded, "multipart/form-data; boundary=B", content: "a=1",
            gives: 400),
        form("RFC 9110 8.3: a type that is no type", "form", content: "a=1", gives: 415),
        form(
            "RFC 7578 4: fields and files", "multipart/form-data; boundary=B",
            content: parts("name=\"a\"\r\n\r\n1", "name=\"f\"; filename=\"x.txt\"\r\n\r\nhello"),
            gives: Answer(200, content: "a=1|f:x.txt:5")),
        form("RFC 7578 4.1: no boundary", "multipart/form-data", content: parts("name=\"a\"\r\n\r\n1"), gives: 400),
        form(
            "RFC 2046 5.1.1: another boundary", "multipart/form-data; boundary=C",
            content: parts("name=\"a\"\r\n\r\n1"), gives: 400),
        form(
            "RFC 2046 5.1.1: the last boundary is missing", "multipart/form-data; boundary=B",
            content: "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n", gives: 400),
        form(
            "RFC 7578 4.2: a part without name", "multipart/form-data; boundary=B",
            content: "--B\r\n\r\n1\r\n--B--\r\n", gives: 400),
    ]

    private static func coded(_ name: String, _ field: String, to target: String, gives answer: Answer) -> Conversation
    {
        Conversation("RFC 9110 \(name)", post(field, "Content-Length: 5", then: "hello", to: target), [answer])
    }

    static let codings: [Conversation] = [
        coded(
            "8.4: content in a coding, for a form", "Content-Type: \(urlEncoded)\r\nContent-Encoding: gzip",
            to: "/form", gives: 415),
        coded("8.4: content in a coding, for a handler", "Content-Encoding: br", to: "/a", gives: 415),
        coded("8.4: content in a coding, for a stream", "Content-Encoding: gzip", to: "/stream", gives: 415),
        coded(
            "8.4: content in two codings", "Content-Encoding: identity\r\nContent-Encoding: gzip", to: "/stream",
            gives: 415),
        coded(
            "12.5.3: no coding, said aloud", "Content-Encoding: identity", to: "/stream",
            gives: Answer(200, content: "hello")),
        coded("8.4: content that nobody wants", "Content-Encoding: gzip", to: "/probe", gives: 405),
        .taken(
            "RFC 9110 8.4: a coding and no content", get("/a", "Content-Encoding: gzip"),
            saw: .init("GET /a", ["Content-Encoding: gzip"])),
    ]

    static let streams: [Conversation] = [
        Conversation(
            "RFC 9112 6.2: a stream of a known length", post("Content-Length: 5", then: "hello", to: "/stream"),
            [Answer(200, content: "hello")]),
        Conversation(
            "RFC 9112 7.1: a stream of chunks",
            post("Transfer-Encoding: chunked", then: "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", to: "/stream"),
            [Answer(200, content: "hello")]),
        Conversation(
            "RFC 9110 15.5.14: a stream that says it is too long is read over",
            post("Content-Length: 101", then: String(repeating: "x", count: 101), to: "/stream"), [413]),
        Conversation(
            "RFC 9110 15.5.14: a stream that becomes too long",
            post("Transfer-Encoding: chunked", then: "65\r\n" + String(repeating: "x", count: 101), to: "/stream"),
            [Answer(413, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9112 7.1: a stream of chunks that is malformed",
            post("Transfer-Encoding: chunked", then: "2\r\nhe\r\nx\r\n", to: "/stream"),
            [Answer(400, ["Connection: close"])], .closed),
    ]
}
