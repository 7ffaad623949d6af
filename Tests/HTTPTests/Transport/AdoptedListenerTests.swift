import Glibc
import Logging
import Testing

@testable import HTTP

@Suite struct `Listeners that come and go` {
    private let hello = "GET /who HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Says which listener a request came through.
    private var router: Router {
        var router = Router()
        router.on(.get, "/who", .none, .loop { .text($0.listener ?? "configured") })
        return router
    }

    private func listen() throws -> (descriptor: Int32, address: String) {
        let socket = try Socket.listening(on: SocketAddress("127.0.0.1:0"))
        return (socket.descriptor, socket.localAddress.text)
    }

    private func ask(_ client: RawClient) throws -> String {
        try client.send(hello)
        return try client.response().text
    }

    @Test(arguments: [1, 3])
    func `each request knows its listener`(loops: Int) async throws {
        try await withServer(router, configure: { $0.loops = loops }) { address, server in
            let (a, b) = (try listen(), try listen())
            try server.adopt(listener: a.descriptor, named: "net-a")
            try server.adopt(listener: b.descriptor, named: "net-b")
            for _ in 0..<8 {
                #expect(try ask(RawClient(a.address)) == "net-a")
                #expect(try ask(RawClient(b.address)) == "net-b")
                #expect(try ask(RawClient(address)) == "configured")
            }
        }
    }

    @Test func `one that is let go takes its connections with it and nobody else's`() async throws {
        try await withServer(router) { address, server in
            let (a, b) = (try listen(), try listen())
            try server.adopt(listener: a.descriptor, named: "net-a")
            try server.adopt(listener: b.descriptor, named: "net-b")
            let (ours, theirs) = (try RawClient(a.address), try RawClient(b.address))
            #expect(try ask(ours) == "net-a" && ask(theirs) == "net-b")
            server.release(listener: "net-a")
            server.release(listener: "unknown")
            #expect(try ours.isClosed())
            try await waitUntil { (try? RawClient(a.address)) == nil }
            #expect(try ask(theirs) == "net-b")
            #expect(try ask(RawClient(address)) == "configured")
            // The name can be used again.
            let again = try listen()
            try server.adopt(listener: again.descriptor, named: "net-a")
            #expect(try ask(RawClient(again.address)) == "net-a")
        }
    }

    @Test func `a server that listens nowhere else serves them`() async throws {
        var configuration = ServerConfiguration(addresses: [String]())
        configuration.loops = 1
        let server = Server(
            router: router, configuration: configuration, logger: .init(label: "test") { _ in SilentLog() })
        let early = try listen()
        #expect(throws: SystemError.self) { try server.adopt(listener: early.descriptor, named: "early") }
        #expect(try server.start() == [])
        let socket = try listen()
        try server.adopt(listener: socket.descriptor, named: "net")
        #expect(try ask(RawClient(socket.address)) == "net")
        await server.stop(grace: .zero)
        #expect((try? RawClient(socket.address)) == nil)
        // What comes too late is closed.
        let late = try listen()
        try server.adopt(listener: late.descriptor, named: "late")
        try await waitUntil { (try? RawClient(late.address)) == nil }
    }

    @Test func `what is no listening socket is refused`() async throws {
        try await withServer(router) { _, server in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            #expect(throws: SystemError.self) { try server.adopt(listener: descriptor, named: "net") }
        }
    }

    @Test func `the same address on two networks is two clients`() async throws {
        try await withServer(
            router,
            configure: {
                $0.limits.connectionsPerClient = 2
                $0.limits.countsThisMachine = true
            }
        ) { _, server in
            let (a, b) = (try listen(), try listen())
            try server.adopt(listener: a.descriptor, named: "net-a")
            try server.adopt(listener: b.descriptor, named: "net-b")
            let crowd = try (0..<2).map { _ in try RawClient(a.address, from: "127.0.0.9") }
            for client in crowd { #expect(try ask(client) == "net-a") }
            #expect(try RawClient(a.address, from: "127.0.0.9").response().status == 503)
            #expect(try ask(RawClient(b.address, from: "127.0.0.9")) == "net-b")
        }
    }
}
