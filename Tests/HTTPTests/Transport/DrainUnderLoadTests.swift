import Glibc
import Testing

@testable import HTTP

/// Many clients at work while the server stops: what it has taken on is answered, and who is not answered was told so.
struct DrainUnderLoadTests {
    /// What all clients together have seen, and the handlers have done.
    private final class Ledger: Sendable {
        struct Entries {
            var handled: Set<String> = []
            var answered: Set<String> = []
            /// Connections that ended without the server having said so, while a request was on its way.
            var surprises: [String] = []
        }
        let entries = Lock(Entries())

        func note<Value>(_ body: (inout Entries) -> sending Value) -> sending Value { entries.withLock(body) }
    }

    /// How a client asks.
    private enum Manner: Int, CaseIterable {
        case oneByOne
        case pipelined
        case oneConnectionEach
    }

    @Test func `every request that was taken on is answered, whoever sends it and however`() async throws {
        let ledger = Ledger()
        try await withServer(
            router(ledger),
            configure: {
                $0.loops = 2
                // Long enough for clients that get little of a busy machine; none of them waits for it to pass.
                $0.timeouts.lastCall = .seconds(10)
            }
        ) { address, server in
            let clients = (0..<18).compactMap { number in
                Thread.start(named: "client") {
                    let manner = Manner.allCases[number % Manner.allCases.count]
                    for visit in 0... {
                        guard DrainUnderLoadTests.visit(address, "\(number)-\(visit)", manner, ledger) else { return }
                    }
                }
            }
            try await waitUntil { ledger.note { $0.answered.count } > 600 }
            await server.stop(grace: .seconds(20))
            for client in clients { pthread_join(client, nil) }
            let entries = ledger.note { $0 }
            #expect(entries.handled.subtracting(entries.answered).isEmpty)
            #expect(entries.surprises.isEmpty)
            #expect(entries.answered.count > 600)
        }
    }

    /// Some answers are made on the loop, some by workers, some by tasks; some are long.
    private func router(_ ledger: Ledger) -> Router {
        @Sendable func answer(_ request: Request) -> Response {
            let id = request.query["id"] ?? ""
            ledger.note { _ = $0.handled.insert(id) }
            return .text(id + String(repeating: ".", count: id.hasSuffix("0") ? 100_000 : 10))
        }
        var router = Router()
        router.on(.get, "/0", .none, .loop(answer))
        router.on(.get, "/1", .none, .worker(answer))
        router.on(.get, "/2", .none, .async(answer))
        return router
    }

    /// Uses one connection until the server has said that it closes.
    /// - Returns: whether the server is still there.
    private static func visit(_ address: String, _ name: String, _ manner: Manner, _ ledger: Ledger) -> Bool {
        guard let client = try? RawClient(address) else { return false }
        let depth = manner == .pipelined ? 5 : 1
        let ending = manner == .oneConnectionEach ? "Connection: close\r\n" : ""
        var served = 0
        for round in 0... {
            let ids = (0..<depth).map { "\(name)-\(round)-\($0)" }
            let requests = ids.enumerated().map { index, id in
                "GET /\((round + index) % 3)?id=\(id) HTTP/1.1\r\nHost: x\r\n\(ending)\r\n"
            }
            do {
                try client.send(requests.joined())
                for id in ids {
                    let response = try client.response()
                    served += 1
                    guard response.text.hasPrefix(id + ".") else {
                        throw RawClient.Failure(description: "wrong answer")
                    }
                    ledger.note { _ = $0.answered.insert(id) }
                    if response["connection"] == "close" {
                        // Nothing is lost of what came before, and the end is one.
                        guard try client.rest().isEmpty else {
                            throw RawClient.Failure(description: "more after close")
                        }
                        return true
                    }
                }
            } catch {
                // A connection the server never knew of may end like that, one that it has served not.
                if served > 0 { ledger.note { $0.surprises.append("\(ids[0]): \(error)") } }
                return false
            }
        }
        return true
    }
}
