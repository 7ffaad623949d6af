import Testing

@testable import HTTP

struct AdmissionTests {
    private let hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

    private func isServed(_ client: RawClient) throws -> Bool {
        try client.send(hello)
        return try client.response().status == 200
    }

    @Test func `one client's address has a limit that others do not feel`() async throws {
        try await withServer(
            testRouter(),
            configure: {
                $0.limits.connectionsPerClient = 2
                $0.limits.countsThisMachine = true
            }
        ) { address, _ in
            var clients = try (0..<2).map { _ in try RawClient(address, from: "127.0.0.2") }
            for client in clients { #expect(try isServed(client)) }
            let third = try RawClient(address, from: "127.0.0.2")
            let refusal = try third.response()
            #expect(refusal.status == 503)
            #expect(refusal["retry-after"] == "5")
            #expect(try third.isClosed())
            #expect(try isServed(RawClient(address, from: "127.0.0.3")))
            // Whoever leaves makes room.
            clients.removeFirst()
            try await waitUntil { (try? isServed(RawClient(address, from: "127.0.0.2"))) == true }
        }
    }

    @Test func `this machine may have as many connections as it wants`() async throws {
        try await withServer(testRouter(), configure: { $0.limits.connectionsPerClient = 1 }) { address, _ in
            let clients = try (0..<3).map { _ in try RawClient(address) }
            for client in clients { #expect(try isServed(client)) }
        }
    }

    @Test func `for a newcomer the longest idle one has to go`() async throws {
        try await withServer(testRouter(), configure: { $0.limits.connections = 2 }) { address, server in
            let first = try RawClient(address)
            let second = try RawClient(address)
            for client in [first, second, first] { #expect(try isServed(client)) }
            let newcomer = try RawClient(address)
            #expect(try isServed(newcomer))
            #expect(try second.isClosed())
            #expect(try isServed(first))
            #expect(server.connections == ConnectionCounts(open: 2, refused: 0, evicted: 1))
        }
    }

    @Test func `who has begun a request and waits has to go too`() async throws {
        try await withServer(testRouter(), configure: { $0.limits.connections = 2 }) { address, _ in
            let slow = try RawClient(address)
            try slow.send("GET /hel")
            let idle = try RawClient(address)
            #expect(try isServed(idle))
            #expect(try isServed(RawClient(address)))
            #expect(try slow.isClosed())
            #expect(try isServed(idle))
        }
    }

    @Test func `when all are being served newcomers are refused, and the log says so once`() async throws {
        var router = testRouter()
        let gate = Gate(on: &router)
        defer { gate.open() }
        let log = RecordedLog()
        try await withServer(router, configure: { $0.limits.connections = 1 }, log: log) { address, _ in
            let busy = try RawClient(address)
            try busy.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.entered.wait()
            for _ in 0..<20 {
                let client = try RawClient(address)
                // Its request is on the way when the refusal comes, and does not reset it.
                try client.send(hello)
                #expect(try client.response().status == 503)
            }
            #expect(log.lines(with: "connections refused").count == 1)
            gate.open()
            #expect(try busy.response().text == "finished")
        }
    }

    @Test func `an IPv6 network of 64 bits is one client, an IPv4 address is one however it comes`() throws {
        func network(_ host: String) throws -> ClientNetwork { ClientNetwork(try SocketAddress(host + ":1")) }
        #expect(try network("[2001:db8::1]") == network("[2001:db8::ffff:1]"))
        #expect(try network("[2001:db8:0:1::1]") != network("[2001:db8::1]"))
        #expect(try network("192.0.2.1") == network("[::ffff:192.0.2.1]"))
        #expect(try network("192.0.2.1") != network("192.0.2.2"))
    }

    @Test(arguments: ["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "[::ffff:127.0.0.1]:1"])
    func `the loopback is this machine`(_ text: String) throws {
        #expect(ClientNetwork.isThisMachine(try SocketAddress(text)))
    }

    @Test(arguments: ["192.0.2.1:1", "[::2]:1", "[2001:db8::1]:1", "[::ffff:192.0.2.127]:1"])
    func `others are not`(_ text: String) throws {
        #expect(!ClientNetwork.isThisMachine(try SocketAddress(text)))
    }

    @Test func `what is left for files is part of the limit of descriptors`() {
        #expect(DescriptorLimit.connections(within: 20_000) == 18_976)
        #expect(DescriptorLimit.connections(within: 1024) == 896)
        #expect(DescriptorLimit.connections(within: 16) == 1)
    }

    @Test func `a flood of newcomers does not look at all connections every time`() {
        var queue = EvictionQueue()
        var looks = 0
        let candidates = (1...3).map {
            EvictionQueue.Candidate(reference: .init(descriptor: Int32($0), serial: 1), since: UInt64($0 * 10))
        }
        func next(_ now: UInt64, waiting: Set<Int32> = [1, 2, 3]) -> Int32? {
            let found = queue.next(
                now: now,
                {
                    looks += 1
                    return candidates.shuffled()
                }, { waiting.contains($0.reference.descriptor) })
            return found?.descriptor
        }
        #expect(next(20_000) == 1)
        // Two is at work again.
        #expect(next(20_001, waiting: [3]) == 3)
        #expect(looks == 1)
        #expect(next(20_002) == nil)
        #expect(looks == 1)
        #expect(next(30_000) == 1)
        #expect(looks == 2)
    }
}
