import Testing

@Suite(.served)
struct FramingConformance {
    @Test(arguments: lengths + codings + chunks)
    func `the content's end`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func taken(_ name: String, _ input: String, _ fields: String..., content: String) -> Conversation {
        .taken(name, input, saw: Seen("POST /a", fields, content: content))
    }

    static let lengths: [Conversation] = [
        taken(
            "RFC 9112 6.2: content of the length that is said", post("Content-Length: 5", then: "hello"),
            "Content-Length: 5", content: "hello"),
        taken("RFC 9112 6.2: no content", post("Content-Length: 0"), "Content-Length: 0", content: ""),
        taken("RFC 9112 6.3: without length there is no content", post(), content: ""),
        taken(
            "RFC 9110 8.6: leading zeros", post("Content-Length: 0005", then: "hello"), "Content-Length: 0005",
            content: "hello"),
        taken(
            "RFC 9112 6.2: content that looks like a request is content",
            post("Content-Length: 32", then: "GET /b HTTP/1.1\r\nHost: h\r\nA: b\r\n"), "Content-Length: 32",
            content: "GET /b HTTP/1.1\r\nHost: h\r\nA: b\r\n"),
        .taken(
            "RFC 9110 9.3.1: content of a GET is read", get("/a", "Content-Length: 2") + "hi",
            saw: .init("GET /a", ["Content-Length: 2"], content: "hi")),
        .taken(
            "RFC 9110 9.3.5: content of a DELETE is read", get("/a", "Content-Length: 2", method: "DELETE") + "hi",
            saw: .init("DELETE /a", ["Content-Length: 2"], content: "hi")),
        Conversation(
            "RFC 9112 6.3: content nobody wants is read over", get("/probe", "Content-Length: 5") + "hello", [200]),
        .refused("RFC 9110 8.6: a negative length", 400, post("Content-Length: -5", then: "hello")),
        .refused("RFC 9110 8.6: a length with a sign", 400, post("Content-Length: +5", then: "hello")),
        .refused("RFC 9110 8.6: a hexadecimal length", 400, post("Content-Length: 0x5", then: "hello")),
        .refused("RFC 9110 8.6: a length with letters", 400, post("Content-Length: 5a", then: "hello")),
        .refused("RFC 9110 8.6: a length with a fraction", 400, post("Content-Length: 5.0", then: "hello")),
        .refused("RFC 9110 8.6: an empty length", 400, post("Content-Length:", then: "hello")),
        .refused("RFC 9110 8.6: a length with a blank inside", 400, post("Content-Length: 5 5", then: "hello")),
        .refused(
            "RFC 9110 8.6: a length beyond 64 bits", 400, post("Content-Length: 18446744073709551621", then: "hello")),
        .refused(
            "RFC 9110 8.6: a length beyond 63 bits", 400, post("Content-Length: 9223372036854775808", then: "hello")),
        .refused("RFC 9110 8.6: a list of lengths", 400, post("Content-Length: 5, 5", then: "hello")),
        .refused(
            "RFC 9112 6.3: two different lengths", 400, post("Content-Length: 5", "Content-Length: 6", then: "hello")),
        .refused(
            "RFC 9112 6.3: two lengths that are the same", 400,
            post("Content-Length: 5", "Content-Length: 5", then: "hello")),
        .refused("RFC 9110 8.6: digits of another script", 400, post("Content-Length: \u{FF15}", then: "hello")),
    ]

