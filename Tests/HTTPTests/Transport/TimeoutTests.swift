import Glibc
import Testing

@testable import HTTP

/// Short times are injected; every wait is for something the server does.
struct TimeoutTests {
    private func short(_ kind: WritableKeyPath<Timeouts, Duration>) -> (inout ServerConfiguration) -> Void {
        { $0.timeouts[keyPath: kind] = .milliseconds(100) }
    }

    @Test func `a head that does not arrive gets 408`() async throws {
        try await withServer(testRouter(), configure: short(\.head)) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /hello HTTP/1.1\r\nHost:")
            #expect(try client.response().status == 408)
            #expect(try client.isClosed())
        }
    }

    @Test func `a head that dribbles in gets 408 all the same`() async throws {
        try await withServer(testRouter(), configure: short(\.head)) { address, _ in
            let client = try RawClient(address)
            // Each byte is progress, but the head's time does not start anew: the server ends this, or send fails.
            do {
                for byte in "GET /" + String(repeating: "a", count: 4000) {
                    try client.send(String(byte))
                    try await Task.sleep(for: .milliseconds(5))
                }
                Issue.record("the server took 4000 slow bytes")
            } catch is RawClient.Failure {}
        }
    }

    @Test func `content that stops gets 408`() async throws {
        try await withServer(testRouter(), configure: short(\.body)) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            #expect(try client.response().status == 408)
            #expect(try client.isClosed())
        }
    }

    @Test func `content that dribbles in gets 408 all the same`() async throws {
        try await withServer(
            testRouter(),
            configure: {
                $0.timeouts.body = .milliseconds(200)
                $0.timeouts.minimumRate = 1 << 20
            }
        ) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
            do {
                for _ in 0..<10_000 {
                    try client.send("x")
                    try await Task.sleep(for: .milliseconds(5))
                }
                Issue.record("the server took 10,000 slow bytes")
            } catch is RawClient.Failure {}
        }
    }

    @Test func `a reader that takes a little now and then is dropped all the same`() async throws {
        let dropped = Latch()
        try await withServer(
            testRouter(),
            configure: {
                $0.timeouts.write = .milliseconds(200)
                $0.timeouts.minimumRate = 64 << 20
                $0.observers = [RequestCallback { if !$0.isComplete { dropped.open() } }]
            }
        ) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            try client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
            // All of it would take more than a minute.
            let reading = Task {
                var bytes = [UInt8](repeating: 0, count: 2048)
                while !Task.isCancelled, recv(client.descriptor, &bytes, bytes.count, 0) > 0 {
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            await dropped.wait()
            reading.cancel()
            try? await reading.value
        }
    }

    @Test func `a streaming handler whose content stops is told`() async throws {
        let told = Latch()
        var router = testRouter()
        router.on(
            .post, "/told", .streamed(limit: 100),
            .async { request in
                do {
                    for try await _ in request.contentStream {}
                } catch {
                    told.open()
                    throw error
                }
                return .text("all")
            })
        try await withServer(router, configure: short(\.body)) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /told HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            #expect(try client.response().status == 408)
            await told.wait()
        }
    }

    @Test func `an idle connection is closed without a word`() async throws {
        try await withServer(testRouter(), configure: short(\.idle)) { address, _ in
            let silent = try RawClient(address)
            #expect(try silent.isClosed())
            let served = try RawClient(address)
            try served.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try served.response().status == 200)
            #expect(try served.isClosed())
        }
    }

    @Test func `a reader that does not read is dropped, and the log says so`() async throws {
        let incomplete = Latch()
        try await withServer(
            testRouter(),
            configure: {
                $0.timeouts.write = .milliseconds(100)
                $0.observers = [RequestCallback { if !$0.isComplete { incomplete.open() } }]
            }
        ) { address, _ in
            let client = try RawClient(address, receiveBuffer: 4096)
            try client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
            await incomplete.wait()
        }
    }

    @Test func `a handler may take longer than every timeout`() async throws {
        let gate = Latch()
        defer { gate.open() }
        var router = testRouter()
        router.on(
            .get, "/slow", .none,
            .worker { _ in
                gate.waitBlocking()
                return .text("done")
            })
        try await withServer(
            router,
            configure: {
                $0.timeouts.head = .milliseconds(40)
                $0.timeouts.body = .milliseconds(40)
                $0.timeouts.idle = .milliseconds(200)
            }
        ) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            // Another connection is closed for idleness meanwhile: time has passed.
            #expect(try RawClient(address).isClosed())
            gate.open()
            #expect(try client.response().text == "done")
        }
    }
}
