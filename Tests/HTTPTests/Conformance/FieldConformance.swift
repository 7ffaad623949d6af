import Testing

@testable import HTTP

@Suite(.served)
struct FieldConformance {
    @Test(arguments: cases + hosts)
    func `header fields`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func taken(_ name: String, _ fields: String..., seen: [String]) -> Conversation {
        .taken(
            name, (["GET /a HTTP/1.1", "Host: h"] + fields).joined(separator: "\r\n") + "\r\n\r\n",
            saw: .init("GET /a", seen))
    }

    private static func refused(_ name: String, _ fields: String) -> Conversation {
        .refused(name, 400, "GET /a HTTP/1.1\r\nHost: h\r\n\(fields)\r\n\r\n")
    }

    static let cases: [Conversation] = [
        taken("RFC 9110 5.1: names and values in order", "B: 1", "A: 2", "B: 3", seen: ["B: 1", "A: 2", "B: 3"]),
        taken("RFC 9112 5.1: blanks around a value are not part of it", "A: \t x y \t", seen: ["A: x y"]),
        taken("RFC 9112 5.1: no blank before a value", "A:x", seen: ["A: x"]),
        taken("RFC 9110 5.5: an empty value", "A:", "B: \t ", seen: ["A: ", "B: "]),
        taken("RFC 9110 5.5: a value with colons", "A: b: c:", seen: ["A: b: c:"]),
        taken("RFC 9110 5.5: a tab inside a value", "A: b\tc", seen: ["A: b\tc"]),
        taken("RFC 9110 5.5: bytes above 127 in a value", "A: caf\u{E9}", seen: ["A: caf\u{E9}"]),
        taken(
            "RFC 9110 5.6.2: every character of a token in a name", "!#$%&'*+-.^_`|~9aZ: b",
            seen: ["!#$%&'*+-.^_`|~9aZ: b"]),
        refused("RFC 9112 5.1: a space before the colon", "A : b"),
        refused("RFC 9112 5.1: a tab before the colon", "A\t: b"),
        refused("RFC 9112 5.2: a folded line", "A: b\r\n c"),
        refused("RFC 9112 5.2: a line folded with a tab", "A: b\r\n\tc"),
        refused("RFC 9112 5.2: a folded line of blanks alone", "A: b\r\n  "),
        .refused("RFC 9112 2.2: whitespace before the first field", 400, head("GET /a HTTP/1.1", " Host: h")),
        .refused("RFC 9112 5.2: a folded Host", 400, head("GET /a HTTP/1.1", "Host:", " h")),
        refused("RFC 9110 5.1: an empty name", ": b"),
        refused("RFC 9112 5: a line without colon", "A"),
        refused("RFC 9110 5.1: a name with a space", "A B: c"),
        refused("RFC 9110 5.1: a name with a bracket", "A(: b"),
        refused("RFC 9110 5.1: a name with a slash", "A/B: c"),
        refused("RFC 9110 5.1: a name with a quote", "\"A\": b"),
        refused("RFC 9110 5.1: a name with a byte above 127", "caf\u{E9}: b"),
        refused("RFC 9110 5.1: a name with NUL", "A\u{0}: b"),
        refused("RFC 9110 5.1: a name with a control character", "A\u{1}: b"),
        refused("RFC 9110 5.5: NUL in a value", "A: b\u{0}c"),
        refused("RFC 9110 5.5: a bare carriage return in a value", "A: b\rc"),
        refused("RFC 9110 5.5: a carriage return at a value's end", "A: b\r"),
        refused("RFC 9112 2.2: a bare line feed ends a field", "A: b\nB: c"),
        refused("RFC 9110 5.5: a bell in a value", "A: b\u{7}"),
        refused("RFC 9110 5.5: a backspace in a value", "A: b\u{8}"),
        refused("RFC 9110 5.5: an escape character in a value", "A: \u{1B}[2J"),
        refused("RFC 9110 5.5: DEL in a value", "A: b\u{7F}"),
        .refused("RFC 9112 2.2: a bare line feed ends the head", 400, "GET /a HTTP/1.1\r\nHost: h\r\n\n"),
        .refused("RFC 9112 2.2: a bare line feed before the last line", 400, "GET /a HTTP/1.1\r\nHost: h\n\r\n"),
        taken(
            "RFC 9110 7.8: an upgrade that is not offered is passed over", "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
            seen: ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]),
    ]

    private static func host(_ name: String, _ value: String) -> Conversation {
        .taken(name, head("GET /a HTTP/1.1", "Host: \(value)"), saw: .init("GET /a", host: value, hostField: value))
    }

    private static func badHost(_ name: String, _ value: String) -> Conversation {
        .refused(name, 400, head("GET /a HTTP/1.1", "Host: \(value)"))
    }

    static let hosts: [Conversation] = [
        host("RFC 9110 7.2: a name with a port", "example.org:8080"),
        host("RFC 3986 3.2.3: an empty port", "h:"),
        host("RFC 3986 3.2.2: an IPv4 address", "127.0.0.1:80"),
        host("RFC 3986 3.2.2: an IPv6 address", "[::1]"),
        host("RFC 3986 3.2.2: an IPv6 address with a port", "[fe80::1]:80"),
        host("RFC 9110 7.2: a name with dashes and underscores", "a_b-c.d"),
        .taken(
            "RFC 9110 5.1: the field's case does not matter", head("GET /a HTTP/1.1", "hOsT: h"),
            saw: .init("GET /a", ["hOsT: h"], hostField: nil)),
        .refused("RFC 9112 3.2: no Host", 400, head("GET /a HTTP/1.1")),
        .refused("RFC 9112 3.2: no Host among other fields", 400, head("GET /a HTTP/1.1", "Hos: h", "Hostt: h")),
        .refused("RFC 9112 3.2: two Hosts", 400, head("GET /a HTTP/1.1", "Host: h", "Host: other")),
        .refused("RFC 9112 3.2: the same Host twice", 400, head("GET /a HTTP/1.1", "Host: h", "host: h")),
        .refused("RFC 9112 3.2: two Hosts in HTTP/1.0", 400, head("GET /a HTTP/1.0", "Host: h", "Host: other")),
        badHost("RFC 9110 7.2: an empty Host", ""),
        badHost("RFC 9110 7.2: a Host with a space", "a b"),
        badHost("RFC 9110 7.2: a Host with a path", "h/a"),
        badHost("RFC 9110 7.2: a Host with a comma", "h, other"),
        badHost("RFC 9110 7.2: a Host with user information", "user@h"),
        badHost("RFC 9110 7.2: a Host with a scheme", "http://h"),
        badHost("RFC 9110 7.2: a Host with percent-encoding", "h%2F"),
        badHost("RFC 3986 3.2.3: a port beyond 65535", "h:65536"),
        badHost("RFC 3986 3.2.3: a port that is no number", "h:8o"),
        badHost("RFC 3986 3.2.3: two ports", "h:80:80"),
        badHost("RFC 3986 3.2.2: an open bracket", "[::1"),
        badHost("RFC 3986 3.2.2: something after the bracket", "[::1]h"),
        badHost("RFC 3986 3.2.2: empty brackets", "[]"),
        badHost("RFC 9110 7.2: a port and no host", ":80"),
    ]
}

