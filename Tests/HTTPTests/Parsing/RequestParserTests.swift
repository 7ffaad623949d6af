import Testing

@testable import HTTP

struct RequestParserTests {
    /// The status a head is refused with; 0 when it is accepted; nil when more is expected.
    private func refusal(_ head: String, limits: Limits = Limits()) -> Int? {
        let log = trace(Array(head.utf8), cuts: [], limits: limits)
        guard let last = log.last else { return nil }
        if last.hasPrefix("left") { return log.count > 2 ? 0 : nil }
        return Int(last.prefix(3))
    }

    private func withLine(_ line: String) -> String { "\(line)\r\nHost: a\r\n\r\n" }
    private func withFields(_ fields: String) -> String { "POST / HTTP/1.1\r\n\(fields)\r\n\r\n" }

    @Test(arguments: [
        "GET / HTTP/1.1", "GET /a/b?c=d HTTP/1.1", "GET http://h/ HTTP/1.1", "GET HTTPS://h:1?x HTTP/1.1",
        "OPTIONS * HTTP/1.1", "GET /%E2%82%AC HTTP/1.1", "GET /a|b^c[] HTTP/1.1", "GET //x HTTP/1.1",
        "GET /... HTTP/1.1", "GET /.well-known/x HTTP/1.1", "GET /a..b/..c HTTP/1.1", "GET / HTTP/1.9",
    ])
    func `a good request line is taken (RFC 9112, 3)`(line: String) {
        #expect(refusal(withLine(line)) == 0)
    }

    @Test(arguments: [
        ("GET  / HTTP/1.1", 400), ("GET / HTTP/1.1 ", 400), (" GET / HTTP/1.1", 400), ("GET /", 400), ("GET", 400),
        ("GET / http/1.1", 400), ("GET / HTTP/1", 400), ("GET / HTTP/11", 400), ("GET / HTTP/1.10", 400),
        ("GET\t/ HTTP/1.1", 400), ("GET /a b HTTP/1.1", 400), ("GET /#f HTTP/1.1", 400), ("GET a HTTP/1.1", 400),
        ("GET * HTTP/1.1", 400), ("GET ftp://x/ HTTP/1.1", 400), ("GET http:///x HTTP/1.1", 400),
        ("GET http://u@h/ HTTP/1.1", 400), ("GET /%4 HTTP/1.1", 400), ("GET /%zz HTTP/1.1", 400),
        ("GET /%00 HTTP/1.1", 400), ("GET /%FF HTTP/1.1", 400), ("GET /caf\u{e9} HTTP/1.1", 400),
        ("GET /a/../b HTTP/1.1", 400), ("GET /a/./b HTTP/1.1", 400), ("GET /.. HTTP/1.1", 400),
        ("GET /a/%2E%2e HTTP/1.1", 400), ("GET /a%2F..%2Fb HTTP/1.1", 400), ("GE\u{0}T / HTTP/1.1", 400),
        ("get / HTTP/1.1", 501), ("CONNECT h:1 HTTP/1.1", 501), ("TRACE / HTTP/1.1", 501),
        ("GET / HTTP/2.0", 505), ("PRI * HTTP/2.0", 505), ("GET / HTTP/0.9", 505),
    ])
    func `a bad request line is refused (RFC 9112, 3)`(line: String, status: Int) {
        #expect(refusal(withLine(line)) == status)
    }

    @Test(arguments: [
        "Host: a\r\nX:", "Host: a\r\nX: \u{e9}", "Host: a\r\n!#$%&'*+-.^_`|~: v", "Host:\ta:1", "Host: [::1]",
        "Host: a\r\nContent-Length: 0", "Host: a\r\nTransfer-Encoding: chunked", "host: a", "Host: a_b.c-d",
    ])
    func `good fields are taken (RFC 9110, 5)`(fields: String) {
        #expect(refusal(withFields(fields)) == 0)
    }

