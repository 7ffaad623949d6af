import Testing

@testable import HTTP

@Suite struct `Request metrics` {
    @Test func `requests are counted by route, method and status, whatever loop answered them`() async throws {
        let metrics = RequestMetrics()
        var router = testRouter()
        router.on(.get, "/items/{id}", .none, .worker { .text($0.parameters["id"]) })
        try await withServer(
            router,
            configure: {
                $0.observers = [metrics]
                $0.loops = 2
            }
        ) { address, server in
            for number in 0..<20 {
                let client = try RawClient(address)
                try client.send("GET /items/\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try client.response()
            }
            for head in ["HEAD /hello HTTP/1.1\r\nHost: x", "GET /none HTTP/1.1\r\nHost: x", "nonsense"] {
                let client = try RawClient(address)
                try client.send(head + "\r\n\r\n")
                _ = try client.response(head: head.hasPrefix("HEAD"))
            }
            await server.stop(grace: .seconds(1))
        }
        let series = metrics.series()
        #expect(
            series.map { "\($0.key.route) \($0.key.method) \($0.key.status) \($0.count)" } == [
                " - 400 1", " GET 404 1", "/hello HEAD 200 1", "/items/{id} GET 200 20",
            ])
        let items = try #require(series.last)
        #expect(items.bytesSent == 10 + 20)
        #expect(items.microseconds > 0)
        #expect(items.buckets.reduce(0, +) == 20)
    }

    @Test func `a duration falls into the first bucket that is wide enough`() {
        var series = RequestSeries(key: .init(route: "/", method: "GET", status: 200))
        for duration: UInt64 in [0, 250, 251, 10_000_000, 10_000_001] {
            series.add(microseconds: duration, bytesSent: 1)
        }
        #expect(series.count == 5)
        #expect(series.buckets == [2, 1] + Array(repeating: 0, count: 12) + [1])
        #expect(series.microseconds == 20_000_502)
    }

    @Test func `an event loop says how long its turns took`() async throws {
        try await withServer(testRouter()) { address, server in
            let client = try RawClient(address)
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try client.response()
            let loops = server.loopStatistics
            #expect(loops.count == 1)
            #expect(loops[0].turns > 0 && loops[0].buckets.reduce(0, +) <= loops[0].turns)
        }
    }
}