@Suite(.served { $0.allowedHosts = ["h", ".example.org"] })
struct AllowedHostConformance {
    @Test(arguments: cases)
    func `hosts that are ours`(_ conversation: Conversation) throws { try conversation.hold() }

    private static func foreign(_ name: String, _ lines: String...) -> Conversation {
        Conversation(name, lines.joined(separator: "\r\n") + "\r\n\r\n", [400])
    }

    static let cases: [Conversation] = [
        .taken(
            "RFC 9110 7.2: a host of ours, whatever the port", head("GET /a HTTP/1.1", "Host: h:1"),
            saw: .init("GET /a", host: "h:1", hostField: "h:1")),
        .taken(
            "RFC 9110 4.2.3: hosts have no case", head("GET /a HTTP/1.1", "Host: H"),
            saw: .init("GET /a", host: "H", hostField: "H")),
        .taken(
            "RFC 1034 3.1: a name below ours", head("GET /a HTTP/1.1", "Host: a.b.example.org."),
            saw: .init("GET /a", host: "a.b.example.org.", hostField: "a.b.example.org.")),
        foreign("RFC 9110 7.4: a host of others", "GET /a HTTP/1.1", "Host: evil.example"),
        foreign("RFC 9110 7.4: a host that ends like ours", "GET /a HTTP/1.1", "Host: evilexample.org"),
        foreign(
            "RFC 9112 3.2.2: a host of others in the absolute form", "GET http://evil.example/a HTTP/1.1", "Host: h"),
        .taken(
            "RFC 9112 3.2.2: a host of ours in the absolute form",
            head("GET http://h/a HTTP/1.1", "Host: evil.example"), saw: .init("GET /a", hostField: "evil.example")),
    ]
}
