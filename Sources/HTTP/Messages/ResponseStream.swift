/// Where a streaming body writes.
public struct ResponseStream: Sendable {
    let sink: any ResponseSink

    /// Sends bytes. Returns once they are handed to the kernel or the connection's buffer has room for more: a slow
    /// client slows the writer down.
    /// - Throws: `CancellationError` when the client went away or the server stops.
    public func write(_ bytes: [UInt8]) async throws {
        try await sink.write(bytes)
    }

    /// Sends text as UTF-8.
    public func write(_ text: String) async throws {
        try await sink.write(Array(text.utf8))
    }
}

/// Takes streamed bytes: a connection, or a test.
protocol ResponseSink: Sendable {
    func write(_ bytes: [UInt8]) async throws
}
