import Testing

@Suite(.served)
struct TargetConformance {
    @Test(arguments: forms + spellings)
    func `the request target`(_ conversation: Conversation) throws { try conversation.hold() }

    static let forms: [Conversation] = [
        .taken("RFC 9112 3.2.1: the origin form", get("/a/b?c=d&e"), saw: "GET /a/b?c=d&e"),
        .taken("RFC 9112 3.2.1: the root", get("/"), saw: "GET /"),
        .taken("RFC 9112 3.2.1: an empty query", get("/a?"), saw: "GET /a?"),
        .taken("RFC 9112 3.2.1: a query with question marks and slashes", get("/a?b?c/../d"), saw: "GET /a?b?c/../d"),
        .refused("RFC 9112 3.2.1: a path that does not begin with a slash", 400, get("a")),
        .refused("RFC 9112 3.2.1: a query without path", 400, get("?a=b")),
        .refused("RFC 9112 3.2: a fragment is never sent", 400, get("/a#b")),
        .taken("RFC 9112 3.2.2: the absolute form", get("http://h/a?b"), saw: "GET /a?b"),
        .taken(
            "RFC 9112 3.2.2: the absolute form's host counts, not Host's", get("http://other:81/a"),
            saw: .init("GET /a", host: "other:81")),
        .taken("RFC 9112 3.2.2: the absolute form without path", get("http://h"), saw: "GET /"),
        .taken("RFC 9112 3.2.2: the absolute form with a query and no path", get("http://h?a=b"), saw: "GET /?a=b"),
        .taken("RFC 9110 4.2.3: the scheme's case does not matter", get("HTTP://h/a"), saw: "GET /a"),
        .taken(
            "RFC 9112 3.2.2: the absolute form in HTTP/1.0 needs no Host", "GET http://h/a HTTP/1.0\r\n\r\n",
            saw: .init("GET /a", hostField: nil), .closed),
        .refused(
            "RFC 9112 3.2.2: the absolute form does not excuse a missing Host", 400, head("GET http://h/a HTTP/1.1")),
        .refused(
            "RFC 9112 3.2.2: the absolute form does not excuse a bad Host", 400,
            head("GET http://h/a HTTP/1.1", "Host: a b")),
        .refused("RFC 9110 4.2.1: an empty host in the absolute form", 400, get("http:///a")),
        .refused("RFC 9110 4.2.1: nothing behind the scheme", 400, get("http://")),
        .refused("RFC 9110 4.2.1: a port and no host in the absolute form", 400, get("http://:80/a")),
        .refused("RFC 3986 3.5: a fragment behind the absolute form's host", 400, get("http://h#other/a")),
        .refused("WHATWG URL 4.4: a backslash ends no host", 400, get("http://h\\other/a")),
        .refused("RFC 9110 4.2.4: user information in the absolute form", 400, get("http://user:secret@h/a")),
        .refused("RFC 9110 4.2.1: a bad port in the absolute form", 400, get("http://h:99999/a")),
        .refused("RFC 9112 3.2.2: another scheme", 400, get("ftp://h/a")),
        .refused("RFC 9112 3.2.2: a scheme without slashes", 400, get("http:h/a")),
        .refused("RFC 9112 3.2.3: the authority form is for CONNECT", 400, get("h:80")),
        Conversation(
            "RFC 9112 3.2.4: the asterisk form asks about the server", get("*", method: "OPTIONS"),
            [Answer(204, ["Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"])]),
        .refused("RFC 9112 3.2.4: the asterisk form is for OPTIONS", 400, get("*")),
        .refused("RFC 9112 3.2.4: an asterisk with more", 400, get("*a", method: "OPTIONS")),
        Conversation(
            "RFC 9110 9.3.7: OPTIONS about one resource", get("/probe", method: "OPTIONS"),
            [Answer(204, ["Allow: GET, HEAD, OPTIONS", "!Content-Length", "!Transfer-Encoding"])]),
        Conversation(
            "RFC 9110 15.5.6: a method the resource does not have", get("/probe", method: "DELETE"),
            [Answer(405, ["Allow: GET, HEAD, OPTIONS"])]),
    ]

    static let spellings: [Conversation] = [
        .taken("RFC 3986 2.1: percent-encoding is taken off", get("/%61%20b"), saw: "GET /a b"),
        .taken("RFC 3986 2.1: once", get("/%2561"), saw: "GET /%61"),
        .taken("RFC 3986 2.1: in either case", get("/%e2%82%AC"), saw: "GET /\u{20AC}"),
        .taken("RFC 3986 2.2: an encoded slash is no separator", get("/parts/a%2Fb/c"), saw: .init("GET /parts/a/b/c")),
        .taken("RFC 3986 2.2: an encoded question mark begins no query", get("/a%3Fb?c"), saw: "GET /a?b?c"),
        .taken("RFC 3986 2.2: an encoded number sign begins no fragment", get("/a%23b"), saw: "GET /a#b"),
        .taken("RFC 3986 3.3: a plus stands for itself in a path", get("/a+b"), saw: "GET /a+b"),
        .taken("RFC 3986 3.3: two slashes stay two", get("//a//b"), saw: "GET //a//b"),
        .taken("RFC 3986 3.3: parameters belong to the path", get("/a;b=c,d"), saw: "GET /a;b=c,d"),
        .taken("RFC 3986 3.3: three dots are a name", get("/.../.a/b..c"), saw: "GET /.../.a/b..c"),
        .taken("WHATWG URL 4.3: browsers send these bare", get("/a|b^c[d]{e}\"<>\\`"), saw: "GET /a|b^c[d]{e}\"<>\\`"),
        .refused("RFC 3986 2.1: a percent sign alone", 400, get("/a%")),
        .refused("RFC 3986 2.1: one digit", 400, get("/a%4")),
        .refused("RFC 3986 2.1: no digits", 400, get("/a%zz")),
        .refused("RFC 3986 2.1: signs are no digits", 400, get("/a%+1")),
        .refused("RFC 3986 7.3: an encoded NUL", 400, get("/a%00")),
        .refused("RFC 3629 3: bytes that are not UTF-8", 400, get("/%FF")),
        .refused("RFC 3629 10: an overlong slash", 400, get("/%C0%AF")),
        .refused("RFC 3986 5.2.4: a dot segment", 400, get("/a/../b")),
        .refused("RFC 3986 5.2.4: a dot segment at the end", 400, get("/a/..")),
        .refused("RFC 3986 5.2.4: a single dot", 400, get("/./a")),
        .refused("RFC 3986 6.2.2.2: an encoded dot segment", 400, get("/a/%2E%2e/b")),
        .refused("RFC 3986 6.2.2.2: a dot segment between encoded slashes", 400, get("/a%2F..%2Fb")),
        .refused("RFC 3986 5.2.4: a dot segment in the absolute form", 400, get("http://h/../b")),
        Conversation(
            "RFC 3986 2.1: a malformed query is the client's fault too", get("/a?b=%zz"), [400], .closed),
    ]
}
