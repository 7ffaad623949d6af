import Testing

@testable import HTTP

/// Addresses no route has, over real sockets.
struct NotFoundTests {
    @Test func `who answers for them may wait, and nobody else waits for it`() async throws {
        let isAsked = Latch()
        let mayAnswer = Latch()
        var router = testRouter()
        router.notFound = { _ in
            isAsked.open()
            mayAnswer.waitBlocking()
            return .text("nothing here", status: .notFound)
        }
        // There is one loop.
        try await withServer(router) { address, _ in
            let lost = try RawClient(address)
            try lost.send("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            await isAsked.wait()
            let other = try RawClient(address)
            try other.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try other.response().text == "hello")
            mayAnswer.open()
            let answer = try lost.response()
            #expect(answer.status == 404 && answer.text == "nothing here")
        }
    }

    @Test func `content sent to them is thrown away and the connection lives`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            let content = String(repeating: "x", count: 5000)
            try client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n\(content)")
            try client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().status == 404)
            #expect(try client.response().text == "hello")
        }
    }

    @Test func `much content is not read at all`() async throws {
        try await withServer(testRouter()) { address, _ in
            let client = try RawClient(address)
            try client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
            let answer = try client.response()
            #expect(answer.status == 404 && answer["Connection"] == "close")
        }
    }

    @Test func `what the hook throws up is no harm, and what it makes is compressed like any page`() async throws {
        var router = Router()
        router.notFound = { request in
            var response = Response.html([UInt8](repeating: 0x78, count: 5000), status: .notFound)
            if request.query["fault"] != nil { response.fields.set("X-Bad", "a\nb") }
            return response
        }
        try await withServer(router) { address, _ in
            let client = try RawClient(address)
            try client.send("GET /a HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
            let coded = try client.response()
            #expect(coded.status == 404 && coded["Content-Encoding"] == "gzip")
            try client.send("GET /a?fault=1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.response().status == 500)
        }
    }
}
