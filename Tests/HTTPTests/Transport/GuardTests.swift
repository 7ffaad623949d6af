import Glibc
import Testing

@testable import HTTP

/// A route with a guard, seen from the wire: what is refused is refused before its content.
struct GuardTests {
    private struct Broken: Error {}

    /// A guard that waits until it is let go on.
    private struct Held: Sendable {
        let entered = Latch()
        let gate = Latch()
        var refusal: Response?

        var before: Guard {
            { _ in
                entered.open()
                gate.waitBlocking()
                return refusal
            }
        }
    }

    /// POST /guarded keeps at most 8 MiB; what `before` says is sent, and whatever is let in is echoed by its length.
    private func router(_ before: @escaping Guard) -> Router {
        var router = testRouter()
        router.on(
            .post, "/guarded", .collected(limit: 8 << 20), before: before, .worker { .text("took \($0.content.count)") }
        )
        return router
    }

    private func post(_ fields: String, path: String = "/guarded") -> String {
        "POST \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
    }

    /// A request of somebody else, answered by the same loop: what it was at before is done.
    private func roundTrip(_ address: String) throws {
        let other = try RawClient(address)
        try other.send(hello)
        #expect(try other.response().text == "hello")
    }

    private let hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Refuses everybody who does not say who they are.
    @Sendable private static func wantsName(_ request: Request) -> Response? {
        request.fields["X-Name"] == nil ? .text("who are you?", status: .forbidden) : nil
    }

    @Test func `who waits for 100 continue is refused without it`() async throws {
        try await withServer(router(GuardTests.wantsName)) { address, _ in
            let client = try RawClient(address)
            try client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n"))
            let response = try client.response()
            #expect(response.status == 403)
            #expect(response.text == "who are you?")
            #expect(response["connection"] == "close")
            #expect(try client.isClosed())
        }
    }

    @Test func `who is let in gets 100 continue after the guard, not before`() async throws {
        let held = Held()
        try await withServer(router(held.before)) { address, _ in
            defer { held.gate.open() }
            let client = try RawClient(address)
            try client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n"))
            await held.entered.wait()
            try roundTrip(address)
            #expect(client.hasNothingToRead)
            held.gate.open()
            #expect(try client.response().status == 100)
            try client.send("abcde" + hello)
            #expect(try client.response().text == "took 5")
            #expect(try client.response().text == "hello")
        }
    }

    @Test(arguments: ["Content-Length: 5000000\r\n", "Transfer-Encoding: chunked\r\n"])
    func `a client that sends all the same can read the refusal while it does`(_ framing: String) async throws {
        try await withServer(
            router(GuardTests.wantsName), configure: { $0.timeouts.linger = .seconds(60) }
        ) { address, _ in
            let client = try RawClient(address)
            try client.send(post(framing))
            let piece = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            for _ in 0..<4 { try client.send(piece) }
            let response = try client.response()
            #expect(response.status == 403)
            #expect(response["connection"] == "close")
            // The server still takes what comes, and looks at none of it.
            for _ in 0..<4 { try client.send(piece) }
            try client.send(hello)
            client.endSending()
            #expect(try client.isClosed())
        }
    }

    @Test func `no byte of a refused file reaches the disk, though it is there with the head`() async throws {
        let requests = Lock(0)
        var router = Router()
        router.on(
            .post, "/file", .form(.files(upTo: 8 << 20)), before: GuardTests.wantsName,
            .worker { request in
                requests.withLock { $0 += 1 }
                return .text("\(request.form.files.count)")
            })
        // A folder that is not there: whoever tries to write gets 500.
        try await withServer(router, configure: { $0.temporaryDirectory = "/nonexistent/uploads" }) { address, _ in
            let file =
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"
                + String(repeating: "x", count: 300_000) + "\r\n--b--\r\n"
            let fields = "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: \(file.utf8.count)\r\n"
            for (name, status) in [("", 403), ("X-Name: me\r\n", 500)] {
                let client = try RawClient(address)
                try client.send(post(fields + name, path: "/file") + file)
                #expect(try client.response().status == status)
            }
        }
        #expect(requests.withLock { $0 } == 0)
    }

