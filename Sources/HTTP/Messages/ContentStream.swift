/// Content of a request as it arrives, for handlers that take uploads of any size. The client is slowed down to the
/// speed of the reader: nothing more is read from the socket while unread bytes wait.
public struct ContentStream: AsyncSequence, Sendable {
    /// As many bytes as came at once; never none.
    public typealias Element = [UInt8]

    let source: (any ContentSource)?

    /// No content.
    public static let empty = ContentStream(source: nil)

    /// The one iterator.
    public func makeAsyncIterator() -> Iterator {
        Iterator(source: source)
    }

    /// Hands out the chunks in order. Only one iterator may be used.
    public struct Iterator: AsyncIteratorProtocol {
        let source: (any ContentSource)?

        /// The next bytes; nil at the end of the content.
        /// - Throws: ``RequestError`` when the content is malformed or beyond the limit, `CancellationError` when the
        ///   client went away.
        public mutating func next() async throws -> [UInt8]? {
            try await source?.next()
        }
    }
}

/// Where streamed content comes from: a connection, or a test.
protocol ContentSource: Sendable {
    func next() async throws -> [UInt8]?
}

/// Content that is already there, as one chunk.
final class BufferedContent: ContentSource {
    private let bytes: Lock<[UInt8]>

    init(_ bytes: [UInt8]) {
        self.bytes = Lock(bytes)
    }

    func next() async throws -> [UInt8]? {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes.isEmpty ? nil : bytes
        }
    }
}
