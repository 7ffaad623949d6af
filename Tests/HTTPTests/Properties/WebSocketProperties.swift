@testable import HTTP

/// WebSocket frames (RFC 6455 section 5).
enum WebSocketProperties {
    static func check(_ bytes: [UInt8]) throws {
        let limits = WebSocketLimits(frameSize: 300, messageSize: 500)
        _ = try checkStream(bytes, isRefused: { $0.last?.hasPrefix("10") == true }) {
            webSocketTrace($0, cuts: $1, limits: limits)
        }
        try require(events(bytes, limits).allSatisfy { isWithin($0, limits) }, "a message is larger than allowed")
        try checkIdentity(bytes)
        try checkText(bytes)
    }

    /// What a server encodes, masked as a client masks it, decodes to itself.
    private static func checkIdentity(_ payload: [UInt8]) throws {
        let encoded = WebSocketEncoder.header(.binary, length: payload.count)
        try require(encoded + payload == Frame.binary(payload).unmasked, "the frame is \(encoded)")
        let key = [UInt8](payload.prefix(4)) + [UInt8](repeating: 0x5A, count: max(0, 4 - payload.count))
        let decoded = events(Frame.binary(payload).masked(key), WebSocketLimits())
        try require(decoded == [.message(.binary(payload))], "encoding and decoding gives \(decoded)")
        let ping = Frame(0x89, Array(payload.prefix(125)))
        try require(WebSocketEncoder.control(.ping, payload) == ping.unmasked, "a ping is malformed")
        try require(events(ping.masked(key), WebSocketLimits()) == [.ping(ping.payload)], "a ping changes")
    }

    /// The checker and the standard library agree on what UTF-8 is; a Close takes any reason.
    private static func checkText(_ bytes: [UInt8]) throws {
        let text = String(validating: bytes, as: UTF8.self)
        for cuts in [[]] + cuttings(of: bytes) {
            var checker = UTF8Checker()
            var (previous, isText) = (0, true)
            for cut in cuts + [bytes.count] where isText {
                isText = checker.take(bytes.span.extracting(previous..<cut))
                previous = cut
            }
            try require((isText && checker.isAtBoundary) == (text != nil), "UTF-8 is judged differently")
        }
        guard let text else { return }
        try require(events(Frame.text(text).masked(), WebSocketLimits()) == [.message(.text(text))], "a text changes")
        let close = WebSocketEncoder.close(.normal, text)
        let reason = close.dropFirst(4)
        try require(close.count <= 127 && bytes.starts(with: reason), "the reason is \(close)")
        try require(String(validating: reason, as: UTF8.self) != nil, "the reason is cut inside a character")
    }

    private static func events(_ bytes: [UInt8], _ limits: WebSocketLimits) -> [WebSocketDecoder.Event] {
        var decoder = WebSocketDecoder(limits: limits)
        var rest = bytes[...]
        var events: [WebSocketDecoder.Event] = []
        while let (consumed, event) = try? decoder.next(rest.span), event != nil || consumed > 0 {
            if let event { events.append(event) }
            rest = rest.dropFirst(consumed)
        }
        return events
    }

    private static func isWithin(_ event: WebSocketDecoder.Event, _ limits: WebSocketLimits) -> Bool {
        switch event {
        case .message(let message): message.bytes.count <= limits.messageSize
        case .ping(let payload), .pong(let payload): payload.count <= 125
        case .close(_, let reason): reason.utf8.count <= 123
        }
    }
}
