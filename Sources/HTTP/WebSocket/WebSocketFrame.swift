/// The first bytes of a frame (RFC 6455 section 5.2).
struct WebSocketFrameHeader: Equatable {
    enum Opcode: UInt8 {
        case continuation = 0x0
        case text = 0x1
        case binary = 0x2
        case close = 0x8
        case ping = 0x9
        case pong = 0xA

        var isControl: Bool { rawValue & 0x8 != 0 }
    }

    /// Most bytes of a control frame's payload (section 5.5).
    static let controlLimit = 125

    let opcode: Opcode
    /// Whether it is the last frame of its message.
    let isFinal: Bool
    /// The key the payload is masked with, first byte highest.
    let mask: UInt32
    /// Bytes of payload.
    let length: Int
    /// Bytes of this header.
    let size: Int

    /// Reads the header of a client's frame; nil when more bytes are needed. Each byte is judged when it is there.
    /// - Throws: ``WebSocketError`` 1002 for what the protocol does not allow.
    init?(_ input: borrowing Span<UInt8>) throws(WebSocketError) {
        guard input.count > 0 else { return nil }
        guard input[0] & 0x70 == 0 else { throw .malformed("a reserved bit is set, but no extension was agreed on") }
        guard let opcode = Opcode(rawValue: input[0] & 0x0F) else { throw .malformed("an opcode is reserved") }
        isFinal = input[0] & 0x80 != 0
        self.opcode = opcode
        guard isFinal || !opcode.isControl else { throw .malformed("a control frame is fragmented") }
        guard input.count > 1 else { return nil }
        guard input[1] & 0x80 != 0 else { throw .malformed("a client's frame is not masked") }
        let short = input[1] & 0x7F
        guard short <= 125 || !opcode.isControl else { throw .malformed("a control frame is too long") }
        let extended = short == 126 ? 2 : short == 127 ? 8 : 0
        guard input.count >= 2 + extended else { return nil }
        length = try WebSocketFrameHeader.length(short, input, extended)
        size = 2 + extended + 4
        guard input.count >= size else { return nil }
        mask = (2 + extended..<size).reduce(0) { $0 << 8 | UInt32(input[$1]) }
    }

    /// The length in its shortest form, as it must be, and with its highest bit clear.
    private static func length(
        _ short: UInt8, _ input: borrowing Span<UInt8>, _ extended: Int
    ) throws(WebSocketError) -> Int {
        guard extended > 0 else { return Int(short) }
        var value: UInt64 = 0
        for index in 2..<(2 + extended) { value = value << 8 | UInt64(input[index]) }
        guard value >= (extended == 2 ? 126 : 0x1_0000) else {
            throw .malformed("a frame's length is not in its shortest form")
        }
        guard let length = Int(exactly: value) else { throw .malformed("a frame's length has its highest bit set") }
        return length
    }
}

/// Writes a server's frames: whole messages, never masked (RFC 6455 section 5.1). Pure.
enum WebSocketEncoder {
    /// The header of a frame that is a whole message or a control frame.
    static func header(_ opcode: WebSocketFrameHeader.Opcode, length: Int) -> [UInt8] {
        let first = 0x80 | opcode.rawValue
        return switch length {
        case ..<126: [first, UInt8(length)]
        case ..<0x1_0000: [first, 126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default: [first, 127] + stride(from: 56, through: 0, by: -8).map { UInt8(length >> $0 & 0xFF) }
        }
    }

    /// A Ping or a Pong; of the payload as much as fits.
    static func control(_ opcode: WebSocketFrameHeader.Opcode, _ payload: [UInt8]) -> [UInt8] {
        let payload = payload.prefix(WebSocketFrameHeader.controlLimit)
        return header(opcode, length: payload.count) + payload
    }

    /// A Close. A code that no frame may carry leaves the payload empty; a reason that is too long is cut between two
    /// characters.
    static func close(_ code: WebSocketCloseCode?, _ reason: String) -> [UInt8] {
        guard let code, code.isSendable else { return control(.close, []) }
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        for scalar in reason.unicodeScalars {
            let bytes = UTF8.encode(scalar).map(Array.init) ?? []
            guard payload.count + bytes.count <= WebSocketFrameHeader.controlLimit else { break }
            payload += bytes
        }
        return control(.close, payload)
    }
}
