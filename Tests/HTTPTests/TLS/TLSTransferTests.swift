import Foundation
import TestSupport
import Testing

@testable import HTTP

/// Requests and responses over TLS: all that holds for plain connections holds here.
struct TLSTransferTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

    /// A file of `size` bytes that are not all the same, and its content.
    private func file(_ size: Int) throws -> (url: URL, content: [UInt8]) {
        let url = FileManager.default.temporaryDirectory.appending(path: "body-\(UUID().uuidString.prefix(8))")
        var random = SeededRandom(state: UInt64(size))
        let content = (0..<size / 8).flatMap { _ in withUnsafeBytes(of: random.next(), Array.init) }
        try Data(content).write(to: url)
        return (url, content)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `one connection carries many requests, one by one and pipelined`(version: String) async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let client = try TLSClient(address, certificate, [version])
            for _ in 0..<3 {
                try client.send(Self.get)
                #expect(try client.response().text == "hello")
            }
            // Many requests in one record, each of which stops the parser until its worker is done.
            try client.send((0..<100).map { "GET /worker?q=\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            for number in 0..<100 { #expect(try client.response().text == "worker \(number)") }
        }
    }

    @Test func `a request knows that it is secure`() async throws {
        var router = Router()
        router.on(.get, "/", .none, .loop { .text("\($0.isSecure)") })
        try await withTLSServer(router) { address, certificate, _ in
            let client = try TLSClient(address, certificate)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "true")
        }
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().text == "false")
        }
    }

    @Test func `browsers are told to come over TLS only, over TLS only (RFC 6797 section 7.2)`() async throws {
        let configure: (inout ServerConfiguration) -> Void = { $0.strictTransportSecurity = "max-age=60" }
        for target in ["/hello", "/nothing"] {
            let request = "GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n"
            try await withTLSServer(testRouter(), configure: configure) { address, certificate, _ in
                let client = try TLSClient(address, certificate)
                try client.send(request)
                #expect(try client.response()["strict-transport-security"] == "max-age=60")
            }
            try await withServer(testRouter(), configure: configure) { address, _ in
                let client = try RawClient(address)
                try client.send(request)
                #expect(try client.response()["strict-transport-security"] == nil)
            }
        }
    }

    @Test func `a file is sent as it is, to a client that takes its time`() async throws {
        let (url, content) = try file(3 << 20)
        defer { try? FileManager.default.removeItem(at: url) }
        var router = testRouter()
        router.on(.get, "/file", .none, .worker { _ in Response(body: .file(try FileRegion(path: url.path))) })
        try await withTLSServer(router) { address, certificate, _ in
            let client = try TLSClient(address, certificate)
            try client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get)
            // The server has long filled every buffer between us when the reading begins.
            let other = try TLSClient(address, certificate)
            try other.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try other.response().content == content)
            #expect(try client.response().content == content)
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `a file that became shorter cuts the connection, without close_notify`() async throws {
        let (url, content) = try file(1 << 20)
        defer { try? FileManager.default.removeItem(at: url) }
        var router = Router()
        router.on(
            .get, "/file", .none,
            .worker { _ in
                let region = try FileRegion(path: url.path)
                truncate(url.path, 100_000)
                return Response(body: .file(region))
            })
        try await withTLSServer(router) { address, certificate, _ in
            let client = try TLSClient(address, certificate)
            try client.send("GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try client.response(head: true)
            #expect(head["content-length"] == "\(content.count)")
            #expect(try client.bytes() == Array(content[..<100_000]))
            #expect(client.lastWords().contains("unexpected eof"))
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `the end is said with close_notify`(version: String) async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let client = try TLSClient(address, certificate, [version])
            try client.send("GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try client.response().content.count == 4 << 20)
            #expect(try client.isClosed())
            #expect(!client.lastWords().contains("unexpected eof"))
        }
    }

    @Test func `an idle connection is closed with close_notify`() async throws {
        try await withTLSServer(testRouter(), configure: { $0.timeouts.idle = .milliseconds(100) }) {
            address, certificate, _ in
            let client = try TLSClient(address, certificate)
            try client.send(Self.get)
            #expect(try client.response().text == "hello")
            #expect(try client.isClosed())
            #expect(!client.lastWords().contains("unexpected eof"))
        }
    }

    @Test func `large content arrives, in records of every length`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let client = try TLSClient(address, certificate)
            let content = try file(1 << 20)
            try FileManager.default.removeItem(at: content.url)
            try client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(content.content.count)\r\n\r\n")
            var sent = 0
            var step = 1
            while sent < content.content.count {
                let next = min(content.content.count, sent + step)
                try client.send(Array(content.content[sent..<next]))
                (sent, step) = (next, step * 2 % 40_009)
            }
            #expect(try client.response().content == content.content)
        }
    }

    @Test func `a streaming handler that is slow slows the client down`() async throws {
        let gate = Latch()
        defer { gate.open() }
        var router = testRouter()
        router.on(
            .post, "/slow", .streamed(limit: 64 << 20),
            .async { request in
                var total = 0
                for try await piece in request.contentStream {
                    if total == 0 { await gate.wait() }
                    total += piece.count
                }
                return .text("\(total)")
            })
        try await withTLSServer(router) { address, certificate, _ in
            let client = try TLSClient(address, certificate)
            let size = 16 << 20
            try client.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            var taken = 0
            // Nobody reads: the client cannot send it all.
            while taken < size, client.canSend(milliseconds: 300) {
                taken += client.sendSome([UInt8](repeating: 0x7A, count: min(64 << 10, size - taken)))
            }
            #expect(taken < size)
            gate.open()
            try client.send([UInt8](repeating: 0x7A, count: size - taken))
            #expect(try client.response().text == "\(size)")
        }
    }

    @Test func `new keys on the way change nothing (RFC 8446 section 4.6.3)`() async throws {
        try await withTLSServer(testRouter()) { address, certificate, _ in
            let client = try TLSClient(address, certificate, ["-tls1_3"], takesCommands: true)
            try client.send("K\n")
            let log = client.log
            try await waitUntil("the client has read its order") {
                try String(contentsOf: log, encoding: .utf8).contains("KEYUPDATE") ? () : nil
            }
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let said = try client.rest()
            #expect(said.contains("\r\n\r\nhello"), "\(said)")
        }
    }

    /// Asks for more than any buffer between client and server holds, and reads none of it.
    private func unfinished(
        timeouts: Timeouts = Timeouts(), _ leave: (TLSClient) -> Void
    ) async throws -> Bool {
        let isComplete = Lock<Bool?>(nil)
        let reported = Latch()
        try await withTLSServer(
            testRouter(),
            configure: {
                $0.timeouts = timeouts
                $0.observers = [
                    RequestCallback { request in
                        isComplete.withLock { $0 = request.isComplete }
                        reported.open()
                    }
                ]
            }
        ) { address, certificate, _ in
            let client = try TLSClient(address, certificate)
            try client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try client.some()
            leave(client)
            await reported.wait()
        }
        return isComplete.withLock { $0 } == false
    }

    @Test func `a client that goes away in the middle of a response is noticed`() async throws {
        #expect(try await unfinished { $0.abort() })
    }

    @Test func `a client that never reads is given up`() async throws {
        var timeouts = Timeouts()
        timeouts.write = .milliseconds(100)
        #expect(try await unfinished(timeouts: timeouts) { _ in })
    }
}
