import Testing

@testable import HTTP

struct WebSocketDecoderTests {
    /// The code a stream of frames is refused with; nil when it is not.
    private func refusal(_ bytes: [UInt8], limits: WebSocketLimits = WebSocketLimits()) -> Int? {
        webSocketTrace(bytes, limits: limits).last.flatMap { Int($0.prefix(4)) }
    }

    private func events(_ bytes: [UInt8]) throws -> [WebSocketDecoder.Event] {
        var decoder = WebSocketDecoder(limits: WebSocketLimits())
        var rest = bytes
        var events: [WebSocketDecoder.Event] = []
        while true {
            let (consumed, event) = try decoder.next(rest.span)
            rest.removeFirst(consumed)
            if let event { events.append(event) } else if consumed == 0 { return events }
        }
    }

    @Test func `the RFC's examples are understood (RFC 6455, 5.7)`() throws {
        let hello: [UInt8] = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        #expect(try events(hello) == [.message(.text("Hello"))])
        let pieces = Frame(0x01, Array("Hel".utf8)).masked() + Frame(0x80, Array("lo".utf8)).masked()
        #expect(try events(pieces) == [.message(.text("Hello"))])
        let ping: [UInt8] = [0x89, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
        #expect(try events(ping) == [.ping(Array("Hello".utf8))])
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65535])
    func `every form of the length is understood (RFC 6455, 5.2)`(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try events(Frame.binary(bytes).masked()) == [.message(.binary(bytes))])
    }

    @Test(arguments: [0x91, 0xA1, 0xC1, 0xF1, 0x83, 0x84, 0x87, 0x8B, 0x8F] as [UInt8])
    func `reserved bits and opcodes are refused at the first byte (RFC 6455, 5.2)`(first: UInt8) {
        #expect(refusal([first]) == 1002)
    }

    @Test func `a frame that is not masked is refused (RFC 6455, 5.1)`() {
        #expect(refusal([0x81, 0x05]) == 1002)
        #expect(refusal([0x89, 0x00]) == 1002)
    }

    @Test func `a length that is not in its shortest form is refused (RFC 6455, 5.2)`() {
        #expect(refusal([0x82, 0xFE, 0x00, 0x7D]) == 1002)
        #expect(refusal([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) == 1002)
        #expect(refusal([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]) == 1002)
        #expect(refusal([0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]) == 1009)
    }

    @Test func `control frames are short and whole (RFC 6455, 5.5)`() {
        for opcode: UInt8 in [0x8, 0x9, 0xA] {
            #expect(refusal([opcode]) == 1002)
            #expect(refusal([0x80 | opcode, 0xFE]) == 1002)
            #expect(refusal([0x80 | opcode, 0xFF]) == 1002)
        }
        #expect(refusal(Frame(0x89, [UInt8](repeating: 1, count: 125)).masked()) == nil)
    }

    @Test func `control frames may come between the frames of a message (RFC 6455, 5.4)`() throws {
        let stream = [
            Frame(0x02, [1]), .ping("a"), Frame(0x00, [2]), .pong("b"), Frame(0x00), Frame(0x80, [3]),
        ].flatMap { $0.masked() }
        #expect(
            try events(stream) == [.ping([0x61]), .pong([0x62]), .message(.binary([1, 2, 3]))])
    }

    @Test func `fragments come in order, and messages do not mix (RFC 6455, 5.4)`() {
        #expect(refusal(Frame(0x80, [1]).masked()) == 1002)
        #expect(refusal(Frame(0x00, [1]).masked()) == 1002)
        #expect(refusal(Frame(0x01).masked() + Frame(0x81).masked()) == 1002)
        #expect(refusal(Frame(0x01).masked() + Frame(0x02).masked()) == 1002)
        #expect(refusal(Frame(0x81).masked() + Frame(0x80).masked()) == 1002)
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF], [0xC2, 0x41], [0xE2, 0x82, 0x41], [0xC2], [0xE2, 0x82],
            [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func `text that is not UTF-8 is refused (RFC 6455, 8.1)`(bytes: [UInt8]) {
        #expect(refusal(Frame(0x81, bytes).masked()) == 1007)
        #expect(refusal(Frame(0x81, Array("κό".utf8) + bytes).masked()) == 1007)
        #expect(refusal(Frame(0x82, bytes).masked()) == nil)
    }

    @Test func `text that can no longer become UTF-8 is refused before it is complete (RFC 6455, 8.1)`() {
        #expect(refusal(Frame(0x01, [0xC0]).masked()) == 1007)
        #expect(refusal(Array(Frame(0x01, [0xF4, 0x90, 0x80, 0x80]).masked().prefix(8))) == 1007)
    }

    @Test func `a character may be cut by a frame's end (RFC 6455, 5.6)`() throws {
        let text = "κόσμε 😀"
        let frames = text.utf8.enumerated().map { Frame($0 == 0 ? 0x01 : 0x00, [$1]).masked() }
        #expect(try events(frames.flatMap { $0 } + Frame(0x80).masked()) == [.message(.text(text))])
    }

    @Test(arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])
    func `a registered close code is taken (RFC 6455, 7.4)`(code: UInt16) throws {
        #expect(
            try events(Frame.close(code, "why").masked())
                == [.close(WebSocketCloseCode(rawValue: code), reason: "why")])
    }

    @Test(arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
    func `a close code that no frame may carry is refused (RFC 6455, 7.4)`(code: UInt16) {
        #expect(refusal(Frame.close(code).masked()) == 1002)
    }

    @Test func `a Close has no payload, or a code and a text (RFC 6455, 5.5.1)`() throws {
        #expect(try events(Frame(0x88).masked()) == [.close(nil, reason: "")])
        #expect(refusal(Frame(0x88, [3]).masked()) == 1002)
        #expect(refusal(Frame(0x88, [3, 0xE8, 0xFF]).masked()) == 1007)
    }

    @Test func `limits hold to the byte`() {
        let limits = WebSocketLimits(frameSize: 10, messageSize: 25)
        let ten = [UInt8](repeating: 0, count: 10)
        #expect(refusal(Frame.binary(ten).masked(), limits: limits) == nil)
        #expect(refusal(Frame.binary(ten + [0]).masked(), limits: limits) == 1009)
        // Refused when announced, not when it has arrived.
        #expect(refusal(Array(Frame.binary(ten + [0]).masked().prefix(6)), limits: limits) == 1009)
        let twenty = Frame(0x02, ten).masked() + Frame(0x00, ten).masked()
        #expect(refusal(twenty + Frame(0x80, Array(ten[..<5])).masked(), limits: limits) == nil)
        #expect(refusal(twenty + Frame(0x80, Array(ten[..<6])).masked(), limits: limits) == 1009)
    }

    @Test func `a stream cut anywhere gives the same events`() {
        let streams: [[UInt8]] = [
            Frame.text("héllo").masked() + Frame.ping("p").masked() + Frame.close(1000, "bye").masked(),
            Frame(0x01, Array("a😀".utf8.prefix(3))).masked() + Frame.pong("").masked()
                + Frame(0x80, Array("a😀".utf8.dropFirst(3))).masked() + Frame(0x88, [3]).masked(),
            Frame.binary([UInt8](repeating: 7, count: 130)).masked([1, 2, 3, 4]) + Frame(0x81, [0xC0, 0x41]).masked(),
            Frame.binary([1, 2, 3]).masked() + [0x82, 0x03],
        ]
        for bytes in streams {
            let whole = webSocketTrace(bytes)
            #expect(!whole.isEmpty)
            for first in 0...bytes.count {
                for second in stride(from: first, through: bytes.count, by: 5) {
                    #expect(webSocketTrace(bytes, cuts: [first, second]) == whole)
                }
            }
            #expect(webSocketTrace(bytes, cuts: Array(0...bytes.count)) == whole)
        }
    }

    @Test func `what is encoded is as the RFC has it, and cut to what fits`() {
        #expect(WebSocketEncoder.header(.binary, length: 256) == [0x82, 0x7E, 0x01, 0x00])
        #expect(WebSocketEncoder.header(.text, length: 65536) == [0x81, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])
        let close = WebSocketEncoder.close(.normal, String(repeating: "é", count: 100))
        #expect(close == Frame.close(1000, String(repeating: "é", count: 61)).unmasked)
        #expect(WebSocketEncoder.close(WebSocketCloseCode(rawValue: 1006), "never sent") == [0x88, 0x00])
    }
}
