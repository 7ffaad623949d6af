import Synchronization
import Testing

@testable import HTTP

/// The server that a conformance suite talks to, and what its handlers saw.
struct ConformanceServer: Sendable {
    /// The one of the running suite.
    @TaskLocal static var current: ConformanceServer?

    let address: String
    let witness: Witness

    /// Notes what handlers see, by the client's address. Every conversation has an address of its own (all of
    /// 127.0.0.0/8 is the loopback), so that no two can be mistaken for each other.
    final class Witness: Sendable {
        private let seen = Lock<[String: [Seen]]>([:])
        private let clients = Atomic(0)

        func newClient() -> String {
            let number = clients.add(1, ordering: .relaxed).newValue
            return "127.1.\(number / 250).\(number % 250 + 1)"
        }

        func seen(by client: String) -> [Seen] { seen.withLock { $0[client] ?? [] } }

        @Sendable func answer(_ request: Request) -> Response {
            let query = request.rawTarget.firstIndex(of: "?").map { String(request.rawTarget[$0...]) } ?? ""
            let sight = Seen(
                "\(request.method.rawValue) \(request.path)\(query)",
                request.fields.all.map { "\($0.name): \($0.value)" },
                content: String(decoding: request.content, as: UTF8.self), host: request.host, hostField: nil)
            seen.withLock { $0[request.remoteAddress, default: []].append(sight) }
            return .text("seen")
        }

        /// Every path is there, with every method that carries content and every kind of handler.
        func router() -> Router {
            var router = Router()
            for method in [HTTP.Method.get, .post, .put, .patch, .delete] {
                for pattern in ["/", "/{path...}"] {
                    router.on(method, pattern, .collected(limit: 64 << 10), .loop(answer))
                }
                router.on(method, "/worker", .collected(limit: 64 << 10), .worker(answer))
                router.on(method, "/async", .collected(limit: 64 << 10), .async(answer))
            }
            router.on(.get, "/probe", .none, .loop { _ in .text("probe") })
            return router
        }
    }
}

/// Runs the server of a suite while its tests run.
struct ServedTrait: SuiteTrait, TestScoping {
    let configure: @Sendable (inout ServerConfiguration) -> Void
    let routes: @Sendable (inout Router, ConformanceServer.Witness) throws -> Void

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let witness = ConformanceServer.Witness()
        var router = witness.router()
        try routes(&router, witness)
        try await withServer(router, configure: configure) { address, _ in
            let server = ConformanceServer(address: address, witness: witness)
            try await ConformanceServer.$current.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == ServedTrait {
    /// One server for the whole suite.
    static func served(
        _ configure: @escaping @Sendable (inout ServerConfiguration) -> Void = { _ in },
        routes: @escaping @Sendable (inout Router, ConformanceServer.Witness) throws -> Void = { _, _ in }
    ) -> ServedTrait {
        ServedTrait(configure: configure, routes: routes)
    }

    static var served: ServedTrait { served() }
}

extension Conversation {
    /// How the client's bytes are cut on their way.
    enum Cut: CaseIterable {
        case whole
        case singleBytes
    }

    private static let probe = "GET /probe HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Has the conversation with the suite's server, and then once more with every byte sent by itself.
    func hold() throws {
        let server = try #require(ConformanceServer.current)
        let length = turns.reduce(0) { $0 + $1.input.count }
        for cut in Cut.allCases where cut == .whole || length < 4 << 10 { try hold(with: server, cut) }
    }

    private func hold(with server: ConformanceServer, _ cut: Cut) throws {
        let source = server.witness.newClient()
        do {
            let socket = try RawClient(server.address, from: source, patience: 10)
            for turn in turns {
                try socket.send(turn.input, piece: cut == .whole ? turn.input.count : 1)
                if client == .endsSending { socket.endSending() }
                guard client != .closes, client != .resets else { continue }
                for answer in turn.answers { try check(socket.response(head: answer.isHead), answer, cut) }
            }
            switch client {
            case .waits: try checkEnd(socket, cut)
            case .endsSending: #expect(try socket.isClosed(), "\(name), \(cut)")
            case .closes: break
            case .resets: socket.reset()
            }
        }
        // Answered by the same loop, which therefore is done with everything before.
        let other = try RawClient(server.address, from: server.witness.newClient(), patience: 10)
        try other.send(Conversation.probe)
        #expect(try other.response().text == "probe", "\(name), \(cut)")
        #expect(server.witness.seen(by: source) == seen, "\(name), \(cut)")
    }

    private func check(_ response: RawResponse, _ answer: Answer, _ cut: Cut) {
        // The boundary of several parts is another one each time.
        let boundary = response["content-type"]?.split(separator: "boundary=").dropFirst().first
        func known(_ text: String) -> String { boundary.map { text.replacing($0, with: "B") } ?? text }
        #expect(response.status == answer.status, "\(name), \(cut)")
        checkForm(of: response, cut)
        for field in answer.fields {
            if field.hasPrefix("!") {
                #expect(response[String(field.dropFirst())] == nil, "\(name), \(cut)")
            } else {
                let pair = field.split(separator: ":", maxSplits: 1)
                #expect(response[String(pair[0])].map(known) == String(pair[1].dropFirst()), "\(name), \(cut)")
            }
        }
        if let content = answer.content { #expect(known(response.text) == content, "\(name), \(cut)") }
    }

    /// What holds for every response: it has one date (RFC 9110 section 6.6.1) and one end (RFC 9112 section 6).
    private func checkForm(of response: RawResponse, _ cut: Cut) {
        guard response.status >= 200 else { return }
        func count(_ name: String) -> Int { response.fields.count { $0.name == name } }
        #expect(count("date") == 1 && HTTPDate.seconds(response["date"] ?? "") != nil, "\(name), \(cut)")
        let ends = count("content-length") + count("transfer-encoding")
        let hasNone = response.status == 204 || response.status == 304 || response["connection"] == "close"
        #expect(ends == 1 || ends == 0 && hasNone, "\(name), \(cut)")
    }

    /// A connection that is kept answers one more request; a closed one neither answers nor says anything else.
    private func checkEnd(_ socket: RawClient, _ cut: Cut) throws {
        try socket.send(Conversation.probe)
        switch end {
        case .kept: #expect(try socket.response().text == "probe", "\(name), \(cut)")
        case .closed: #expect(try socket.rest() == "", "\(name), \(cut)")
        }
    }
}
