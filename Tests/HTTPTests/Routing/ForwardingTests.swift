import Testing

@testable import HTTP

/// A reverse proxy's word, and everybody else's.
struct ForwardingTests {
    private static let router = {
        var router = Router()
        router.on(.get, "/who", .none, .loop { .text("\($0.remoteAddress) \($0.isSecure) \($0.host)") })
        return router
    }()

    private static func rules(_ proxies: [String]) -> ForwardingRules {
        var rules = ForwardingRules()
        rules.trustedProxies = proxies.compactMap { AddressBlock($0) }
        rules.secureField = ForwardingRules.SecureField(name: "X-Forwarded-Proto", value: "https")
        rules.usesForwardedHost = true
        return rules
    }

    private func answer(
        _ fields: String, from source: String,
        trusting proxies: [String] = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"],
        _ change: @escaping (inout ForwardingRules) -> Void = { _ in }
    ) async throws -> RawResponse {
        var response: RawResponse?
        var rules = Self.rules(proxies)
        change(&rules)
        try await withServer(Self.router, configure: { $0.forwarding = rules }) { address, _ in
            let client = try RawClient(address, from: source)
            try client.send("GET /who HTTP/1.1\r\nHost: site.example\r\n\(fields)\r\n")
            response = try client.response()
        }
        return try #require(response)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"),
        ("6.6.6.6, 192.0.2.7", "192.0.2.7"),
        ("6.6.6.6, 192.0.2.7, 10.1.2.3", "192.0.2.7"),
        ("10.1.2.3", "10.1.2.3"),
        ("10.9.9.9,10.1.2.3", "10.9.9.9"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:db9::7]:4711", "2001:db9::7"),
        ("2001:DB9:0:0::7", "2001:db9::7"),
        ("6.6.6.6, 2001:db8::1", "6.6.6.6"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("6.6.6.6, unknown", "127.0.0.1"),
        ("6.6.6.6, unknown, 10.1.2.3", "10.1.2.3"),
        ("6.6.6.6, _hidden", "127.0.0.1"),
        ("", "127.0.0.1"),
        (", ,", "127.0.0.1"),
        ("192.0.2.7\r\nX-Forwarded-For: 10.1.2.3", "192.0.2.7"),
        ("10.1.2.3\r\nX-Forwarded-For: 192.0.2.7", "192.0.2.7"),
    ])
    func `the client is the last one no trusted proxy speaks for`(list: String, client: String) async throws {
        let response = try await answer("X-Forwarded-For: \(list)\r\n", from: "127.0.0.1")
        #expect(response.text == "\(client) false site.example")
    }

    @Test func `from anybody else such fields mean nothing`() async throws {
        let fields =
            "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n"
            + "Forwarded: for=192.0.2.7;proto=https;host=evil.example\r\n"
        #expect(try await answer(fields, from: "127.0.0.2").text == "127.0.0.2 false site.example")
        #expect(try await answer(fields, from: "127.0.0.1", trusting: []).text == "127.0.0.1 false site.example")
        #expect(try await answer(fields, from: "127.0.0.1").text == "192.0.2.7 true evil.example")
    }

    @Test(arguments: [
        ("https", true), ("http", false), ("https, http", false), ("HTTPS", false),
        ("https\r\nX-Forwarded-Proto: http", false), ("https\r\nX-Forwarded-Proto: https", true), ("", false),
    ])
    func `TLS before the proxy counts when the field says so, and says nothing else`(
        value: String, isSecure: Bool
    ) async throws {
        let response = try await answer("X-Forwarded-Proto: \(value)\r\n", from: "127.0.0.1")
        #expect(response.text == "127.0.0.1 \(isSecure) site.example")
    }

    @Test func `only what is configured is believed of a trusted proxy`() async throws {
        let fields = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: other.example\r\n"
        let response = try await answer(fields, from: "127.0.0.1") {
            $0.secureField = nil
            $0.usesForwardedHost = false
        }
        #expect(response.text == "127.0.0.1 false site.example")
    }

    @Test(arguments: ["a b", "evil.example/path", "a, b", "a\r\nX-Forwarded-Host: b", ""])
    func `a forwarded host that is none gets 400`(host: String) async throws {
        let response = try await answer("X-Forwarded-Host: \(host)\r\n", from: "127.0.0.1")
        #expect(response.status == 400)
    }

    @Test func `the forwarded host is held against the allowed ones`() async throws {
        try await withServer(
            Self.router,
            configure: {
                $0.forwarding = Self.rules(["127.0.0.1"])
                $0.allowedHosts = ["site.example"]
            }
        ) { address, _ in
            let client = try RawClient(address)
            for (host, forwarded, status) in [
                ("inside", "site.example", 200), ("site.example", "evil.example", 400), ("inside", nil, 400),
            ] {
                let field = forwarded.map { "X-Forwarded-Host: \($0)\r\n" } ?? ""
                try client.send("GET /who HTTP/1.1\r\nHost: \(host)\r\n\(field)\r\n")
                #expect(try client.response().status == status)
            }
        }
    }

    @Test func `the log is told of the client and of the proxy`() async throws {
        let seen = Lock<[String]>([])
        let reported = Latch()
        try await withServer(
            Self.router,
            configure: {
                $0.forwarding = Self.rules(["127.0.0.1"])
                $0.observers = [
                    RequestCallback { request in
                        seen.withLock { $0 = [request.remoteAddress, request.peerAddress] }
                        reported.open()
                    }
                ]
            }
        ) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
            _ = try client.response()
            await reported.wait()
            #expect(seen.withLock { $0 } == ["192.0.2.7", "127.0.0.1"])
        }
    }

    @Test func `a proxy may have more connections than a client`() async throws {
        for (trusted, status) in [(["127.0.0.1"], 200), ([], 503)] {
            try await withServer(
                Self.router,
                configure: {
                    $0.forwarding = Self.rules(trusted)
                    $0.limits.connectionsPerClient = 2
                    $0.limits.countsThisMachine = true
                }
            ) { address, _ in
                let clients = try (0..<3).map { _ in try RawClient(address) }
                for client in clients.dropLast() {
                    try client.send("GET /who HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try client.response().status == 200)
                }
                try clients[2].send("GET /who HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try clients[2].response().status == status)
            }
        }
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
        ("::/0", "8.8.8.8", true), ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
        ("192.0.2.128/25", "192.0.2.129", true), ("192.0.2.128/25", "192.0.2.127", false),
        ("2001:db8::1/128", "2001:db8::1", true), ("::ffff:192.0.2.0/120", "192.0.2.9", true),
    ])
    func `a block holds the addresses that begin like it`(block: String, address: String, holds: Bool) throws {
        #expect(try #require(AddressBlock(block)).contains(try #require(IPAddress(address))) == holds)
    }

    @Test(arguments: [
        "", "localhost", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0",
        "1.2.3.4:80",
        "2001:db8::/129", "2001:db8::1/64", "[::1]", "10.0.0.0/+8",
    ])
    func `what is no block, or one with bits beyond its prefix, is refused`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
