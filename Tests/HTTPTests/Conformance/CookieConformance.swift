import Testing

@testable import HTTP

@Sendable private func cookieRoutes(_ router: inout Router, _ witness: ConformanceServer.Witness) {
    router.on(
        .get, "/cookies", .none,
        .loop { .text($0.cookies.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: "|")) })
    router.on(
        .get, "/set", .none,
        .loop { request in
            var response = Response.text("set")
            response.setCookie(Cookie("id", request.query["value"] ?? "", maxAge: 60, secure: true))
            response.setCookie(.removal(of: "old"))
            return response
        })
}

@Suite(.served(routes: cookieRoutes))
struct CookieConformance {
    @Test(arguments: cases)
    func `cookies`(_ conversation: Conversation) throws { try conversation.hold() }

    /// A request with these Cookie fields, and what the handler makes of them.
    private static func read(_ name: String, _ cookies: String..., gives: String) -> Conversation {
        let fields = cookies.map { "Cookie: \($0)\r\n" }.joined()
        return Conversation(name, "GET /cookies HTTP/1.1\r\nHost: h\r\n\(fields)\r\n", [Answer(200, content: gives)])
    }

    static let cases: [Conversation] = [
        read("RFC 6265 4.2.1: pairs", "a=1; b=2", gives: "a=1|b=2"),
        read("RFC 6265 5.4: no cookies", gives: ""),
        read("RFC 6265 4.1.1: an empty value", "a=; b=2", gives: "a=|b=2"),
        read("RFC 6265 4.1.1: a value in quotes", "a=\"1\"; b=\"\"", gives: "a=1|b="),
        read("RFC 6265 4.1.1: one quote belongs to no value", "a=\"1; b=2", gives: "b=2"),
        read("RFC 6265 4.1.1: equal signs in a value", "a=b=c==", gives: "a=b=c=="),
        read("RFC 6265 5.4: the same name twice, in order", "a=1; a=2", gives: "a=1|a=2"),
        read("RFC 6265 4.1.1: names have a case", "A=1; a=2", gives: "A=1|a=2"),
        read("RFC 6265 5.2: blanks around names and values", "  a = 1 ;\tb\t=\t2  ", gives: "a=1|b=2"),
        read("RFC 6265 4.2.1: no blank after the semicolon", "a=1;b=2", gives: "a=1|b=2"),
        read("RFC 6265 5.2: empty pairs are passed over", ";; a=1;;; b=2;", gives: "a=1|b=2"),
        read("RFC 6265 5.2: a pair without equal sign is passed over", "x; a=1", gives: "a=1"),
        read("RFC 6265 5.2: a pair without name is passed over", "=x; a=1", gives: "a=1"),
        read("RFC 6265 4.1.1: a name that is no token is passed over", "a b=x; c[0]=y; d=1", gives: "d=1"),
        read("RFC 6265 4.1.1: a value with a comma is passed over", "a=1,2; b=2", gives: "b=2"),
        read("RFC 6265 4.1.1: a value with a blank is passed over", "a=1 2; b=2", gives: "b=2"),
        read("RFC 6265 4.1.1: a value with a backslash is passed over", "a=1\\2; b=2", gives: "b=2"),
        read("RFC 6265 4.1.1: a value with bytes above 127 is passed over", "a=caf\u{E9}; b=2", gives: "b=2"),
        read("RFC 6265 4.1.1: percent-encoding is left as it is", "a=%3B%20%00", gives: "a=%3B%20%00"),
        read("RFC 6265 5.4: two fields are read as one", "a=1", "b=2", gives: "a=1|b=2"),
        read(
            "RFC 2965 3.3.4: $Version is a cookie like others", "$Version=1; a=1; $Path=/",
            gives: "$Version=1|a=1|$Path=/"),
        read(
            "RFC 6265 6.1: a hundred cookies are read, no more", (0..<120).map { "c\($0)=" }.joined(separator: ";"),
            gives: (0..<100).map { "c\($0)=" }.joined(separator: "|")),
        .refused("RFC 9110 5.5: a cookie with NUL", 400, get("/cookies", "Cookie: a=\u{0}")),
        Conversation(
            "RFC 6265 4.1.1: Set-Cookie", get("/set?value=x"),
            [Answer(200, ["Set-Cookie: id=x; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax"])]),
        Conversation(
            "RFC 6265 4.1.1: a value with a semicolon is not sent", get("/set?value=x;Domain=evil"),
            [Answer(500, ["!Set-Cookie"])]),
        Conversation(
            "RFC 6265 4.1.1: a value with a line break is not sent", get("/set?value=x%0D%0ASet-Cookie:a=b"),
            [Answer(500, ["!Set-Cookie"])]),
    ]
}
