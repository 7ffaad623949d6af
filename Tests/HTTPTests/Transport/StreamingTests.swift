import Testing

@testable import HTTP

struct StreamingTests {
    @Test func `events are sent as they happen, with a heartbeat between`() async throws {
        let gate = Latch()
        defer { gate.open() }
        var router = Router()
        router.on(
            .get, "/events", .none,
            .async { _ in
                .events(heartbeat: .milliseconds(20)) { stream in
                    try await stream.send(event: "instance", data: "one\ntwo\r\nthree", id: "7\n8")
                    await gate.wait()
                    try await stream.send(data: "last")
                }
            })
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try client.response(head: true)
            #expect(head["content-type"] == "text/event-stream")
            #expect(head["cache-control"] == "no-store")
            var text = ""
            // The opening comment, the event, and at least one heartbeat while nothing happens.
            while text.components(of: ":\n\n") < 2 { text += try client.some() }
            #expect(text.contains("id: 78\nevent: instance\ndata: one\ndata: two\ndata: three\n\n"))
            gate.open()
            while !text.contains("data: last\n\n") { text += try client.some() }
            // The source has returned: the stream ends and the connection goes on.
            while !text.hasSuffix("0\r\n\r\n") { text += try client.some() }
        }
    }

    @Test func `a client that leaves cancels the stream`() async throws {
        let cancelled = Latch()
        var router = Router()
        router.on(
            .get, "/events", .none,
            .async { _ in
                .events { _ in
                    do {
                        try await Task.sleep(for: .seconds(3600))
                    } catch {
                        cancelled.open()
                        throw error
                    }
                }
            })
        try await withServer(router) { address, _ in
            do {
                let client = try RawClient(address)
                try client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.response(head: true)
            }
            await cancelled.wait()
        }
    }

    @Test func `a writer waits for its reader`() async throws {
        let written = Lock(0)
        let stalled = Latch()
        var router = Router()
        router.on(
            .get, "/flood", .none,
            .async { _ in
                Response(
                    body: .stream { stream in
                        for _ in 0..<1024 {
                            try await stream.write([UInt8](repeating: 0x79, count: 64 << 10))
                            written.withLock { $0 += 1 }
                        }
                    })
            })
        router.on(
            .get, "/look", .none,
            .worker { _ in
                stalled.open()
                return .text("\(written.withLock { $0 })")
            })
        try await withServer(router, configure: { $0.timeouts.write = .seconds(600) }) { address, _ in
            let slow = try RawClient(address, receiveBuffer: 4096)
            try slow.send("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
            let other = try RawClient(address)
            var counts: [String] = []
            // The count stops growing although nobody reads: the writer waits.
            repeat {
                try other.send("GET /look HTTP/1.1\r\nHost: x\r\n\r\n")
                counts.append(try other.response().text)
                try await Task.sleep(for: .milliseconds(20))
            } while counts.count < 5 || Set(counts.suffix(4)).count > 1
            #expect(Int(counts.last!)! < 256, "64 MiB were written for a reader that does not read")
            #expect(try slow.response().content.count == 64 << 20)
        }
    }

    @Test func `a stream that fails is cut, not ended`() async throws {
        struct Broken: Error {}
        var router = Router()
        router.on(
            .get, "/broken", .none,
            .async { _ in
                Response(
                    body: .stream {
                        try await $0.write("some")
                        throw Broken()
                    })
            })
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n")
            let text = try client.rest()
            #expect(text.hasSuffix("4\r\nsome\r\n"))
        }
    }

    @Test func `HEAD of a stream does not run it`() async throws {
        var router = Router()
        router.on(
            .get, "/s", .none, .async { _ in Response(body: .stream { _ in Issue.record("the stream ran") }) })
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            for _ in 0..<2 {
                try client.send("HEAD /s HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.response(head: true).status == 200)
            }
        }
    }

    @Test func `every request is reported once it is sent`() async throws {
        let reports = Lock<[RequestSummary]>([])
        try await withServer(
            testRouter(),
            configure: { $0.observers = [RequestCallback { summary in reports.withLock { $0.append(summary) } }] }
        ) {
            address, server in
            let client = try RawClient(address)
            try client.send(
                "GET /hello?a=1 HTTP/1.1\r\nHost: h\r\nUser-Agent: test\r\n\r\nGET /no HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try client.response()
            _ = try client.response()
            try client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\nBAD\r\n\r\n")
            _ = try client.rest()
            await server.stop(grace: .seconds(5))
            let all = reports.withLock { $0 }
            #expect(all.map(\.status.code) == [200, 404, 200, 400])
            #expect(all[0].target == "/hello?a=1")
            #expect(all[0].pattern == "/hello")
            #expect(all[0].userAgent == "test")
            #expect(all[0].bytesSent == 5)
            #expect(all[1].pattern == nil)
            #expect(all[2].bytesSent == 24)
            #expect(all.map(\.isComplete) == [true, true, true, true])
            #expect(Set(all.map(\.id)).count == 4)
        }
    }
}

extension String {
    fileprivate func components(of text: String) -> Int {
        ranges(of: text).count
    }
}
