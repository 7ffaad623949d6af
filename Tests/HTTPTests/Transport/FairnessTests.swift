import Testing

@testable import HTTP

/// However many want something at once, the others on their loop have their turn in between.
struct FairnessTests {
    private func turns(_ server: Server) -> UInt64 { server.loopStatistics.reduce(0) { $0 + $1.turns } }

    @Test func `a crowd of tasks is dealt with in many turns`() async throws {
        var router = testRouter()
        router.on(
            .get, "/crowd", .none,
            .async { _ in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<2000 { group.addTask {} }
                }
                return .text("all of them")
            })
        try await withServer(router) { address, server in
            let client = try RawClient(address)
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "hello")
            let before = turns(server)
            try client.send("GET /crowd HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "all of them")
            #expect(turns(server) - before >= 2000 / 64)
        }
    }

    @Test func `a crowd of newcomers is let in in many turns`() async throws {
        var router = testRouter()
        let gate = Gate(on: &router)
        router.on(
            .get, "/hold", .none,
            .loop { _ in
                gate.entered.waitBlocking()
                return .text("held")
            })
        try await withServer(router) { address, server in
            // While the loop stands still, all of them come into the kernel's queue.
            let holder = try RawClient(address)
            try holder.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n")
            let crowd = try (0..<200).map { _ in try RawClient(address) }
            let before = turns(server)
            gate.entered.open()
            #expect(try holder.response().text == "held")
            for client in crowd {
                try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try client.response().text == "hello")
            }
            #expect(turns(server) - before >= 200 / 16)
        }
    }

    @Test func `those who all ran out of time are told so in many turns`() async throws {
        try await withServer(testRouter(), configure: { $0.timeouts.head = .milliseconds(300) }) { address, server in
            let crowd = try (0..<400).map { _ in try RawClient(address) }
            for client in crowd { try client.send("GET /hello HTTP/1.1\r\n") }
            for client in crowd { #expect(try client.response().status == 408) }
        }
    }

    @Test func `of a flood the first are told why they are turned away, the others by a reset`() async throws {
        try await withServer(
            testRouter(),
            configure: {
                $0.limits.connectionsPerClient = 1
                $0.limits.countsThisMachine = true
            }
        ) { address, server in
            let first = try RawClient(address)
            try first.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try first.response().status == 200)
            // A reset can be there before connecting has returned.
            let flood = (0..<800).map { _ in try? RawClient(address) }
            let answers = flood.map { try? $0?.response().status }
            #expect((100..<800).contains(answers.count { $0 == 503 }))
            #expect(answers.allSatisfy { $0 == nil || $0 == 503 })
            #expect(server.connections.refused == 800)
            try first.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try first.response().status == 200)
        }
    }

    @Test func `a ration lasts for its second, and is not saved up`() {
        var ration = Ration(perSecond: 2)
        let moments: [UInt64] = [5, 6, 7, 1_000_004, 9_000_000, 9_000_001, 9_000_002]
        let taken = moments.map { ration.take(now: $0) }
        #expect(taken == [true, true, false, false, true, true, false])
    }
}
