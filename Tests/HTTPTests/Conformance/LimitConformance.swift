import Testing

@testable import HTTP

@Suite(
    .served { configuration in
        configuration.limits.requestLine = 100
        configuration.limits.head = 400
        configuration.limits.fieldCount = 5
        configuration.limits.chunkLine = 16
        configuration.limits.trailerSection = 40
    })
struct LimitConformance {
    @Test(arguments: cases)
    func `everything has a limit`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }

    static let cases: [Conversation] = [
        .taken("RFC 9112 3: a request line as long as allowed", get("/" + x(86)), saw: Seen("GET /" + x(86))),
        .refused("RFC 9110 15.5.15: a request line one byte longer", 414, get("/" + x(87))),
        .refused("RFC 9110 15.5.15: a request line without end", 414, "GET /" + x(200)),
        .refused("RFC 9110 15.5.15: a query without end", 414, "GET /?" + x(200)),
        .refused("RFC 6585 5: a field without end", 431, "GET /a HTTP/1.1\r\nHost: h\r\nA: " + x(500)),
        .refused("RFC 6585 5: a name without end", 431, "GET /a HTTP/1.1\r\nHost: h\r\n" + x(500)),
        .refused(
            "RFC 6585 5: fields that are too large together", 431,
            get("/a", "A: " + x(150), "B: " + x(150), "C: " + x(150))),
        .taken(
            "RFC 6585 5: as many fields as allowed", get("/a", "A: 1", "B: 2", "C: 3", "D: 4"),
            saw: .init("GET /a", ["A: 1", "B: 2", "C: 3", "D: 4"])),
        .refused("RFC 6585 5: one field more", 431, get("/a", "A: 1", "B: 2", "C: 3", "D: 4", "E: 5")),
        .taken(
            "RFC 9112 7.1.1: an extension as long as allowed", chunked("2;\(x(13))\r\nhi\r\n0\r\n\r\n"),
            saw: .init("POST /a", ["Transfer-Encoding: chunked"], content: "hi")),
        .refused("RFC 9112 7.1.1: an extension without end", 400, chunked("2;" + x(100))),
        .refused("RFC 9112 7.1.2: a trailer without end", 431, chunked("2\r\nhi\r\n0\r\nA: " + x(100))),
        .refused(
            "RFC 9112 7.1.2: trailers without end", 431, chunked("0\r\n" + String(repeating: "A: b\r\n", count: 50))),
        Conversation(
            "RFC 9110 15.5.14: content that says it is too large", post("Content-Length: 65537"),
            [Answer(413, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 15.5.14: content that says it is far too large", post("Content-Length: 9223372036854775807"),
            [Answer(413, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 15.5.14: chunks that are too large together",
            chunked(String(repeating: "4000\r\n\(x(0x4000))\r\n", count: 5)), [Answer(413, ["Connection: close"])],
            .closed),
        Conversation(
            "RFC 9110 15.5.14: one chunk that says it is too large", chunked("7fffffffffffff\r\n" + x(70_000)),
            [Answer(413, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 15.5.14: content where none is expected", get("/probe", "Content-Length: 65537"),
            [Answer(413, ["Connection: close"])], .closed),
    ]
}
