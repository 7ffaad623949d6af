import Glibc
import Testing

@testable import HTTP

/// WebSockets joined to sockets, over real ones of both kinds.
struct WebSocketRelayTests {
    /// What the relay joins a client to: a pair of sockets, of which the test has the other end.
    private final class Guest: Sendable {
        private let given = Lock<Int32>(-1)
        private let other = Lock<RawClient?>(nil)

        /// The end for the relay; the other end is the test's from then on.
        func open() -> Int32 {
            var ends: [Int32] = [0, 0]
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
            let client = Unchecked(value: RawClient(descriptor: ends[1]))
            other.withLock { $0 = client.value }
            return ends[0]
        }

        struct Unchecked: @unchecked Sendable { let value: RawClient }

        /// The test's end.
        func socket() throws -> RawClient {
            guard let client = other.withLock({ $0.map { Unchecked(value: $0) } }) else {
                throw RawClient.Failure(description: "nobody has opened the guest's socket")
            }
            return client.value
        }

        var wasOpened: Bool { other.withLock { $0 != nil } }

        func forget() { other.withLock { $0 = nil } }
    }

    private func router(
        _ guest: Guest, askingEvery interval: Duration = .seconds(60),
        mayGoOn: @escaping @Sendable () -> Bool = { true }
    ) -> Router {
        var router = testRouter()
        router.on(
            .get, "/console", .none,
            .worker { request in
                .relay(request) {
                    RelayTarget(descriptor: guest.open(), askingEvery: interval, mayGoOn: mayGoOn)
                }
            })
        return router
    }

