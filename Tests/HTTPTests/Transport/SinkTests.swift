import Testing

@testable import HTTP

/// A sink that counts, and remembers how it ended.
private final class CountingSink: ContentSink {
    struct State {
        var sum = 0
        var pieces = 0
        var isAbandoned = false
    }

    let state = Lock(State())
    let abandoned = Latch()

    func write(_ bytes: [UInt8]) throws {
        let sum = state.withLock { state in
            state.pieces += 1
            state.sum += bytes.reduce(0) { $0 + Int($1) }
            return state.sum
        }
        if sum > 10_000_000 { throw RequestError(.insufficientStorage, "it is full") }
    }

    func abandon() {
        state.withLock { $0.isAbandoned = true }
        abandoned.open()
    }
}

struct SinkTests {
    private let made = Lock<[CountingSink]>([])

    private func router(before: Guard? = nil) -> Router {
        var router = Router()
        router.on(
            .put, "/file",
            .written(limit: 64 << 20) { [made] request in
                guard request.fields["X-Refused"] == nil else { throw RequestError(.conflict, "not now") }
                let sink = CountingSink()
                made.withLock { $0.append(sink) }
                return sink
            }, before: before,
            .worker { request in
                guard let sink = request.sink as? CountingSink else { return .text("no sink") }
                return .text("\(sink.state.withLock { $0.sum })")
            })
        return router
    }

    private func put(_ fields: String) -> String { "PUT /file HTTP/1.1\r\nHost: x\r\n\(fields)\r\n" }

    @Test func `content goes into the sink as it comes, with or without a length`() async throws {
        try await withServer(router()) { address, _ in
            let client = try RawClient(address)
            let content = [UInt8](repeating: 3, count: 1_000_000)
            for _ in 0..<2 {
                try client.send(put("Content-Length: 1000000\r\n"))
                try client.send(content)
                #expect(try client.response().text == "3000000")
            }
            try client.send(put("Transfer-Encoding: chunked\r\n"))
            for _ in 0..<10 {
                try client.send("186A0\r\n")
                try client.send(Array(content[..<100_000]))
                try client.send("\r\n")
            }
            try client.send("0\r\n\r\n")
            #expect(try client.response().text == "3000000")
        }
        #expect(made.withLock { $0.count } == 3)
        #expect(made.withLock { $0.allSatisfy { !$0.state.withLock { $0.isAbandoned } } })
        #expect(made.withLock { $0[0].state.withLock { $0.pieces } } > 1)
    }

    @Test(arguments: ["", "Content-Length: 0\r\n"])
    func `a request without content has a sink, too`(fields: String) async throws {
        try await withServer(router()) { address, _ in
            let client = try RawClient(address)
            try client.send(put(fields))
            #expect(try client.response().text == "0")
        }
    }

    @Test func `a client that leaves has its sink abandoned`() async throws {
        try await withServer(router()) { address, _ in
            do {
                let leaving = try RawClient(address)
                try leaving.send(put("Content-Length: 1000\r\n") + "abc")
                while made.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(2)) }
            }
            await made.withLock { $0[0] }.abandoned.wait()
        }
    }

    @Test func `what the sink throws is the answer, and so is what making it throws`() async throws {
        try await withServer(router()) { address, _ in
            let client = try RawClient(address)
            try client.send(put("Content-Length: 6000000\r\n"))
            try? client.send([UInt8](repeating: 3, count: 6_000_000))
            #expect(try client.response().status == 507)
            await made.withLock { $0[0] }.abandoned.wait()
            let other = try RawClient(address)
            try other.send(put("X-Refused: yes\r\nContent-Length: 3\r\n") + "abc")
            #expect(try other.response().status == 409)
        }
    }

    @Test func `a guard is asked before a sink is made, and the limit holds`() async throws {
        let before: Guard = { $0.fields["X-Name"] == nil ? .text("who are you", status: .forbidden) : nil }
        try await withServer(router(before: before)) { address, _ in
            let client = try RawClient(address)
            try client.send(put("Content-Length: 3\r\n"))
            #expect(try client.response().status == 403)
            let large = try RawClient(address)
            try large.send(put("X-Name: me\r\nContent-Length: 99999999\r\n"))
            #expect(try large.response().status == 413)
            #expect(made.withLock { $0.isEmpty })
        }
    }

    @Test func `a request without a socket goes through the sink`() async throws {
        let response = router().respond(to: .testing(.put, "/file", content: [1, 2, 3]))
        #expect(try await response.collectedContent() == Array("6".utf8))
    }
}