    @Test(arguments: [
        "Content-Length: 11\r\n\r\nhello world",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
    ])
    func `content that is there already waits for the guard and arrives whole`(_ rest: String) async throws {
        try await withServer(router(GuardTests.wantsName)) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /guarded HTTP/1.1\r\nHost: x\r\nX-Name: me\r\n" + rest + hello)
            #expect(try client.response().text == "took 11")
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `pipelined requests behind a guarded one are answered after it`() async throws {
        try await withServer(router(GuardTests.wantsName)) { address, _ in
            let client = try RawClient(address)
            let guarded = post("X-Name: me\r\nContent-Length: 2\r\n") + "ab"
            try client.send(hello + guarded + hello + guarded + post("Content-Length: 0\r\n") + hello)
            for text in ["hello", "took 2", "hello", "took 2", "who are you?", "hello"] {
                #expect(try client.response().text == text)
            }
        }
    }

    @Test func `a request behind refused content is never looked at`() async throws {
        try await withServer(router(GuardTests.wantsName)) { address, _ in
            let client = try RawClient(address)
            try client.send(post("Content-Length: 2\r\n") + "ab" + hello)
            #expect(try client.response().status == 403)
            #expect(try client.isClosed())
        }
    }

    @Test func `what a guard throws goes to the hooks, and nothing is read`() async throws {
        var router = router { request in
            if request.fields["X-Name"] == nil { throw Broken() }
            throw RequestError(.unprocessableContent, "no")
        }
        router.failure = { error, _ in .text("failed: \(error is Broken)", status: .badGateway) }
        try await withServer(router) { address, _ in
            for (field, status, text) in [("", 502, "failed: true"), ("X-Name: me\r\n", 422, "no\n")] {
                let client = try RawClient(address)
                try client.send(post(field + "Expect: 100-continue\r\nContent-Length: 5\r\n"))
                let response = try client.response()
                #expect(response.status == status)
                #expect(response.text == text)
                #expect(try client.isClosed())
            }
        }
    }

    @Test func `a field of a refusal that cannot be sent is a failure`() async throws {
        try await withServer(router { _ in .seeOther("/a\r\nSet-Cookie: stolen=1") }) { address, _ in
            let client = try RawClient(address)
            try client.send(post("Content-Length: 0\r\n") + hello)
            let response = try client.response()
            #expect(response.status == 500)
            #expect(response["location"] == nil)
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `a guard that blocks holds up nobody else on the loop`() async throws {
        let held = Held()
        try await withServer(router(held.before)) { address, _ in
            defer { held.gate.open() }
            let client = try RawClient(address)
            try client.send(post("Content-Length: 3\r\n") + "abc")
            await held.entered.wait()
            try roundTrip(address)
            #expect(client.hasNothingToRead)
            held.gate.open()
            #expect(try client.response().text == "took 3")
        }
    }

    @Test(arguments: [true, false])
    func `a client may leave while the guard is at work`(letsIn: Bool) async throws {
        let held = Held(refusal: letsIn ? nil : .text("no", status: .forbidden))
        let left = Latch()
        let handled = Lock(false)
        var router = testRouter()
        router.on(
            .post, "/guarded", .collected(limit: 100), before: held.before,
            .worker { _ in
                handled.withLock { $0 = true }
                return .text("late")
            })
        try await withServer(
            router, configure: { $0.observers = [RequestCallback { if $0.pattern == "/guarded" { left.open() } }] }
        ) { address, _ in
            defer { held.gate.open() }
            var client: RawClient? = try RawClient(address)
            try client?.send(post("Content-Length: 5\r\n") + "ab")
            await held.entered.wait()
            client = nil
            held.gate.open()
            await left.wait()
            try roundTrip(address)
            #expect(!handled.withLock { $0 })
        }
    }

    @Test func `a client that half-closed behind its content is answered`() async throws {
        try await withServer(router(GuardTests.wantsName)) { address, _ in
            let client = try RawClient(address)
            try client.send(post("X-Name: me\r\nContent-Length: 5\r\n") + "abcde")
            client.endSending()
            #expect(try client.response().text == "took 5")
            #expect(try client.isClosed())
        }
    }

    @Test func `the time for content begins when the guard is done`() async throws {
        let held = Held()
        try await withServer(
            router(held.before),
            configure: {
                $0.timeouts.head = .milliseconds(50)
                $0.timeouts.body = .milliseconds(50)
            }
        ) { address, _ in
            defer { held.gate.open() }
            let client = try RawClient(address)
            try client.send(post("Content-Length: 5\r\n"))
            await held.entered.wait()
            // Another connection's head times out, and by then this one's time would be up as well.
            let other = try RawClient(address)
            try other.send("GET")
            #expect(try other.response().status == 408)
            #expect(client.hasNothingToRead)
            held.gate.open()
            #expect(try client.response().status == 408)
        }
    }

    @Test func `a guard that finds no worker lets nobody in`() async throws {
        try await withServer(router { _ in nil }, configure: { $0.limits.queuedRequests = 0 }) { address, _ in
            let client = try RawClient(address)
            try client.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n"))
            #expect(try client.response().status == 503)
            #expect(try client.isClosed())
        }
    }

    @Test func `a streaming route is guarded too, and streams when let in`() async throws {
        var router = Router()
        router.on(
            .post, "/count", .streamed(limit: 1 << 20), before: GuardTests.wantsName,
            .async { request in
                var total = 0
                for try await piece in request.contentStream { total += piece.count }
                return .text("\(total)")
            })
        try await withServer(router) { address, _ in
            let stranger = try RawClient(address)
            try stranger.send(post("Content-Length: 3\r\n", path: "/count"))
            #expect(try stranger.response().status == 403)
            let client = try RawClient(address)
            for _ in 0..<2 {
                try client.send(post("X-Name: me\r\nContent-Length: 200000\r\n", path: "/count"))
                try client.send(String(repeating: "x", count: 200_000))
                #expect(try client.response().text == "200000")
            }
        }
    }

    @Test func `a server that stops waits for the guard and for the handler behind it`() async throws {
        let held = Held()
        try await withServer(router(held.before)) { address, server in
            defer { held.gate.open() }
            let idle = try RawClient(address)
            try idle.send(hello)
            #expect(try idle.response().text == "hello")
            let client = try RawClient(address)
            try client.send(post("Content-Length: 3\r\n") + "abc")
            await held.entered.wait()
            async let stopping: Void = server.stop(grace: .seconds(20))
            #expect(try idle.isClosed())
            held.gate.open()
            #expect(try client.response().text == "took 3")
            #expect(try client.isClosed())
            await stopping
        }
    }

    @Test func `a request without a socket meets the guard before its content policy`() async {
        var router = router(GuardTests.wantsName)
        router.on(.post, "/async", .none, before: GuardTests.wantsName, .async { _ in .text("in") })
        let content = [UInt8](repeating: 1, count: 9 << 20)
        #expect(router.respond(to: .testing(.post, "/guarded", content: content)).status == .forbidden)
        #expect(
            router.respond(to: .testing(.post, "/guarded", fields: ["X-Name": "me"], content: content)).status
                == .contentTooLarge)
        #expect(await router.answer(.testing(.post, "/async")).status == .forbidden)
        #expect(await router.answer(.testing(.post, "/async", fields: ["X-Name": "me"])).status == .ok)
    }

    @Test func `a guard sees the route's parameters and no content`() {
        var router = Router()
        router.on(
            .post, "/a/{id}", .form(.fields), before: { .text("\($0.parameters["id"]) \($0.content.count)") },
            .loop { _ in .text("handler") })
        guard case .bytes(let bytes) = router.respond(to: .testing(.post, "/a/7", form: ["a": "b"])).body else {
            return #expect(Bool(false))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "7 0")
    }
}
