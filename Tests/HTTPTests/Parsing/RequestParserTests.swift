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
