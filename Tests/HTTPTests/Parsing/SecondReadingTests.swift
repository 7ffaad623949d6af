import Testing

@testable import HTTP

/// Smuggling needs two readings of the same bytes. Here there are two, made apart from each other.
struct SecondReadingTests {
    /// The complete requests that the server's parser finds, and whether it refused what came then.
    private func read(_ bytes: [UInt8]) -> (messages: [PlainReading.Message], isRefused: Bool) {
        var parser = RequestParser(limits: Limits())
        var messages: [PlainReading.Message] = []
        var message = PlainReading.Message()
        var offset = 0
        do throws(RequestError) {
            while true {
                let (consumed, event) = try bytes[offset...].withUnsafeBufferPointer { (rest) throws(RequestError) in
                    let (consumed, event) = try parser.next(rest)
                    if case .content(let range) = event { message.content += rest[range] }
                    return (consumed, event)
                }
                offset += consumed
                switch event {
                case .head(let head):
                    message.method = head.method.rawValue
                    message.target = head.rawTarget
                    message.fields = head.fields.slots.map { slot in
                        let name = latin(head.fields.storage[slot.name.indices])
                        return "\(name): \(latin(head.fields.storage[slot.value.indices]))"
                    }
                case .content: break
                case .end:
                    messages.append(message)
                    message = PlainReading.Message()
                case nil: if consumed == 0 { return (messages, false) }
                }
            }
        } catch {
            return (messages, true)
        }
    }

    private func latin(_ bytes: ArraySlice<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// The parser may refuse more, since it also looks at hosts, methods, paths and limits; it must never read
    /// anything otherwise.
    private func compare(_ bytes: [UInt8]) -> Int {
        let (server, plain) = (read(bytes), PlainReading(bytes))
        // A line that is wrong already may still be waited for.
        let agreed = server.isRefused ? Array(plain.messages.prefix(server.messages.count)) : plain.messages
        #expect(server.messages == agreed, "\(latin(bytes[...]).debugDescription)")
        return server.messages.count
    }

    @Test func `both readings agree on every case of the conformance suite`() {
        var messages = 0
        for conversation in ConformanceTests.all { messages += compare(conversation.turns.flatMap(\.input)) }
        #expect(messages > 200)
    }

    @Test func `both readings agree on what becomes of the cases by chance`() {
        var random = SeededRandom(state: 20_261_126)
        let seeds = ConformanceTests.all.map { $0.turns.flatMap(\.input) }.filter { $0.count < 600 }
        let pieces = [
            "\r\n", "\n", "\r", " ", "\t", ":", ";", ",", "\u{0}", "0", "5", "a", "\u{E9}", "\r\n\r\n", "\r\n ",
            "0\r\n\r\n",
            "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: ", "chunked", "HTTP/1.1",
            "HTTP/1.0", "Host: h\r\n", get("/b"), "5\r\nhello\r\n",
        ].map { Array($0.utf8) }
        var (messages, silent) = (0, 0)
        for _ in 0..<15_000 {
            var bytes = seeds.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let start = Int.random(in: 0...bytes.count, using: &random)
                let end = min(bytes.count, start + Int.random(in: 0...2, using: &random))
                bytes.replaceSubrange(
                    start..<end, with: Bool.random(using: &random) ? [] : pieces.randomElement(using: &random)!)
            }
            let count = compare(bytes)
            messages += count
            if count == 0 { silent += 1 }
        }
        // Both outcomes must occur often, or chance tests nothing.
        #expect(messages > 1000 && silent > 5000, "\(messages) messages, nothing in \(silent)")
    }
}