    @Test(arguments: [
        ("Host: a\r\nX : y", 400), ("Host: a\r\n: y", 400), ("Host: a\r\nX", 400), ("Host: a\r\n X: y", 400),
        ("Host: a\r\nX: y\r\n z", 400), ("Host: a\r\nX: y\u{0}", 400), ("Host: a\r\nX: y\u{7}", 400),
        ("Host: a\r\nX: y\rz", 400), ("Host: a\r\nX(: y", 400), ("Host: a\r\nX: y\n", 400), ("Host: a\nX: y", 400),
        ("Host: a\r\nX: \u{7f}", 400), ("X: y", 400), ("Host: a\r\nHost: a", 400), ("Host: a b", 400),
        ("Host: a/b", 400),
        ("Host: a:99999", 400), ("Host: a:x", 400), ("Host: [::1", 400), ("Host: [::1]x", 400), ("Host: u@a", 400),
        ("Host:", 400), ("Host: a\r\nContent-Length: -1", 400), ("Host: a\r\nContent-Length: +1", 400),
        ("Host: a\r\nContent-Length: 1 1", 400), ("Host: a\r\nContent-Length: 1, 1", 400),
        ("Host: a\r\nContent-Length: 0x1", 400), ("Host: a\r\nContent-Length:", 400),
        ("Host: a\r\nContent-Length: 99999999999999999999", 400),
        ("Host: a\r\nContent-Length: 9999999999999999999", 400),
        ("Host: a\r\nContent-Length: 1\r\nContent-Length: 1", 400),
        ("Host: a\r\nContent-Length: 1\r\nContent-Length: 2", 400),
        ("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", 400),
        ("Host: a\r\nTransfer-Encoding: gzip", 501), ("Host: a\r\nTransfer-Encoding: gzip, chunked", 501),
        ("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 501),
        ("Host: a\r\nTransfer-Encoding: chunked, identity", 501), ("Host: a\r\nTransfer-Encoding: xchunked", 501),
        ("Host: a\r\nTransfer-Encoding:", 501), ("Host: a\r\nExpect: 200-ok", 417),
    ])
    func `bad fields are refused (RFC 9110, 5; RFC 9112, 5 and 6)`(fields: String, status: Int) {
        #expect(refusal(withFields(fields)) == status)
    }

    @Test func `Transfer-Encoding in HTTP 1.0 is refused`() {
        #expect(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
    }

    @Test(arguments: [
        "5\nabcde\r\n0\r\n\r\n", "5\r\nabcde0\r\n\r\n", "\r\n", "-1\r\n", "0x5\r\nabcde\r\n", "5 \r\nabcde\r\n",
        " 5\r\n",
        "5;\u{0}\r\n", "1000000000000000\r\n", "5\r\nabcde\n0\r\n\r\n", "0\r\nbad trailer\r\n\r\n", "0\r\nX: y\n\r\n",
        "0\n\r\n", "5\r\rabcde", "g\r\n",
    ])
    func `bad chunks are refused (RFC 9112, 7)`(chunks: String) {
        #expect(refusal("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)") == 400)
    }

    @Test func `what begins like no request is refused at its first byte`() {
        #expect(refusal("\u{16}") == 400)
        #expect(refusal(" ") == 400)
        #expect(refusal("\r\n\r\n") == 400)
        #expect(refusal("\n") == 400)
        #expect(refusal("G") == nil)
    }

    @Test func `every limit holds to the byte`() {
        var limits = Limits()
        limits.requestLine = 100
        let line = "GET /" + String(repeating: "a", count: 100 - 14) + " HTTP/1.1"
        #expect(line.utf8.count == 100)
        #expect(refusal(withLine(line), limits: limits) == 0)
        #expect(refusal(withLine(line.replacing("GET", with: "HEAD")), limits: limits) == 414)
        #expect(refusal(line, limits: limits) == nil)
        #expect(refusal(String(repeating: "a", count: 102), limits: limits) == 414)

        limits = Limits()
        limits.fieldCount = 3
        #expect(refusal(withFields("Host: a\r\nB: 1\r\nC: 2"), limits: limits) == 0)
        #expect(refusal(withFields("Host: a\r\nB: 1\r\nC: 2\r\nD: 3"), limits: limits) == 431)

        limits = Limits()
        limits.head = 64
        let padding = 64 - withFields("Host: a\r\nX: ").utf8.count
        #expect(refusal(withFields("Host: a\r\nX: " + String(repeating: "y", count: padding)), limits: limits) == 0)
        #expect(
            refusal(withFields("Host: a\r\nX: " + String(repeating: "y", count: padding + 3)), limits: limits) == 431)
        #expect(refusal("GET / HTTP/1.1\r\nX: " + String(repeating: "y", count: 60), limits: limits) == 431)

        limits = Limits()
        limits.chunkLine = 8
        let post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(refusal(post + "1;23456\r\na\r\n0\r\n\r\n", limits: limits) == 0)
        #expect(refusal(post + "1;234567\r\na\r\n0\r\n\r\n", limits: limits) == 400)
        limits.trailerSection = 10
        #expect(refusal(post + "0\r\nA: 1\r\n\r\n", limits: limits) == 0)
        #expect(refusal(post + "0\r\nA: 1234\r\n\r\n", limits: limits) == 431)
    }

    @Test func `the absolute form's host takes the place of Host (RFC 9112, 3.2.2)`() {
        #expect(trace(Array(sampleMessages[4].utf8), cuts: [])[0].contains(" other.example "))
    }

    @Test(arguments: sampleMessages)
    func `a message cut at any two places gives the same events`(message: String) {
        let bytes = Array(message.utf8)
        let whole = trace(bytes, cuts: [])
        for first in 0...bytes.count {
            #expect(trace(bytes, cuts: [first]) == whole)
            for second in stride(from: first, through: bytes.count, by: 7) {
                #expect(trace(bytes, cuts: [first, second]) == whole)
            }
        }
        #expect(trace(bytes, cuts: Array(0...bytes.count)) == whole)
    }

    @Test func `mutated messages give the same events however they are cut, and never trap`() {
        var random = SeededRandom(state: 20_261_123)
        var limits = Limits()
        limits.head = 200
        limits.requestLine = 60
        limits.chunkLine = 12
        var refused = 0
        for _ in 0..<4000 {
            var bytes = Array(sampleMessages.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
            let whole = trace(bytes, cuts: [], limits: limits)
            let cuts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Int.random(in: 0...bytes.count, using: &random)
            }
            #expect(trace(bytes, cuts: cuts.sorted(), limits: limits) == whole)
            if !whole.last!.hasPrefix("left") { refused += 1 }
        }
        // Both outcomes must occur, or the mutations test nothing.
        #expect(refused > 500 && refused < 3900)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        guard !bytes.isEmpty else { return bytes.append(0x0A) }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let interesting: [UInt8] = [0, 9, 10, 13, 32, 35, 37, 44, 47, 58, 59, 127, 128, 255]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[index] = interesting.randomElement(using: &random)!
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(interesting.randomElement(using: &random)!, at: index)
        default:
            let end = Int.random(in: index...min(bytes.count, index + 12), using: &random)
            bytes.insert(contentsOf: Array(bytes[index..<end]), at: index)
        }
    }
}
