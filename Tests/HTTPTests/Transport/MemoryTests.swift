import Testing

@testable import HTTP

/// What waits in memory for slow clients is bounded, whatever each of them may have.
struct MemoryTests {
    private let big = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func `readers that do not read go before memory does, the slowest first`() async throws {
        let log = RecordedLog()
        try await withServer(testRouter(), configure: { $0.limits.bufferedBytes = 10 << 20 }, log: log) {
            address, server in
            var readers: [RawClient] = []
            for count in 1...4 {
                let reader = try RawClient(address, receiveBuffer: 4096)
                try reader.send(big)
                readers.append(reader)
                // Two times 4 MiB fit, a third does not.
                try await waitUntil {
                    server.connections.shed >= count - 2 && server.connections.bufferedBytes >= min(count, 2) * 4 << 20
                }
            }
            for reader in readers[..<2] {
                #expect(throws: RawClient.Failure.self) { try reader.response().content.count }
            }
            #expect(try readers[2].response().content.count == 4 << 20)
            #expect(try readers[3].response().content.count == 4 << 20)
            #expect(log.lines(with: "slow connections closed").count == 1)
            #expect(server.connections.shed == 2)
        }
    }

    @Test func `senders that do not finish go too, those who finished are answered`() async throws {
        try await withServer(testRouter(), configure: { $0.limits.bufferedBytes = 1 << 20 }) { address, server in
            func begin() throws -> RawClient {
                let client = try RawClient(address)
                try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n")
                try client.send(String(repeating: "x", count: 599_999))
                return client
            }
            let first = try begin()
            try await waitUntil { server.connections.bufferedBytes == 599_999 }
            let second = try begin()
            try await waitUntil { server.connections.shed == 1 }
            #expect(throws: RawClient.Failure.self) { try first.response().content.count }
            try second.send("x")
            #expect(try second.response().content.count == 600_000)
        }
    }

    @Test func `a client that sends requests and reads no answers is not read for long`() async throws {
        let handled = Lock(0)
        var router = Router()
        router.on(
            .get, "/page", .none,
            .loop { _ in
                handled.withLock { $0 += 1 }
                return .text(String(repeating: "p", count: 10_000))
            })
        try await withServer(router, configure: { $0.limits.bufferedBytes = 1 << 20 }) { address, server in
            let client = try RawClient(address, receiveBuffer: 4096)
            let request = "GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
            try client.send(String(repeating: request, count: 1_000))
            var count = -1
            // What has been answered stands still although most has not been asked.
            try await waitUntil {
                let last = count
                count = handled.withLock { $0 }
                return count > 0 && count == last
            }
            #expect(count < 200)
            #expect(server.connections.shed == 0)
            for _ in 0..<1_000 { #expect(try client.response().content.count == 10_000) }
        }
    }
}
