import Synchronization

/// One request and its response, from the head's arrival to the last byte. Belongs to the connection's loop.
final class Exchange: @unchecked Sendable {
    // Safety: touched on the loop's thread only; closures that carry it elsewhere just bring it back.
    let request: Request
    /// Collects content for the handler.
    var content: CollectedContent?
    /// Bytes of content in memory.
    var contentMemory = 0
    /// Hands content on as it arrives.
    var upload: Upload?
    /// What comes once the connection has gone over to WebSocket.
    var webSocket: WebSocketInbox?
    /// The handler or the stream that is at work.
    var task: Task<Void, Never>?
    /// Writers waiting for room.
    var waitingWriters: [CheckedContinuation<Void, any Error>] = []
    /// Microseconds on the loop's clock.
    let started: UInt64
    var status: Status = .ok
    var framing = ResponseEncoder.Framing.none
    var bytesSent: Int64 = 0
    var isEndless = false
    /// Whether nobody waits for the response any more. Read by workers.
    let isAbandoned = Atomic(false)
    /// Whether the client waits for 100 (Continue), or waited and got none.
    var isContinueOwed: Bool
    /// Whether the handler is to run when the content is complete.
    var isHandlerDue = false

    init(request: Request, started: UInt64) {
        self.request = request
        self.started = started
        isContinueOwed = request.head.expectsContinue
    }

    /// Bytes that came and lie in memory: content, or messages of the WebSocket.
    var memory: Int { contentMemory + (webSocket?.memory ?? 0) }

    /// Whether what came waits for the handler, so that nothing more is read.
    var isFull: Bool { upload?.isFull == true || webSocket?.isFull == true }
}

/// Something to tell the access log.
enum Report {
    case exchange(Exchange)
    /// Bytes that never became a request.
    case refusal(Status)

    func summary(_ connection: Connection, isComplete: Bool) -> RequestSummary {
        switch self {
        case .exchange(let exchange):
            RequestSummary(exchange, now: connection.loop.now, isComplete: isComplete)
        case .refusal(let status):
            RequestSummary(
                refusal: status, id: RequestID(using: &connection.loop.random),
                remoteAddress: connection.remoteAddress, isComplete: isComplete)
        }
    }
}

/// A request's content on its way to memory or disk. One thread at a time works on it: the loop, or the worker the
/// loop gave it to and waits for.
final class CollectedContent: @unchecked Sendable {
    private var receiver: ContentReceiver
    private let workers: WorkerPool

    init(_ receiver: ContentReceiver, workers: WorkerPool) {
        self.receiver = receiver
        self.workers = workers
    }

    /// A sink that no handler has taken over is told so, where that may block.
    deinit {
        guard let sink = receiver.takeSink() else { return }
        if !workers.submit({ sink.abandon() }) { sink.abandon() }
    }

    /// Whether receiving may write to a disk and therefore belongs on a worker.
    var mayBlock: Bool { receiver.mayBlock }

    /// Bytes in memory.
    var memory: Int { receiver.memory }

    func receive(_ bytes: borrowing Span<UInt8>) throws {
        try receiver.receive(bytes)
    }

    /// The request with its content.
    func finish(_ request: Request) throws -> Request {
        var request = request
        try receiver.finish(&request)
        return request
    }
}
