import Testing

@testable import HTTP

/// Requests made so that two servers in a row may disagree where they end (RFC 9112 section 11.2). A message that is
/// not wholly understood is refused once, and nothing behind it is ever looked at.
@Suite(.served)
struct SmugglingConformance {
    @Test(arguments: lengthTricks + codingTricks + chunkTricks + lineTricks + unreadContent)
    func `request smuggling`(_ conversation: Conversation) throws { try conversation.hold() }

    private static let smuggled = get("/smuggled", "X-Admin: yes")

    /// A POST with these field lines, then `content`, then what no handler may see.
    private static func trick(
        _ name: String, _ status: Int = 400, _ fields: String..., content: String = "0\r\n\r\n"
    ) -> Conversation {
        let head = (["POST /a HTTP/1.1", "Host: h"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
        return .refused("RFC 9112 11.2: \(name)", status, head + content + smuggled)
    }

    private static let te = "Transfer-Encoding: chunked"

    static let lengthTricks: [Conversation] = [
        trick("CL.TE", 400, "Content-Length: 5", te),
        trick("TE.CL", 400, te, "Content-Length: 4", content: "5c\r\n"),
        trick("CL.TE with a length of zero", 400, "Content-Length: 0", te),
        trick("CL.CL, the second larger", 400, "Content-Length: 0", "Content-Length: 5"),
        trick("CL.CL, equal", 400, "Content-Length: 5", "Content-Length: 5"),
        trick("CL.CL in different cases", 400, "Content-Length: 5", "content-length: 0"),
        trick("CL with a plus", 400, "Content-Length: +5"),
        trick("CL of minus zero", 400, "Content-Length: -0"),
        trick("CL with a comma", 400, "Content-Length: 0,5"),
        trick("CL with a comma at its end", 400, "Content-Length: 5,"),
        trick("CL with a semicolon", 400, "Content-Length: 5;0"),
        trick("CL in hexadecimal", 400, "Content-Length: 0x5"),
        trick("CL in octal", 400, "Content-Length: 0o5"),
        trick("CL with an exponent", 400, "Content-Length: 1e1"),
        trick("CL with an underscore", 400, "Content-Length: 1_0"),
        trick("CL with a blank inside", 400, "Content-Length: 1 0"),
        trick("CL in quotes", 400, "Content-Length: \"5\""),
        trick("CL with a vertical tab", 400, "Content-Length: \u{B}5"),
        trick("CL with a form feed", 400, "Content-Length: 5\u{C}"),
        trick("CL with NUL", 400, "Content-Length: 5\u{0}"),
        trick("CL with a no-break space", 400, "Content-Length: 5\u{A0}"),
        trick("CL of 2 to the 64th and five", 400, "Content-Length: 18446744073709551621"),
        trick("CL of 2 to the 32nd in two parts", 400, "Content-Length: 4294967296 5"),
        trick("CL with a blank before the colon", 400, "Content-Length : 5"),
        trick("CL with a tab before the colon", 400, "Content-Length\t: 5"),
        trick("CL with NUL in its name", 400, "Content-Length\u{0}: 5"),
        trick("CL folded", 400, "Content-Length:", " 5"),
        trick("CL hidden in a folded line", 400, "A: b", " Content-Length: 5"),
        trick("CL behind a bare line feed", 400, "A: b\nContent-Length: 5"),
        trick("CL behind a bare carriage return", 400, "A: b\rContent-Length: 5"),
        trick("CL without name", 400, ": 5"),
    ]

    static let codingTricks: [Conversation] = [
        trick("TE.TE, the second unknown", 501, te, "Transfer-Encoding: x"),
        trick("TE.TE, the first unknown", 501, "Transfer-Encoding: x", te),
        trick("TE.TE, equal", 501, te, te),
        trick("TE.TE in different cases", 501, te, "transfer-encoding: identity"),
        trick("TE with a prefix", 501, "Transfer-Encoding: xchunked"),
        trick("TE cut short", 501, "Transfer-Encoding: chunke"),
        trick("TE in double quotes", 501, "Transfer-Encoding: \"chunked\""),
        trick("TE in single quotes", 501, "Transfer-Encoding: 'chunked'"),
        trick("TE with a semicolon", 501, "Transfer-Encoding: chunked;"),
        trick("TE with a comma before it", 501, "Transfer-Encoding: ,chunked"),
        trick("TE with a comma behind it", 501, "Transfer-Encoding: chunked,"),
        trick("TE behind identity", 501, "Transfer-Encoding: identity, chunked"),
        trick("TE before identity", 501, "Transfer-Encoding: chunked, identity"),
        trick("TE of two words", 501, "Transfer-Encoding: chunked x"),
        trick("TE with a Kelvin sign, whose small letter is k", 501, "Transfer-Encoding: chun\u{212A}ed"),
        trick("TE with a long s in its name", 400, "Tran\u{17F}fer-Encoding: chunked"),
        trick("TE with a no-break space", 501, "Transfer-Encoding: \u{A0}chunked"),
        trick("TE with a vertical tab", 400, "Transfer-Encoding: \u{B}chunked"),
        trick("TE with a form feed", 400, "Transfer-Encoding: chunked\u{C}"),
        trick("TE with NUL", 400, "Transfer-Encoding: chunked\u{0}"),
        trick("TE with NUL in its name", 400, "Transfer-Encoding\u{0}: chunked"),
        trick("TE with a blank before the colon", 400, "Transfer-Encoding : chunked"),
        trick("TE with a tab before the colon", 400, "Transfer-Encoding\t: chunked"),
        trick("TE with a line feed before the colon", 400, "Transfer-Encoding\n: chunked"),
        trick("TE with a blank before its name", 400, " Transfer-Encoding: chunked"),
        trick("TE folded", 400, "Transfer-Encoding:", " chunked"),
        trick("TE folded with a tab", 400, "Transfer-Encoding:", "\tchunked"),
        trick("TE continued", 400, te, " x"),
        trick("TE behind a bare line feed", 400, "A: b\nTransfer-Encoding: chunked"),
        trick("TE behind a bare carriage return", 400, "A: b\rTransfer-Encoding: chunked"),
        trick("TE behind two carriage returns", 400, "A: b\r\r\nTransfer-Encoding: chunked"),
        trick("TE as the first line, indented", 400, "\u{0}Transfer-Encoding: chunked"),
        .refused(
            "RFC 9112 11.2: TE in HTTP/1.0", 400,
            head("POST /a HTTP/1.0", "Connection: keep-alive", te) + "0\r\n\r\n" + smuggled),
        .refused(
            "RFC 9112 11.2: TE and CL in HTTP/1.0", 400,
            head("POST /a HTTP/1.0", "Connection: keep-alive", te, "Content-Length: 5") + "0\r\n\r\n" + smuggled),
    ]

    private static func chunks(_ name: String, _ content: String) -> Conversation {
        trick("chunks, \(name)", 400, te, content: content)
    }

    static let chunkTricks: [Conversation] = [
        chunks("a size in hexadecimal with 0x", "0x0\r\n\r\n"),
        chunks("a size of minus zero", "-0\r\n\r\n"),
        chunks("a size with a plus", "+0\r\n\r\n"),
        chunks("a size with a blank behind it", "0 \r\n\r\n"),
        chunks("a size with a tab behind it", "0\t\r\n\r\n"),
        chunks("a size with a blank before it", " 0\r\n\r\n"),
        chunks("a size with an underscore", "0_0\r\n\r\n"),
        chunks("a size with NUL", "0\u{0}\r\n\r\n"),
        chunks("a size with a comma", "0,5\r\n\r\n"),
        chunks("a size that overflows 32 bits to five", "100000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunks("a size that overflows 64 bits to five", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunks("a size that is negative in 64 bits", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        chunks("an empty size", "\r\n\r\n"),
        chunks("a bare line feed ends the size", "0\n\r\n"),
        chunks("bare line feeds end everything", "0\n\n"),
        chunks("a bare carriage return ends the size", "0\r\r\n"),
        chunks("a bare line feed ends an extension", "5;\nhello\r\n0\r\n\r\n"),
        chunks("a bare carriage return ends an extension", "5;\rhello\r\n0\r\n\r\n"),
        chunks("a bare line feed in a quoted extension", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"),
        chunks("two bytes for the line end behind the data", "5\r\nhelloXX0\r\n\r\n"),
        chunks("a bare line feed behind the data", "5\r\nhello\n0\r\n\r\n"),
        chunks("one byte more than the size", "5\r\nhello!\r\n0\r\n\r\n"),
        chunks("a line break before the size", "\n5\r\nhello\r\n0\r\n\r\n"),
        chunks("a bare line feed ends the trailers", "0\r\nA: b\r\n\n"),
        chunks("a request for a trailer", "0\r\n"),
        chunks("a trailer with a blank before the colon", "0\r\nContent-Length : 5\r\n\r\n"),
        chunks("a folded trailer", "0\r\nA: b\r\n Content-Length: 5\r\n\r\n"),
    ]

    static let lineTricks: [Conversation] = [
        .refused("RFC 9112 11.2: two versions in a line", 400, head("GET /a HTTP/1.1 HTTP/1.1", "Host: h") + smuggled),
        .refused(
            "RFC 9112 11.2: a line break in the target", 400, head("GET /a\nHost: h HTTP/1.1", "Host: h") + smuggled),
        .refused(
            "RFC 9112 11.2: a whole request in the target", 400,
            head("GET /a HTTP/1.1\nHost: h\n\nGET /b HTTP/1.1", "Host: h") + smuggled),
        .refused(
            "RFC 9112 11.2: a second Host behind a bare line feed", 400,
            head("GET /a HTTP/1.1", "Host: h\nHost: other") + smuggled),
        .refused("RFC 9112 11.2: a second Host", 400, head("GET /a HTTP/1.1", "Host: h", "Host: other") + smuggled),
        .refused(
            "RFC 9112 11.2: a second Host with a blank before its colon", 400,
            head("GET /a HTTP/1.1", "Host: h", "Host : other") + smuggled),
        .refused("RFC 9112 11.2: a version of the future", 505, head("GET /a HTTP/2.1", "Host: h") + smuggled),
        .refused(
            "RFC 9112 11.2: a head that ends with bare line feeds", 400, "GET /a HTTP/1.1\r\nHost: h\n\n" + smuggled),
        .refused(
            "RFC 9112 11.2: the HTTP/2 preface with a request behind it", 505,
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + smuggled),
    ]

    /// Content that is understood but not wanted must not become a request either.
    static let unreadContent: [Conversation] = [
        Conversation(
            "RFC 9112 11.2: CL.0 where a handler takes no content",
            get("/probe", "Content-Length: \(smuggled.utf8.count)") + smuggled, [200]),
        Conversation(
            "RFC 9112 11.2: CL.0 where the method is not allowed",
            post("Content-Length: \(smuggled.utf8.count)", then: smuggled, to: "/probe"), [405]),
        Conversation(
            "RFC 9112 11.2: TE.0 where the method is not allowed",
            post(te, then: "\(String(smuggled.utf8.count, radix: 16))\r\n\(smuggled)\r\n0\r\n\r\n", to: "/probe"),
            [405], .closed),
        Conversation(
            "RFC 9112 11.2: CL.0 with OPTIONS",
            get("*", "Content-Length: \(smuggled.utf8.count)", method: "OPTIONS") + smuggled, [204]),
        Conversation(
            "RFC 9110 10.1.1: content that came without waiting for 100",
            post("Expect: 100-continue", "Content-Length: \(smuggled.utf8.count)", then: smuggled, to: "/probe"),
            [Answer(405, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9110 10.1.1: content after a refusal of its length",
            post("Expect: 100-continue", "Content-Length: 99999999", then: smuggled),
            [Answer(413, ["Connection: close"])], .closed),
        Conversation(
            "RFC 9112 6.3: a response that was split is not believed",
            get("/a", "Connection: Content-Length", "Content-Length: \(smuggled.utf8.count)") + smuggled, [200],
            saw: [
                .init(
                    "GET /a", ["Connection: Content-Length", "Content-Length: \(smuggled.utf8.count)"],
                    content: smuggled)
            ]),
    ]
}
