import Glibc
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

    @Test func `no worker works for a client that has gone before its turn came`() async throws {
        let gate = Latch()
        let entered = Latch()
        defer { gate.open() }
        let paths = Lock<[String]>([])
        var router = testRouter()
        for path in ["/blocked", "/gone", "/last"] {
            router.on(
                .get, path, .none,
                .worker { request in
                    paths.withLock { $0.append(request.path) }
                    if request.path == "/blocked" {
                        entered.open()
                        gate.waitBlocking()
                    }
                    return .text("done")
                })
        }
        try await withServer(router, configure: { $0.workers = 1 }) { address, server in
            let blocked = try RawClient(address)
            try blocked.send(get("/blocked"))
            await entered.wait()
            do {
                let gone = try RawClient(address)
                try gone.send(get("/gone"))
                // Its loop has taken the request when it answers another.
                let other = try RawClient(address)
                try other.send(get("/hello"))
                #expect(try other.response().status == 200)
                var reset = linger(l_onoff: 1, l_linger: 0)
                setsockopt(gone.descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
            }
            try await waitUntil { server.connections.open == 1 }
            let last = try RawClient(address)
            try last.send(get("/last"))
            gate.open()
            #expect(try last.response().text == "done")
            #expect(try blocked.response().text == "done")
            #expect(paths.withLock { $0 } == ["/blocked", "/last"])
        }
    }
}
