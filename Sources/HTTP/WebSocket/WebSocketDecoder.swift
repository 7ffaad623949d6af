/// Reads a client's frames off a byte stream and puts messages together (RFC 6455 sections 5 and 8). Pure: bytes in,
/// events out.
///
/// The caller keeps the bytes that were not consumed and passes them again with what came after; however the stream
/// is cut, the same events come out. What the protocol leaves no meaning for is refused, and after a refusal the
/// decoder must not be used again. No announced length is believed: memory grows with what has arrived.
struct WebSocketDecoder {
    enum Event: Equatable {
        /// A message is complete.
        case message(WebSocketMessage)
        case ping([UInt8])
        case pong([UInt8])
        /// The client closes; nothing may follow. No code when it gave none.
        case close(WebSocketCloseCode?, reason: String)
    }

    /// A frame whose payload is arriving.
    private struct Frame {
        let header: WebSocketFrameHeader
        var received = 0
    }

    private let limits: WebSocketLimits
    private var frame: Frame?
    /// What the message that is under way is; nil between messages.
    private var kind: WebSocketFrameHeader.Opcode?
    private var message: [UInt8] = []
    private var control: [UInt8] = []
    private var text = UTF8Checker()

    /// Bytes of a message that is not complete.
    var memory: Int { message.count }

    init(limits: WebSocketLimits) {
        self.limits = limits
    }

    /// Takes the next step.
    /// - Returns: how many bytes of the input are done with, and what they mean; no event and no byte when more bytes
    ///   are needed.
    /// - Throws: ``WebSocketError`` with the code to close with.
    mutating func next(_ input: borrowing Span<UInt8>) throws(WebSocketError) -> (consumed: Int, event: Event?) {
        guard var current = frame else { return try nextHeader(input) }
        let count = min(current.header.length - current.received, input.count)
        guard count > 0 else { return (0, nil) }
        try take(input.extracting(0..<count), current)
        current.received += count
        frame = current
        guard current.received == current.header.length else { return (count, nil) }
        return (count, try end(current.header))
    }

    /// Begins a frame. Its payload is a step of its own; one without payload is complete.
    private mutating func nextHeader(
        _ input: borrowing Span<UInt8>
    ) throws(WebSocketError) -> (consumed: Int, event: Event?) {
        guard let header = try WebSocketFrameHeader(input) else { return (0, nil) }
        try begin(header)
        frame = Frame(header: header)
        return (header.size, header.length == 0 ? try end(header) : nil)
    }

    /// Whether this frame may come now, and is small enough.
    private mutating func begin(_ header: WebSocketFrameHeader) throws(WebSocketError) {
        guard !header.opcode.isControl else { return }
        if header.opcode == .continuation {
            guard kind != nil else { throw .malformed("a continuation continues nothing") }
        } else {
            guard kind == nil else { throw .malformed("a message begins inside another") }
            kind = header.opcode
            text = UTF8Checker()
        }
        guard header.length <= limits.frameSize else { throw WebSocketError(.messageTooBig, "a frame is too large") }
        guard header.length <= limits.messageSize - message.count else {
            throw WebSocketError(.messageTooBig, "a message is too large")
        }
    }

    /// Unmasks a piece of payload (section 5.3) and, if it is text, checks it.
    private mutating func take(_ piece: borrowing Span<UInt8>, _ frame: Frame) throws(WebSocketError) {
        guard !frame.header.opcode.isControl else {
            return WebSocketDecoder.append(piece, frame, to: &control)
        }
        let start = message.count
        WebSocketDecoder.append(piece, frame, to: &message)
        if kind == .text {
            var checker = text
            guard checker.take(message.span.extracting(start..<message.count)) else {
                throw WebSocketDecoder.notText
            }
            text = checker
        }
    }

    private static func append(_ piece: borrowing Span<UInt8>, _ frame: Frame, to output: inout [UInt8]) {
        let start = output.count
        piece.withUnsafeBufferPointer { output.append(contentsOf: $0) }
        // The key turned so that its first byte meets the piece's first.
        let turn = UInt32(frame.received & 3) * 8
        let key = frame.header.mask << turn | (turn == 0 ? 0 : frame.header.mask >> (32 - turn))
        for index in start..<output.count {
            output[index] ^= UInt8(truncatingIfNeeded: key >> UInt32(24 - 8 * ((index - start) & 3)))
        }
    }

    /// A frame is complete.
    private mutating func end(_ header: WebSocketFrameHeader) throws(WebSocketError) -> Event? {
        frame = nil
        guard !header.opcode.isControl else {
            let payload = control
            control = []
            switch header.opcode {
            case .ping: return .ping(payload)
            case .pong: return .pong(payload)
            default: return try WebSocketDecoder.close(payload)
            }
        }
        guard header.isFinal else { return nil }
        defer { (kind, message) = (nil, []) }
        guard kind == .text else { return .message(.binary(message)) }
        guard text.isAtBoundary else { throw WebSocketDecoder.notText }
        return .message(.text(String(decoding: message, as: UTF8.self)))
    }

    /// A code, if any, and a reason (section 5.5.1).
    private static func close(_ payload: [UInt8]) throws(WebSocketError) -> Event {
        guard !payload.isEmpty else { return .close(nil, reason: "") }
        guard payload.count >= 2 else { throw .malformed("a close code is cut short") }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isSendable else { throw .malformed("a close code may not be sent") }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw notText }
        return .close(code, reason: reason)
    }

    private static let notText = WebSocketError(.invalidPayload, "a text is not UTF-8")
}
