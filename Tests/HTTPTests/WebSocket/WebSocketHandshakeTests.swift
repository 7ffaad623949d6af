import Testing

@testable import HTTP

struct WebSocketHandshakeTests {
    /// A handshake with some of its fields changed; nil takes one away.
    private func answer(
        _ method: HTTP.Method = .get, _ changes: [String: String?] = [:], more: [(String, String)] = [],
        content: [UInt8] = [], subprotocols: [String] = []
    ) -> Response {
        let usual = [
            "Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": RawClient.sampleKey,
        ]
        var fields = usual.merging(changes.mapValues { $0 ?? "" }, uniquingKeysWith: { $1 }).filter { $1 != "" }
            .map { ($0, $1) }
        fields += more
        if !content.isEmpty { fields.append(("Content-Length", "\(content.count)")) }
        let lines = fields.map { "\($0): \($1)\r\n" }.joined()
        let bytes = Array("\(method.rawValue) /s HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\(lines)\r\n".utf8)
        var (parser, random) = (HeadParser(), SystemRandomNumberGenerator())
        let head = bytes.withUnsafeBufferPointer { try? parser.parse($0, limits: Limits()).head }
        guard let head else {
            Issue.record("the head is refused: \(lines)")
            return Response(status: .internalServerError)
        }
        let request = Request(head: head, id: RequestID(using: &random), remoteAddress: "::1")
        return .webSocket(request, subprotocols: subprotocols) { _ in }
    }

    @Test func `the RFC's key gets the RFC's answer (RFC 6455, 1.3)`() {
        let response = answer()
        #expect(response.status == .switchingProtocols)
        #expect(response.fields["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(response.fields["Upgrade"] == "websocket")
        #expect(response.fields["Sec-WebSocket-Protocol"] == nil)
        #expect(response.upgrade != nil)
    }

    @Test func `what asks for no upgrade is told to (RFC 6455, 4.2.1; RFC 9110, 15.5.22)`() {
        for changes in [["Upgrade": nil], ["Connection": nil], ["Upgrade": "h2c"], ["Connection": "close"]] {
            let response = answer(.get, changes)
            #expect(response.status == .upgradeRequired)
            #expect(response.fields["Upgrade"] == "websocket")
            #expect(response.upgrade == nil)
        }
        #expect(answer(.head).status == .upgradeRequired)
        #expect(answer(.post).status == .upgradeRequired)
        #expect(answer(.get, ["Upgrade": "h2c, WebSocket", "Connection": "UPGRADE"]).status == .switchingProtocols)
    }

    @Test(arguments: ["8", "12", "14", "13, 8", "013", "x", nil])
    func `another version is answered with ours (RFC 6455, 4.4)`(version: String?) {
        let response = answer(.get, ["Sec-WebSocket-Version": version])
        #expect(response.status == .upgradeRequired)
        #expect(response.fields["Sec-WebSocket-Version"] == "13")
    }

    @Test(arguments: [nil, "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZWU=", "dGhlIHNhbXBsZSBub25jZR=="])
    func `a key is 16 bytes in base64 (RFC 6455, 4.2.1)`(key: String?) {
        #expect(answer(.get, ["Sec-WebSocket-Key": key]).status == .badRequest)
    }

    @Test func `two keys, or content, are refused`() {
        #expect(answer(more: [("Sec-WebSocket-Key", RawClient.sampleKey)]).status == .badRequest)
        #expect(answer(content: [1]).status == .badRequest)
    }

    @Test func `the first subprotocol of ours that is offered is agreed on (RFC 6455, 4.2.2)`() {
        func chosen(_ offer: [String], _ ours: [String]) -> String? {
            let response = answer(more: offer.map { ("Sec-WebSocket-Protocol", $0) }, subprotocols: ours)
            #expect(response.status == .switchingProtocols)
            return response.fields["Sec-WebSocket-Protocol"]
        }
        #expect(chosen(["base64, binary"], ["binary"]) == "binary")
        #expect(chosen(["a", "b ,c"], ["c", "a"]) == "c")
        #expect(chosen(["Binary"], ["binary"]) == nil)
        #expect(chosen([], ["binary"]) == nil)
    }

    @Test(arguments: ["", "a,", "a b", "a, a", "a;b"])
    func `a malformed offer is refused (RFC 6455, 4.1)`(offer: String) {
        #expect(answer(more: [("Sec-WebSocket-Protocol", offer)]).status == .badRequest)
    }

    @Test(arguments: ["http://127.0.0.1:8000", "https://127.0.0.1:8000"])
    func `the host's own pages may open a socket (RFC 6455, 10.2)`(origin: String) {
        #expect(answer(more: [("Origin", origin)]).status == .switchingProtocols)
    }

    @Test(arguments: [
        "http://127.0.0.1", "http://127.0.0.1:8001", "http://evil.example", "null", "file://", "", "127.0.0.1:8000",
        "http://evil.example/http://127.0.0.1:8000", "http://127.0.0.1:8000.evil.example",
    ])
    func `pages of others may not (RFC 6455, 10.2)`(origin: String) {
        #expect(answer(more: [("Origin", origin)]).status == .forbidden)
    }

    @Test func `a route may judge the origin itself`() {
        let request = Request.testing(
            .get, "/s",
            fields: [
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": RawClient.sampleKey, "Origin": "https://console.example",
            ])
        #expect(Response.webSocket(request) { _ in }.status == .forbidden)
        let allowed: @Sendable (Request) -> Bool = { $0.fields["Origin"] == "https://console.example" }
        #expect(Response.webSocket(request, origin: allowed) { _ in }.status == .switchingProtocols)
    }
}
