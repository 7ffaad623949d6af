import Testing

@testable import HTTP

/// Over real sockets.
struct WebSocketTests {
    /// `/echo` sends back what it gets; others are put on top.
    private func router(
        _ path: String = "/other", _ run: @escaping @Sendable (WebSocket) async throws -> Void = { _ in }
    ) -> Router {
        var router = testRouter()
        router.on(
            .get, "/echo", .none,
            .loop { request in
                .webSocket(request, subprotocols: ["binary"]) { socket in
                    while let message = try await socket.receive() {
                        switch message {
                        case .text(let text): try await socket.send(text)
                        case .binary(let bytes): try await socket.send(bytes)
                        }
                    }
                }
            })
        router.on(.get, path, .none, .worker { .webSocket($0, run: run) })
        return router
    }

    @Test func `a handshake is answered and messages go to and fro (RFC 6455, 1.2)`() async throws {
        try await withServer(router()) { address, _ in
            let client = try RawClient(address)
            try client.send(RawClient.handshake("/echo", "Sec-WebSocket-Protocol: binary\r\n"))
            let response = try client.response()
            #expect(response.status == 101)
            #expect(response["connection"] == "Upgrade")
            #expect(response["upgrade"] == "websocket")
            #expect(response["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(response["sec-websocket-protocol"] == "binary")
            #expect(response["content-length"] == nil && response["transfer-encoding"] == nil)
            for size in [0, 1, 125, 126, 65535, 65536] {
                let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try client.send(.binary(bytes))
                #expect(try client.frame() == .binary(bytes))
            }
            try client.send(.text("héllo 😀"))
            #expect(try client.frame() == .text("héllo 😀"))
            try client.send(.close(1000, "done"))
            #expect(try client.frame() == .close(1000))
            #expect(try client.isClosed())
        }
    }

    @Test func `frames sent together with the handshake are not lost`() async throws {
        try await withServer(router("/worker-echo") { try await $0.send($0.receive()?.bytes ?? []) }) { address, _ in
            for path in ["/echo", "/worker-echo"] {
                let client = try RawClient(address)
                try client.send(Array(RawClient.handshake(path).utf8) + Frame.binary([1, 2]).masked())
                #expect(try client.response().status == 101)
                #expect(try client.frame() == .binary([1, 2]))
            }
        }
    }

    @Test func `a plain request is told to upgrade, and the connection goes on`() async throws {
        try await withServer(router()) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try client.response()
            #expect(response.status == 426)
            #expect(response["upgrade"] == "websocket")
            #expect(response["connection"] == "Upgrade")
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `a message in fragments is put together, with pings answered in between (RFC 6455, 5.4)`() async throws {
        try await withServer(router()) { address, _ in
            let client = try RawClient(address)
            try client.open("/echo")
            try client.send(Frame(0x01, Array("one ".utf8)), .ping("are you there"))
            #expect(try client.frame() == .pong("are you there"))
            try client.send(Frame(0x00, Array("two ".utf8)), Frame(0x80, Array("three".utf8)))
            #expect(try client.frame() == .text("one two three"))
        }
    }

    @Test(arguments: [
        (Frame.text("x").unmasked, 1002), ([0xC1], 1002), ([0x83], 1002), (Frame(0x80).masked(), 1002),
        (Frame(0x81, [0xFF]).masked(), 1007), (Frame.close(1006).masked(), 1002),
        ([0x82, 0xFF, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], 1009), (Array("GET / HTTP/1.1\r\n\r\n".utf8), 1002),
    ])
    func `what breaks the protocol ends the socket with its code (RFC 6455, 7.1.7)`(
        bytes: [UInt8], code: Int
    ) async throws {
        let failure = Lock<(any Error)?>(nil)
        let ended = Latch()
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            defer { ended.open() }
            do {
                while try await socket.receive() != nil {}
            } catch {
                failure.withLock { $0 = error }
            }
        }
        try await withServer(router("/watched", run)) { address, _ in
            let client = try RawClient(address)
            try client.open("/watched")
            try client.send(.text("good"))
            try client.send(bytes)
            let frame = try client.frame()
            #expect(frame.first == 0x88)
            #expect(frame.code == code)
            #expect(try client.isClosed())
            await ended.wait()
            #expect((failure.withLock { $0 } as? WebSocketError)?.code.rawValue == UInt16(code))
        }
    }

