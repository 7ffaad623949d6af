import Testing

@Suite(.served)
struct RequestLineConformance {
    @Test(arguments: cases)
    func `the request line`(_ conversation: Conversation) throws { try conversation.hold() }

    static let cases: [Conversation] = [
        .taken("RFC 9112 3: method, target and version with one space between", get("/a"), saw: "GET /a"),
        .taken("RFC 9112 2.2: an empty line before the request is passed over", "\r\n" + get("/a"), saw: "GET /a"),
        .refused("RFC 9112 2.2: two empty lines before the request", 400, "\r\n\r\n" + get("/a")),
        .refused("RFC 9112 2.2: a bare line feed before the request", 400, "\n" + get("/a")),
        .refused("RFC 9112 2.2: a bare carriage return before the request", 400, "\r" + get("/a")),
        .refused("RFC 9112 2.2: whitespace before the request", 400, " " + get("/a")),
        .refused("RFC 9112 2.2: bare line feeds for line ends", 400, "GET /a HTTP/1.1\nHost: h\n\n"),
        .refused("RFC 9112 2.2: a bare line feed after the request line", 400, "GET /a HTTP/1.1\nHost: h\r\n\r\n"),
        .refused("RFC 9112 2.2: a carriage return inside the request line", 400, head("GET /a\rb HTTP/1.1", "Host: h")),
        .refused("RFC 9112 2.2: two carriage returns at its end", 400, "GET /a HTTP/1.1\r\r\nHost: h\r\n\r\n"),
        .refused("RFC 9112 3: two spaces after the method", 400, head("GET  /a HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: two spaces before the version", 400, head("GET /a  HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: a space at the end", 400, head("GET /a HTTP/1.1 ", "Host: h")),
        .refused("RFC 9112 3: a tab for a space", 400, head("GET\t/a HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: a vertical tab for a space", 400, head("GET\u{B}/a HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: a tab before the version", 400, head("GET /a\tHTTP/1.1", "Host: h")),
        .refused("RFC 9112 3.2: a space in the target", 400, head("GET /a b HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: no target", 400, head("GET HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: an empty target", 400, head("GET  HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: only a method", 400, head("GET", "Host: h")),
        .refused("RFC 9112 3: no version (HTTP/0.9)", 400, "GET /a\r\n"),
        .refused("RFC 9112 3: a response instead of a request", 400, head("HTTP/1.1 200 OK", "Content-Length: 0")),
        .refused("RFC 9112 3: NUL in the request line", 400, head("GET /a\u{0}b HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: a control character in the target", 400, head("GET /a\u{7F} HTTP/1.1", "Host: h")),
        .refused("RFC 9112 3: a byte above 127 in the target", 400, head("GET /caf\u{E9} HTTP/1.1", "Host: h")),
        .refused(
            "RFC 9112 3: bytes that are no text in the target", 400,
            [71, 69, 84, 32, 47, 255, 254, 32] as [UInt8]
                + head("HTTP/1.1", "Host: h").bytes),

        .taken(
            "RFC 9110 9.3.3: POST", post("Content-Length: 1", then: "x"),
            saw: .init("POST /a", ["Content-Length: 1"], content: "x")),
        .taken("RFC 9110 9.3.4: PUT", get("/a", method: "PUT"), saw: "PUT /a"),
        .taken("RFC 9110 9.3.5: DELETE", get("/a", method: "DELETE"), saw: "DELETE /a"),
        .taken("RFC 5789 2: PATCH", get("/a", method: "PATCH"), saw: "PATCH /a"),
        .refused("RFC 9110 9.1: an unknown method", 501, get("/a", method: "BREW")),
        .refused("RFC 9110 9.1: methods are case-sensitive", 501, get("/a", method: "get")),
        .refused("RFC 9110 9.3.8: TRACE is not implemented", 501, get("/a", method: "TRACE")),
        .refused("RFC 9110 9.3.6: CONNECT is not implemented", 501, get("h:443", method: "CONNECT")),
        .refused("RFC 9110 9.1: a method that is no token", 400, get("/a", method: "GE(T")),
        .refused("RFC 9110 9.1: NUL in a method", 400, get("/a", method: "GE\u{0}T")),
        .refused("RFC 9110 9.1: a method of one unending token", 414, String(repeating: "G", count: 9 << 10)),

        .taken(
            "RFC 9112 2.3: HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n", saw: .init("GET /a", host: "", hostField: nil), .closed
        ),
        .taken("RFC 9110 6.2: a later minor version is read as 1.1", head("GET /a HTTP/1.9", "Host: h"), saw: "GET /a"),
        .refused("RFC 9112 2.3: HTTP/0.9", 505, head("GET /a HTTP/0.9", "Host: h")),
        .refused("RFC 9112 2.3: HTTP/2.0", 505, head("GET /a HTTP/2.0", "Host: h")),
        .refused("RFC 9112 2.3: a version of two digits", 400, head("GET /a HTTP/1.10", "Host: h")),
        .refused("RFC 9112 2.3: a version without minor", 400, head("GET /a HTTP/1", "Host: h")),
        .refused("RFC 9112 2.3: a version with a leading zero", 400, head("GET /a HTTP/01.1", "Host: h")),
        .refused("RFC 9112 2.3: the protocol's name is case-sensitive", 400, head("GET /a http/1.1", "Host: h")),
        .refused("RFC 9112 2.3: another protocol's name", 400, head("GET /a ICY/1.1", "Host: h")),
        .refused("RFC 9113 3.4: the HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .refused("RFC 8446 4.1.2: a TLS hello on the plain port", 400, tlsHello),
        .refused("RFC 9112 2.2: what is no HTTP at all is refused at its first byte", 400, "\u{0}"),
    ]

    /// The beginning of what a browser sends to https://.
    private static let tlsHello: [UInt8] =
        [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03] + [UInt8](repeating: 0x0A, count: 64)
}
