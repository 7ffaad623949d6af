/// Sends server-sent events (WHATWG HTML section 9.2).
public struct EventStream: Sendable {
    let stream: ResponseStream

    /// Sends one event.
    /// - Parameters:
    ///   - event: its type; nil for `message`.
    ///   - data: its text; every line becomes a `data:` line.
    ///   - id: what a browser sends back in `Last-Event-ID` when it connects again.
    /// - Throws: `CancellationError` when the client went away.
    public func send(event: String? = nil, data: String, id: String? = nil) async throws {
        var text = ""
        if let id { text += "id: \(EventStream.oneLine(id))\n" }
        if let event { text += "event: \(EventStream.oneLine(event))\n" }
        for line in EventStream.lines(data) { text += "data: \(line)\n" }
        try await stream.write(text + "\n")
    }

    /// Tells the browser how long to wait before it connects again.
    public func retry(after delay: Duration) async throws {
        let milliseconds = delay.components.seconds * 1000 + delay.components.attoseconds / 1_000_000_000_000_000
        try await stream.write("retry: \(milliseconds)\n\n")
    }

    func run(heartbeat: Duration, _ source: @escaping @Sendable (EventStream) async throws -> Void) async throws {
        // Opens the stream at once: a browser fires `open` on the first bytes, not on the first event.
        try await stream.write(":\n\n")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await source(self) }
            group.addTask {
                while true {
                    try await Task.sleep(for: heartbeat)
                    try await stream.write(":\n\n")
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// CR, LF and CRLF all end a line there.
    private static func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    }

    private static func oneLine(_ text: String) -> String {
        text.filter { $0 != "\n" && $0 != "\r" && $0 != "\r\n" && $0 != "\0" }
    }
}
