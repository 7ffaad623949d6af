/// One message of a WebSocket (RFC 6455 section 5.6).
public enum WebSocketMessage: Hashable, Sendable {
    /// UTF-8, checked.
    case text(String)
    /// Bytes of any kind.
    case binary([UInt8])

    /// The payload, for whoever does not mind how it was sent.
    public var bytes: [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        }
    }
}

/// How much a WebSocket's client may send at once. What goes beyond ends it with 1009.
public struct WebSocketLimits: Hashable, Sendable {
    /// Bytes of one frame's payload.
    public var frameSize: Int
    /// Bytes of one message, all its frames together.
    public var messageSize: Int

    /// Limits fit for keystrokes and pasted text: 64 KiB a frame, 1 MiB a message.
    public init(frameSize: Int = 64 << 10, messageSize: Int = 1 << 20) {
        self.frameSize = frameSize
        self.messageSize = messageSize
    }
}

/// Why a WebSocket ended (RFC 6455 section 7.4).
public struct WebSocketCloseCode: Hashable, Sendable, RawRepresentable {
    /// The number in the Close frame.
    public let rawValue: UInt16

    /// A code of any number; see ``isSendable``.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: what it was opened for is done.
    public static let normal = WebSocketCloseCode(rawValue: 1000)
    /// 1001: the server stops, or the browser leaves the page.
    public static let goingAway = WebSocketCloseCode(rawValue: 1001)
    /// 1002: a frame broke the protocol.
    public static let protocolError = WebSocketCloseCode(rawValue: 1002)
    /// 1003: a message of a kind that is not taken here.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1003)
    /// 1007: a text is not UTF-8.
    public static let invalidPayload = WebSocketCloseCode(rawValue: 1007)
    /// 1008: a message is not allowed here.
    public static let policyViolation = WebSocketCloseCode(rawValue: 1008)
    /// 1009: a frame or a message is too large.
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1009)
    /// 1011: the server met what it had not foreseen.
    public static let internalError = WebSocketCloseCode(rawValue: 1011)

    /// Whether a Close frame may carry it: a registered code, or one of those left to libraries and programs
    /// (3000...4999). 1005, 1006 and 1015 stand for what never was a frame (section 7.4.1).
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// A WebSocket that its client broke: what it sent is not of the protocol, or beyond the limits.
public struct WebSocketError: Error, Hashable, Sendable {
    /// What the client was told.
    public let code: WebSocketCloseCode
    /// What is wrong, in English, for the client's developer; at most 123 bytes. Never repeats what the client sent.
    public let reason: String

    init(_ code: WebSocketCloseCode, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    static func malformed(_ reason: String) -> WebSocketError {
        WebSocketError(.protocolError, reason)
    }
}