    @Test func `bytes go to and fro as binary messages`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address)
            try client.open("/console")
            let socket = try guest.socket()
            try socket.send("RFB 003.008\n")
            #expect(try client.frame() == .binary(Array("RFB 003.008\n".utf8)))
            try client.send(.binary([1]), .binary([]), Frame(0x02, [2]), Frame(0x80, [3]))
            #expect(try socket.take(3) == [1, 2, 3])
            // As long as somebody is there nothing ends.
            #expect(client.hasNothingToRead && socket.hasNothingToRead)
        }
    }

    @Test(arguments: [
        ("", nil), ("Sec-WebSocket-Protocol: binary, base64\r\n", "binary"),
        ("Sec-WebSocket-Protocol: base64\r\n", nil),
    ])
    func `binary is agreed on when it is offered`(offer: String, agreed: String?) async throws {
        try await withServer(router(Guest())) { address, _ in
            let client = try RawClient(address)
            try client.send(RawClient.handshake("/console", offer))
            let response = try client.response()
            #expect(response.status == 101)
            #expect(response["sec-websocket-protocol"] == agreed)
        }
    }

    @Test func `the end of the guest's socket closes the client's, after all that was sent`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address)
            try client.open("/console")
            try guest.socket().send("last words")
            guest.forget()
            #expect(try client.frame() == .binary(Array("last words".utf8)))
            #expect(try client.frame().code == 1000)
            try client.send(.close(1000))
            #expect(try client.isClosed())
        }
    }

    @Test(arguments: [true, false])
    func `the end of the client closes the guest's socket, after all that was sent`(isOrderly: Bool) async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            do {
                let client = try RawClient(address)
                try client.open("/console")
                try client.send(.binary([7, 8]))
                #expect(try guest.socket().take(2) == [7, 8])
                if isOrderly {
                    try client.send(.binary([9]), .close(1000))
                    #expect(try client.frame().code == 1000)
                    #expect(try guest.socket().take(1) == [9])
                }
            }
            #expect(try guest.socket().isClosed())
        }
    }

    @Test func `text is refused with 1003 and ends the guest's socket too`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address)
            try client.open("/console")
            try client.send(.text("x"))
            #expect(try client.frame().code == 1003)
            #expect(try guest.socket().isClosed())
        }
    }

    @Test func `a message beyond the limits is refused with 1009`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address)
            try client.open("/console")
            try client.send(.binary([UInt8](repeating: 0, count: 65537)))
            #expect(try client.frame().code == 1009)
            #expect(try guest.socket().isClosed())
        }
    }

    @Test func `whoever may no longer look is closed with 1008`() async throws {
        let guest = Guest()
        let isAllowed = Lock(true)
        let asked = Lock(0)
        let mayGoOn: @Sendable () -> Bool = {
            asked.withLock { $0 += 1 }
            return isAllowed.withLock { $0 }
        }
        try await withServer(router(guest, askingEvery: .milliseconds(20), mayGoOn: mayGoOn)) { address, _ in
            let client = try RawClient(address)
            try client.open("/console")
            try await waitUntil { asked.withLock { $0 } > 2 }
            try guest.socket().send("still here")
            #expect(try client.frame().payload == Array("still here".utf8))
            isAllowed.withLock { $0 = false }
            #expect(try client.frame().code == 1008)
            #expect(try guest.socket().isClosed())
        }
    }

    @Test func `what is no handshake, or comes from a foreign page, opens nothing`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /console HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().status == 426)
            try client.send(RawClient.handshake("/console", "Origin: http://evil.example\r\n"))
            #expect(try client.response().status == 403)
            try client.send(RawClient.handshake("/console", "Sec-WebSocket-Protocol: a b\r\n"))
            #expect(try client.response().status == 400)
            #expect(!guest.wasOpened)
        }
    }

    @Test func `a refusal by whoever opens the guest's socket comes before the upgrade`() async throws {
        var router = testRouter()
        router.on(.get, "/console", .none, .worker { try .relay($0) { throw RequestError(.forbidden, "no") } })
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send(RawClient.handshake("/console"))
            #expect(try client.response().status == 403)
            // The connection lives on.
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().content == Array("hello".utf8))
        }
    }

    @Test func `nothing is read from a guest whose client does not read`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            try client.open("/console")
            let socket = try guest.socket()
            let stream = (0..<(24 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let taken = try await socket.sendWhatIsTaken(stream)
            #expect(taken < stream.count)
            // The rest is sent by another thread while this one reads.
            let writer = Thread.start(named: "guest") { [socket = Guest.Unchecked(value: socket)] in
                try? socket.value.send(Array(stream[taken...]))
            }
            var received: [UInt8] = []
            while received.count < stream.count { received += try client.frame().payload }
            #expect(received == stream)
            if let writer { pthread_join(writer, nil) }
        }
    }

    @Test func `nothing is read from a client whose guest does not read`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            let client = try RawClient(address)
            try client.open("/console")
            let frame = Frame.binary([UInt8](repeating: 5, count: 64 << 10)).masked()
            let stream = [[UInt8]](repeating: frame, count: 400).flatMap { $0 }
            let taken = try await client.sendWhatIsTaken(stream)
            #expect(taken < stream.count)
            let writer = Thread.start(named: "client") { [client = Guest.Unchecked(value: client)] in
                try? client.value.send(Array(stream[taken...]))
            }
            let received = try guest.socket().take(400 * (64 << 10))
            #expect(received.allSatisfy { $0 == 5 })
            if let writer { pthread_join(writer, nil) }
        }
    }

    @Test func `a client that waits in vain for a guest can still leave`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            do {
                let client = try RawClient(address)
                try client.open("/console")
                let frame = Frame.binary([UInt8](repeating: 5, count: 64 << 10)).masked()
                _ = try await client.sendWhatIsTaken([[UInt8]](repeating: frame, count: 100).flatMap { $0 })
            }
            // What had been taken still comes, then the end.
            _ = try guest.socket().bytes()
        }
    }

    @Test func `a server that stops says 1001 and closes the guest's socket`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, server in
            let client = try RawClient(address)
            try client.open("/console")
            async let stopping: Void = server.stop(grace: .seconds(20))
            #expect(try client.frame().code == 1001)
            try client.send(.close(1001))
            #expect(try client.isClosed())
            #expect(try guest.socket().isClosed())
            await stopping
        }
    }

    @Test func `many relays come and go, and no descriptor stays`() async throws {
        let guest = Guest()
        try await withServer(router(guest)) { address, _ in
            for round in 0..<100 {
                let client = try RawClient(address)
                try client.open("/console")
                let socket = try guest.socket()
                try socket.send([UInt8(round)])
                #expect(try client.frame() == .binary([UInt8(round)]))
                if round % 2 == 0 {
                    client.reset()
                } else {
                    guest.forget()
                }
            }
            guest.forget()
            try await waitUntil { openSockets() < 20 }
        }
    }

    private func openSockets() -> Int {
        (3..<1024).count { descriptor in
            var kind: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            var domain: Int32 = 0
            return getsockopt(Int32(descriptor), SOL_SOCKET, SO_TYPE, &kind, &size) == 0
                && getsockopt(Int32(descriptor), SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX
        }
    }
}
