/// Content that a handler reads while it arrives. Holds one reading from the socket at most: until the handler has
/// taken it, nothing more is read.
final class Upload: ContentSource, @unchecked Sendable {
    // Safety: everything but `loop` is touched on the loop's thread only; `next()` goes there.
    private let loop: EventLoop
    private let limit: Int64
    private var received: Int64 = 0
    private var waiting: [UInt8] = []
    private var outcome: Result<Void, any Error>?
    private var reader: CheckedContinuation<[UInt8]?, any Error>?
    /// Called when the handler has taken what was waiting.
    var onTaken: () -> Void = {}

    init(loop: EventLoop, limit: Int64) {
        self.loop = loop
        self.limit = limit
    }

    /// Whether bytes wait for the handler.
    var isFull: Bool { !waiting.isEmpty }

    func next() async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute { self.read(continuation) }
        }
    }

    /// Takes what arrived.
    /// - Throws: ``RequestError`` 413 beyond the limit.
    func receive(_ bytes: [UInt8]) throws(RequestError) {
        received += Int64(bytes.count)
        guard received <= limit else { throw ContentReceiver.tooLarge }
        if let reader {
            self.reader = nil
            reader.resume(returning: bytes)
        } else {
            waiting += bytes
        }
    }

    /// Nothing more comes: the content is complete, or will never be.
    func finish(_ result: Result<Void, any Error>) {
        guard outcome == nil else { return }
        outcome = result
        guard let reader else { return }
        self.reader = nil
        reader.resume(with: result.map { nil })
    }

    private func read(_ continuation: CheckedContinuation<[UInt8]?, any Error>) {
        if !waiting.isEmpty {
            let bytes = waiting
            waiting = []
            continuation.resume(returning: bytes)
            onTaken()
        } else if let outcome {
            continuation.resume(with: outcome.map { nil })
        } else if reader != nil {
            continuation.resume(throwing: CancellationError())
        } else {
            reader = continuation
        }
    }
}
