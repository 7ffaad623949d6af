import Glibc
import Testing

@testable import HTTP

/// WebSockets whose clients are slow, silent or still there when the server stops.
struct WebSocketPressureTests {
    private func router(_ run: @escaping @Sendable (WebSocket) async throws -> Void) -> Router {
        var router = testRouter()
        router.on(.get, "/socket", .none, .async { .webSocket($0, run: run) })
        return router
    }

    @Test func `a sender waits for a client that does not read`() async throws {
        let sent = Lock(0)
        let pieces = 256
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            for _ in 0..<pieces {
                try await socket.send([UInt8](repeating: 7, count: 64 << 10))
                sent.withLock { $0 += 1 }
            }
        }
        try await withServer(router(run)) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            try client.open("/socket")
            var counts: [Int] = []
            // The count stops growing although nobody reads.
            repeat {
                try await Task.sleep(for: .milliseconds(20))
                counts.append(sent.withLock { $0 })
            } while counts.last == 0 || counts.count < 5 || Set(counts.suffix(4)).count > 1
            #expect(counts.last! < pieces)
            for _ in 0..<pieces { #expect(try client.frame().payload.count == 64 << 10) }
            #expect(try client.frame().code == 1000)
        }
    }

    @Test func `nothing is read from a client whose messages are not received`() async throws {
        let gate = Latch()
        defer { gate.open() }
        let ended = Latch()
        let received = Lock(0)
        let total = 400
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            defer { ended.open() }
            await gate.wait()
            while let message = try await socket.receive() { received.withLock { $0 += message.bytes.count } }
        }
        try await withServer(router(run)) { address, _ in
            let client = try RawClient(address)
            try client.open("/socket")
            // Some 25 MB are more than the buffers of two sockets hold.
            let frame = Frame.binary([UInt8](repeating: 1, count: 64 << 10)).masked()
            let stream = [[UInt8]](repeating: frame, count: total).flatMap { $0 }
            let taken = try await client.sendWhatIsTaken(stream)
            #expect(taken < stream.count)
            gate.open()
            try client.send(Array(stream[taken...]))
            try client.send(.close(1000))
            #expect(try client.frame().code == 1000)
            await ended.wait()
            #expect(received.withLock { $0 } == total * (64 << 10))
        }
    }

    @Test func `pongs that are not read stop the reading of pings`() async throws {
        let run: @Sendable (WebSocket) async throws -> Void = { while try await $0.receive() != nil {} }
        try await withServer(router(run)) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            try client.open("/socket")
            let ping = Frame(0x89, [UInt8](repeating: 0x70, count: 125))
            let size = ping.masked().count
            let stream = [[UInt8]](repeating: ping.masked(), count: 200_000).flatMap { $0 }
            let taken = try await client.sendWhatIsTaken(stream)
            #expect(taken < stream.count)
            let pong = Frame(0x8A, ping.payload).unmasked
            for _ in 0..<(taken / size) {
                let isPong = try client.take(pong.count) == pong
                try #require(isPong)
            }
            // The rest of the ping that was cut.
            let end = (taken + size - 1) / size * size
            try client.send(Array(stream[taken..<end]) + Frame.close(1000).masked())
            while try client.frame().first == pong[0] {}
            #expect(try client.isClosed())
        }
    }

    @Test func `a silent client is pinged, and given up when it stays silent`() async throws {
        let ended = Latch()
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            defer { ended.open() }
            while try await socket.receive() != nil {}
        }
        try await withServer(router(run), configure: { $0.timeouts.silence = .seconds(1) }) { address, _ in
            let client = try RawClient(address)
            try client.open("/socket")
            // Whoever answers stays.
            #expect(try client.frame() == .ping(""))
            try client.send(.pong(""))
            #expect(try client.frame() == .ping(""))
            #expect(try client.isClosed())
            await ended.wait()
        }
    }

    @Test func `a server that stops says 1001 and waits for the answer (RFC 6455, 7.4.1)`() async throws {
        let ended = Latch()
        let run: @Sendable (WebSocket) async throws -> Void = { socket in
            defer { ended.open() }
            while try await socket.receive() != nil {}
        }
        try await withServer(router(run)) { address, server in
            let client = try RawClient(address)
            try client.open("/socket")
            async let stopping: Void = server.stop(grace: .seconds(20))
            let frame = try client.frame()
            #expect(frame.first == 0x88)
            #expect(frame.code == 1001)
            #expect(client.hasNothingToRead)
            try client.send(.close(1001))
            #expect(try client.isClosed())
            await ended.wait()
            await stopping
        }
    }

    @Test func `a handshake that comes while the server stops gets 503`() async throws {
        let entered = Latch()
        let gate = Latch()
        defer { gate.open() }
        var router = testRouter()
        router.on(
            .get, "/slow", .none,
            .worker { request in
                entered.open()
                gate.waitBlocking()
                return .webSocket(request) { _ in Issue.record("the handler ran") }
            })
        try await withServer(router) { address, server in
            let idle = try RawClient(address)
            try idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try idle.response()
            let client = try RawClient(address)
            try client.send(RawClient.handshake("/slow"))
            await entered.wait()
            async let stopping: Void = server.stop(grace: .seconds(20))
            // The stop has begun when the idle connection is closed.
            #expect(try idle.isClosed())
            gate.open()
            #expect(try client.response().status == 503)
            await stopping
        }
    }
}

extension RawClient {
    /// Sends as much as the other side takes: until, for a while, it has taken nothing more.
    func sendWhatIsTaken(_ bytes: [UInt8]) async throws -> Int {
        var (sent, idle) = (0, 0)
        while sent < bytes.count, idle < 10 {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count > 0 else {
                idle += 1
                try await Task.sleep(for: .milliseconds(20))
                continue
            }
            (sent, idle) = (sent + count, 0)
        }
        return sent
    }
}
