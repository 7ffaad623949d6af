import Testing

@testable import HTTP

/// Real sockets on the loopback.
struct ConnectionTests {
    private func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    }

    @Test func `one connection carries many requests`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            for path in ["/hello", "/worker?q=1", "/async", "/hello"] {
                try client.send(get(path))
                let response = try client.response()
                #expect(response.status == 200)
                #expect(response["date"]?.hasSuffix("GMT") == true)
                #expect(response["server"] == "daybreak")
                #expect(response["connection"] == nil)
            }
        }
    }

    @Test func `pipelined requests are answered in order, whatever thread answers them`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            var expected: [String] = []
            var text = ""
            for number in 0..<50 {
                text += get("/worker?q=\(number)") + get("/hello") + get("/async")
                expected += ["worker \(number)", "hello", "async /async"]
            }
            try client.send(text)
            for line in expected { #expect(try client.response().text == line) }
        }
    }

    @Test func `a request may come byte by byte`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            for byte in Array("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".utf8) {
                try client.send([byte])
            }
            #expect(try client.response().text == "abc")
        }
    }

    @Test func `Connection close and HTTP 1.0 end the connection`() async throws {
        try await withServer(testRouter()) { address, _ in
            let closing = try RawClient(address)
            try closing.send(get("/hello", "Connection: close\r\n"))
            let response = try closing.response()
            #expect(response["connection"] == "close")
            #expect(try closing.isClosed())

            let old = try RawClient(address)
            try old.send("GET /worker HTTP/1.0\r\n\r\n")
            #expect(try old.response()["connection"] == "close")
            #expect(try old.isClosed())

            let kept = try RawClient(address)
            for _ in 0..<2 {
                try kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try kept.response()["connection"] == "keep-alive")
            }
        }
    }

    @Test func `HEAD has the length and no content`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n" + get("/hello"))
            #expect(try client.response(head: true)["content-length"] == "5")
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `404 405 and OPTIONS keep the connection`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(get("/nowhere"))
            #expect(try client.response().status == 404)
            try client.send("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            let refused = try client.response()
            #expect(refused.status == 405)
            #expect(refused["allow"] == "GET, HEAD, OPTIONS")
            try client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().status == 204)
            try client.send("POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde" + get("/hello"))
            #expect(try client.response().status == 405)
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `a handler that throws gives 500 and the connection lives`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(get("/throws"))
            #expect(try client.response().status == 500)
            try client.send(get("/hello"))
            #expect(try client.response().status == 200)
        }
    }

    @Test func `100 continue is sent when the content is wanted`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try client.response().status == 100)
            try client.send("ok")
            #expect(try client.response().text == "ok")
        }
    }

    @Test func `100 continue is not sent when the content is refused, and the connection closes`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 413)
            #expect(response["connection"] == "close")
            #expect(try client.isClosed())
        }
    }

    @Test func `content comes chunked, and goes chunked`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5;note=x\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n" + get("/stream"))
            #expect(try client.response().text == "hello world")
            let response = try client.response()
            #expect(response["transfer-encoding"] == "chunked")
            #expect(response.text == "piece 0\npiece 1\npiece 2\n")
            try client.send(get("/hello"))
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `an HTTP 1.0 client gets a stream to the end of the connection`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let response = try client.response()
            #expect(response["transfer-encoding"] == nil)
            #expect(response["connection"] == "close")
            #expect(response.text == "piece 0\npiece 1\npiece 2\n")
        }
    }

    @Test func `content beyond the limit is refused readably though it is still coming`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
            for _ in 0..<18 { try client.send(chunk) }
            let response = try client.response()
            #expect(response.status == 413)
            #expect(response["connection"] == "close")
        }
    }

    @Test func `an upload of any size streams through`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            let size = 24 << 20
            try client.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<24 { try client.send(piece) }
            #expect(try client.response().text == "\(size)")
            try client.send(get("/hello"))
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `a large response reaches a slow reader whole`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            try client.send(get("/big") + get("/hello"))
            #expect(try client.response().content.count == 4 << 20)
            #expect(try client.response().text == "hello")
        }
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        ("BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("\u{16}\u{3}\u{1}", 400), ("GET /../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /%2e%2e/etc HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417),
    ])
    func `what is not understood is refused and the connection closes`(text: String, status: Int) async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            // The second request must never be looked at.
            try client.send(text + get("/hello"))
            let response = try client.response()
            #expect(response.status == status)
            #expect(response["connection"] == "close")
            #expect(try client.isClosed())
        }
    }

    @Test func `a refusal in a pipeline comes after the answers before it`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(get("/worker?q=1") + get("/hello") + "GET bad\r\n\r\n" + get("/hello"))
            #expect(try client.response().text == "worker 1")
            #expect(try client.response().text == "hello")
            #expect(try client.response().status == 400)
            #expect(try client.isClosed())
        }
    }

    @Test func `hosts that are not ours are refused`() async throws {
        try await withServer(testRouter(), configure: { $0.allowedHosts = ["example.org", ".test"] }) { address, _ in
            let client = try RawClient(address)
            for (host, status) in [("example.org:80", 200), ("evil.org", 400), ("a.b.test", 200), ("TEST", 200)] {
                try client.send("GET /hello HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                #expect(try client.response().status == status, "\(host)")
            }
        }
    }

    @Test func `too many waiting requests are turned away`() async throws {
        let gate = Latch()
        defer { gate.open() }
        var router = testRouter()
        router.on(
            .get, "/blocked", .none,
            .worker { _ in
                gate.waitBlocking()
                return .text("released")
            })
        try await withServer(
            router,
            configure: {
                $0.workers = 1
                $0.limits.queuedRequests = 1
            }
        ) { address, _ in
            let clients = try (0..<4).map { _ in try RawClient(address) }
            for client in clients { try client.send(get("/blocked")) }
            // One is at work, one waits; of four at least two are turned away before the gate opens.
            let last = try clients[3].response()
            #expect(last.status == 503)
            #expect(last["retry-after"] == "1")
            gate.open()
            #expect(try clients[0].response().text == "released")
        }
    }

    @Test func `a client that half-closes after its requests gets every answer`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send(get("/worker?q=1") + get("/hello") + get("/worker?q=2"))
            client.endSending()
            #expect(try client.response().text == "worker 1")
            #expect(try client.response().text == "hello")
            #expect(try client.response().text == "worker 2")
            #expect(try client.isClosed())
        }
    }
}
