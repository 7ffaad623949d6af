/// An open WebSocket as a handler sees it; ``Response/webSocket(_:subprotocols:limits:origin:run:)`` hands it out.
///
/// Pings are answered, silent clients pinged, and the closing handshake done without the handler. Both directions have
/// back-pressure: while messages wait to be received nothing more is read from the client, and a sender waits while
/// the client is slow to take what was sent.
public final class WebSocket: Sendable {
    /// What was agreed on; nil when nothing was.
    public let subprotocol: String?
    let connection: Connection
    private let exchange: Exchange
    private let inbox: WebSocketInbox

    init(subprotocol: String?, connection: Connection, exchange: Exchange, inbox: WebSocketInbox) {
        self.subprotocol = subprotocol
        self.connection = connection
        self.exchange = exchange
        self.inbox = inbox
    }

    /// The next message; nil when the socket was closed, by either side. One task at a time may wait here.
    ///
    /// What the client sent before it closed or went can still be received afterwards.
    /// - Throws: ``WebSocketError`` when the client broke the protocol or a limit, `CancellationError` when it went
    ///   away without closing or the task is cancelled.
    public func receive() async throws -> WebSocketMessage? {
        let reader = WebSocketInbox.Reader()
        let loop = connection.loop
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.execute { [inbox] in inbox.read(reader, continuation) }
            }
        } onCancel: {
            loop.execute { [inbox] in inbox.cancel(reader) }
        }
    }

    /// Sends a binary message. Returns once it is handed to the kernel or the connection's buffer has room for more.
    /// - Throws: `CancellationError` when the socket is closed.
    public func send(_ bytes: [UInt8]) async throws {
        try await send(.binary, bytes)
    }

    /// Sends a text message, like ``send(_:)-([UInt8])``.
    /// - Throws: `CancellationError` when the socket is closed.
    public func send(_ text: String) async throws {
        try await send(.text, Array(text.utf8))
    }

    /// Closes: what was sent before still arrives, nothing is received any more. Returns at once; the client has a few
    /// seconds to say that it has understood.
    /// - Parameters:
    ///   - code: one that may be sent, see ``WebSocketCloseCode/isSendable``; another is not sent.
    ///   - reason: for the client's developer; cut after 123 bytes.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") {
        connection.loop.execute { [connection, exchange] in
            connection.turn { connection.closeWebSocket(exchange, code, reason) }
        }
    }

    private func send(_ opcode: WebSocketFrameHeader.Opcode, _ payload: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            connection.loop.execute { [connection, exchange] in
                connection.sendMessage(opcode, payload, exchange, continuation)
            }
        }
    }
}

/// The receiving half of a WebSocket, between the connection and its handler.
final class WebSocketInbox: @unchecked Sendable {
    // Safety: touched on the loop's thread only; ``WebSocket`` goes there.

    /// One call of ``WebSocket/receive()``.
    final class Reader: @unchecked Sendable {
        fileprivate var isCancelled = false
    }

    /// Messages and bytes that may wait for the handler before reading stops.
    private static let (messageLimit, byteLimit) = (64, 64 << 10)

    var decoder: WebSocketDecoder
    /// Whether our Close was sent; the client's is awaited.
    private(set) var isClosing = false
    /// Whether the client was pinged and nothing has come since.
    var isPinged = false
    /// Called when reading may go on, and when nothing waits any more.
    var onTaken: () -> Void = {}
    private var waiting: [WebSocketMessage] = []
    private var waitingBytes = 0
    private var outcome: Result<Void, any Error>?
    private var reader: (call: Reader, continuation: CheckedContinuation<WebSocketMessage?, any Error>)?

    init(limits: WebSocketLimits) {
        decoder = WebSocketDecoder(limits: limits)
    }

    /// Whether as much waits as may. Once closed, what comes is thrown away and nothing need wait.
    var isFull: Bool {
        outcome == nil
            && (waiting.count >= WebSocketInbox.messageLimit || waitingBytes >= WebSocketInbox.byteLimit)
    }

    /// Bytes that wait for the handler or for the rest of their message.
    var memory: Int { waitingBytes + decoder.memory }

    /// Takes a message that arrived.
    func receive(_ message: WebSocketMessage) {
        guard outcome == nil else { return }
        if let reader {
            self.reader = nil
            reader.continuation.resume(returning: message)
        } else {
            waiting.append(message)
            waitingBytes += message.size
        }
    }

    /// Nothing more comes.
    func finish(_ result: Result<Void, any Error>) {
        guard outcome == nil else { return }
        outcome = result
        guard let reader else { return }
        self.reader = nil
        reader.continuation.resume(with: result.map { nil })
    }

    /// This side closes: what waits is not wanted any more.
    func close() {
        waiting = []
        waitingBytes = 0
        isClosing = true
        finish(.success(()))
    }

    fileprivate func read(_ call: Reader, _ continuation: CheckedContinuation<WebSocketMessage?, any Error>) {
        if !waiting.isEmpty {
            let wasFull = isFull
            let message = waiting.removeFirst()
            waitingBytes -= message.size
            continuation.resume(returning: message)
            if wasFull && !isFull || waiting.isEmpty { onTaken() }
        } else if let outcome {
            continuation.resume(with: outcome.map { nil })
        } else if call.isCancelled || reader != nil {
            continuation.resume(throwing: CancellationError())
        } else {
            reader = (call, continuation)
        }
    }

    fileprivate func cancel(_ call: Reader) {
        call.isCancelled = true
        guard let reader, reader.call === call else { return }
        self.reader = nil
        reader.continuation.resume(throwing: CancellationError())
    }
}

extension WebSocketMessage {
    /// Bytes of payload.
    fileprivate var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