    @Test func `a handler that returns closes with 1000, one that throws with 1011`() async throws {
        struct Broken: Error {}
        for (fails, code) in [(false, 1000), (true, 1011)] {
            let run: @Sendable (WebSocket) async throws -> Void = { socket in
                try await socket.send("last words")
                if fails { throw Broken() }
            }
            try await withServer(router("/short", run)) { address, _ in
                let client = try RawClient(address)
                try client.open("/short")
                #expect(try client.frame() == .text("last words"))
                #expect(try client.frame().code == code)
                // Until the client has closed too, the connection stays.
                #expect(client.hasNothingToRead)
                try client.send(.close(1000))
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `a handler may close with a code and a reason of its own`() async throws {
        let outcome = Lock("")
        let ended = Latch()
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            defer { ended.open() }
            _ = try await socket.receive()
            socket.close(WebSocketCloseCode(rawValue: 4001), reason: "the token was used")
            socket.close(.normal)
            let next = try await socket.receive()
            await #expect(throws: CancellationError.self) { try await socket.send("too late") }
            outcome.withLock { $0 = "\(String(describing: next))" }
        }
        try await withServer(router("/own", run)) { address, _ in
            let client = try RawClient(address)
            try client.open("/own")
            try client.send(.text("hello"), .text("not wanted any more"))
            #expect(try client.frame() == .close(4001, "the token was used"))
            await ended.wait()
            #expect(outcome.withLock { $0 } == "nil")
            try client.send(.text("nor this"), .ping("unanswered"), .close(4001))
            #expect(try client.isClosed())
        }
    }

    @Test func `a client that does not answer a Close is not waited for long`() async throws {
        try await withServer(router("/short"), configure: { $0.timeouts.linger = .milliseconds(50) }) { address, _ in
            let client = try RawClient(address)
            try client.open("/short")
            #expect(try client.frame().code == 1000)
            #expect(try client.isClosed())
        }
    }

    @Test func `a client that vanishes cancels the handler, after what it sent was received`() async throws {
        let received = Lock<[WebSocketMessage]>([])
        let ended = Latch()
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            defer { ended.open() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await Task.sleep(for: .seconds(3600)) }
                group.addTask {
                    while let message = try await socket.receive() { received.withLock { $0.append(message) } }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        try await withServer(router("/relay", run)) { address, _ in
            do {
                let client = try RawClient(address)
                try client.open("/relay")
                try client.send(.text("last"), .binary([1]))
            }
            await ended.wait()
            #expect(received.withLock { $0 } == [.text("last"), .binary([1])])
        }
    }

    @Test func `a client that closes ends a handler that only sends`() async throws {
        let ended = Latch()
        let run: @Sendable (WebSocket) async throws -> Void = { _ in
            defer { ended.open() }
            try await Task.sleep(for: .seconds(3600))
        }
        try await withServer(router("/sleeps", run)) { address, _ in
            let client = try RawClient(address)
            try client.open("/sleeps")
            try client.send(.close(1001))
            #expect(try client.frame() == .close(1001))
            await ended.wait()
            #expect(try client.isClosed())
        }
    }

    @Test func `one half of a handler can be cancelled while it waits for a message`() async throws {
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            let waiting = Task { try await socket.receive() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
            try await socket.send("cancelled")
            try await socket.send(socket.receive()?.bytes ?? [])
        }
        try await withServer(router("/cancels", run)) { address, _ in
            let client = try RawClient(address)
            try client.open("/cancels")
            #expect(try client.frame() == .text("cancelled"))
            try client.send(.text("still here"))
            #expect(try client.frame() == .binary(Array("still here".utf8)))
        }
    }

    @Test func `every finished socket is reported once, with its bytes`() async throws {
        let reports = Lock<[RequestSummary]>([])
        try await withServer(
            router(),
            configure: { $0.observers = [RequestCallback { summary in reports.withLock { $0.append(summary) } }] }
        ) { address, server in
            let client = try RawClient(address)
            try client.open("/echo")
            try client.send(.text("12345"))
            _ = try client.frame()
            #expect(reports.withLock { $0.count } == 0)
            try client.send(.close(1000))
            #expect(try client.frame().code == 1000)
            #expect(try client.isClosed())
            await server.stop(grace: .seconds(5))
            let all = reports.withLock { $0 }
            #expect(all.map(\.status.code) == [101])
            #expect(all.first?.bytesSent == 5)
            #expect(all.first?.pattern == "/echo")
        }
    }
}