    static let codings: [Conversation] = [
        .refused(
            "RFC 9112 6.1: a length and a coding", 400,
            post("Content-Length: 5", "Transfer-Encoding: chunked", then: "0\r\n\r\n")),
        .refused(
            "RFC 9112 6.1: a coding and a length", 400,
            post("Transfer-Encoding: chunked", "Content-Length: 5", then: "0\r\n\r\n")),
        .refused(
            "RFC 9112 6.1: a coding and a length of none", 400,
            post("Transfer-Encoding: chunked", "Content-Length: 0", then: "0\r\n\r\n")),
        .refused("RFC 9112 6.1: an unknown coding", 501, post("Transfer-Encoding: brotli", then: "hello")),
        .refused(
            "RFC 9112 6.1: gzip is not taken off", 501, post("Transfer-Encoding: gzip, chunked", then: "0\r\n\r\n")),
        .refused(
            "RFC 9112 6.1: identity is no coding any more", 501, post("Transfer-Encoding: identity", then: "hello")),
        .refused(
            "RFC 9112 6.3: chunked must come last", 501, post("Transfer-Encoding: chunked, gzip", then: "0\r\n\r\n")),
        .refused("RFC 9112 6.1: chunked twice", 501, post("Transfer-Encoding: chunked, chunked", then: "0\r\n\r\n")),
        .refused(
            "RFC 9112 6.1: chunked in two fields", 501,
            post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", then: "0\r\n\r\n")),
        .refused("RFC 9112 6.1: an empty coding", 501, post("Transfer-Encoding:", then: "0\r\n\r\n")),
        .refused(
            "RFC 9112 7: chunked has no parameters", 501, post("Transfer-Encoding: chunked;a=b", then: "0\r\n\r\n")),
        .refused(
            "RFC 9112 6.1: a coding in HTTP/1.0", 400,
            head("POST /a HTTP/1.0", "Host: h", "Transfer-Encoding: chunked") + "0\r\n\r\n"),
        taken(
            "RFC 9112 7: codings have no case", post("Transfer-Encoding: CHUNKED", then: "5\r\nhello\r\n0\r\n\r\n"),
            "Transfer-Encoding: CHUNKED", content: "hello"),
        .taken(
            "RFC 9112 7.1: chunked content of a GET is read",
            get("/a", "Transfer-Encoding: chunked") + "2\r\nhi\r\n0\r\n\r\n",
            saw: .init("GET /a", ["Transfer-Encoding: chunked"], content: "hi")),
    ]

    private static func chunks(_ name: String, _ input: String, content: String) -> Conversation {
        taken(name, chunked(input), "Transfer-Encoding: chunked", content: content)
    }

    private static func bad(_ name: String, _ input: String) -> Conversation { .refused(name, 400, chunked(input)) }

    static let chunks: [Conversation] = [
        chunks("RFC 9112 7.1: chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", content: "hello world"),
        chunks("RFC 9112 7.1: no chunk but the last", "0\r\n\r\n", content: ""),
        chunks(
            "RFC 9112 7.1: sizes in either case", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
            content: "01234567890123456789"),
        chunks("RFC 9112 7.1: leading zeros", "0005\r\nhello\r\n000\r\n\r\n", content: "hello"),
        chunks(
            "RFC 9112 7.1: content that looks like a last chunk", "5\r\n0\r\n\r\n\r\n0\r\n\r\n", content: "0\r\n\r\n"),
        chunks(
            "RFC 9112 7.1.1: extensions are passed over", "5;a=b;c=\"d e\"\r\nhello\r\n0;f\r\n\r\n", content: "hello"),
        chunks("RFC 9112 7.1.1: blanks after the semicolon", "5; a = b\r\nhello\r\n0\r\n\r\n", content: "hello"),
        chunks("RFC 9112 7.1.2: trailers are passed over", "2\r\nhi\r\n0\r\nA: b\r\nC:\r\n\r\n", content: "hi"),
        chunks(
            "RFC 9110 6.5.1: trailers do not become fields", "2\r\nhi\r\n0\r\nContent-Length: 7\r\nHost: x\r\n\r\n",
            content: "hi"),
        bad("RFC 9112 7.1: no size", "\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: an extension and no size", ";a=b\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size that is no number", "x\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a negative size", "-5\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size with a sign", "+5\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size with an underscore", "0_5\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a blank before the size", " 5\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a blank after the size", "5 \r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a blank between size and extension", "5 ;a=b\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size beyond 63 bits", "8000000000000005\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a size of unending zeros", String(repeating: "0", count: 20) + "5\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a bare line feed after the size", "5\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a bare carriage return after the size", "5\rhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: a bare line feed after the data", "5\r\nhello\n0\r\n\r\n"),
        bad("RFC 9112 7.1: another byte for the carriage return after the data", "5\r\nhello \n0\r\n\r\n"),
        bad("RFC 9112 7.1: another byte for the line feed after the data", "5\r\nhello\r 0\r\n\r\n"),
        bad("RFC 9112 7.1: another byte for the line feed after the size", "5\r hello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: more data than the size says", "5\r\nhelloo\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: less data than the size says", "6\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1: no line end after the data", "5\r\nhello0\r\n\r\n"),
        bad("RFC 9112 7.1: a bare line feed after the last chunk", "5\r\nhello\r\n0\n\r\n"),
        bad("RFC 9112 7.1.1: a bare line feed in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1.1: a bare carriage return in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1.1: NUL in an extension", "5;a=\u{0}\r\nhello\r\n0\r\n\r\n"),
        bad("RFC 9112 7.1.2: a malformed trailer", "0\r\nA b\r\n\r\n"),
        bad("RFC 9112 7.1.2: a trailer with a blank before the colon", "0\r\nA : b\r\n\r\n"),
        bad("RFC 9112 7.1.2: a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
        bad("RFC 9112 7.1.2: a bare line feed after a trailer", "0\r\nA: b\n\r\n"),
        bad("RFC 9112 7.1.2: a bare line feed at the end of the trailers", "0\r\nA: b\r\n\n"),
        bad("RFC 9112 7.1.2: NUL in a trailer", "0\r\nA: \u{0}\r\n\r\n"),
    ]
}
