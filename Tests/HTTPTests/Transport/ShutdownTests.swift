import Testing

@testable import HTTP

struct ShutdownTests {
    @Test func `what runs is finished, idle connections are closed, new ones refused`() async throws {
        var router = testRouter()
        let gate = Gate(on: &router)
        try await withServer(router) { address, server in
            // A failure below must not leave the handler waiting.
            defer { gate.open() }
            let idle = try RawClient(address)
            try idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try idle.response().status == 200)
            let busy = try RawClient(address)
            try busy.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.entered.wait()
            async let stopping: Void = server.stop(grace: .seconds(20))
            // The idle one is closed while the busy one is still at work.
            #expect(try idle.isClosed())
            #expect(throws: RawClient.Failure.self) { _ = try RawClient(address) }
            gate.open()
            let response = try busy.response()
            #expect(response.text == "finished")
            #expect(response["connection"] == "close")
            #expect(try busy.isClosed())
            await stopping
            server.wait()
        }
    }

    @Test func `a worker's handler that never returns does not hold the stop up`() async throws {
        let gate = Latch()
        let entered = Latch()
        var router = testRouter()
        router.on(
            .get, "/stuck", .none,
            .worker { _ in
                entered.open()
                gate.waitBlocking()
                return .text("late")
            })
        defer { gate.open() }
        try await withServer(router) { address, server in
            let client = try RawClient(address)
            try client.send("GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n")
            await entered.wait()
            await server.stop(grace: .zero)
            #expect(try client.isClosed())
        }
    }

    @Test func `after the grace what still runs is cut off`() async throws {
        let left = Latch()
        var router = testRouter()
        router.on(
            .get, "/forever", .none,
            .async { _ in
                do {
                    try await Task.sleep(for: .seconds(3600))
                } catch {
                    left.open()
                }
                return .text("never seen")
            })
        try await withServer(router) { address, server in
            let client = try RawClient(address)
            try client.send("GET /forever HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            let other = try RawClient(address)
            try other.send("GET /async HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try other.response().status == 200)
            await server.stop(grace: .milliseconds(50))
            await left.wait()
            #expect((try? client.rest())?.contains("never seen") != true)
        }
    }

    @Test func `an event stream ends at once when the server stops`() async throws {
        var router = testRouter()
        router.on(
            .get, "/events", .none,
            .async { _ in
                .events { stream in
                    try await stream.send(data: "first")
                    try await Task.sleep(for: .seconds(3600))
                }
            })
        try await withServer(router) { address, server in
            let client = try RawClient(address)
            try client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            var text = ""
            while !text.contains("first") { text += try client.some() }
            await server.stop(grace: .seconds(20))
            // Ended properly, not cut.
            #expect(try client.rest().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `requests sent before the stop are answered`() async throws {
        try await withServer(testRouter(), configure: { $0.loops = 2 }) { address, server in
            let clients = try (0..<40).map { _ in try RawClient(address) }
            for client in clients { try client.send("GET /worker?q=7 HTTP/1.1\r\nHost: x\r\n\r\n") }
            await server.stop(grace: .seconds(20))
            for client in clients { #expect(try client.response().text == "worker 7") }
        }
    }

    @Test func `an address that is not ours stops the start`() async throws {
        await #expect(throws: SystemError.self) {
            try await withServer(testRouter(), configure: { $0.addresses = ["192.0.2.1:1"] }) { _, _ in }
        }
    }

    @Test func `addresses are numeric, with a port`() throws {
        for bad in ["localhost:80", "127.0.0.1", "::1:80", "127.0.0.1:99999"] {
            #expect(throws: SystemError.self) { try SocketAddress(bad) }
        }
        for good in ["[::1]:80", "127.0.0.1:8000"] {
            let address = try SocketAddress(good)
            #expect(address.text == good)
        }
    }
}
