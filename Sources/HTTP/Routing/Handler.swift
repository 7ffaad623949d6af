/// What answers a request, and on which kind of thread.
public enum Handler: Sendable {
    /// Runs on the event loop: must never block, not for a millisecond; everybody else on the loop waits meanwhile.
    case loop(@Sendable (Request) throws -> Response)
    /// Runs on the bounded pool of worker threads: may block (SQLite, memcached, scrypt, libvirt).
    case worker(@Sendable (Request) throws -> Response)
    /// Runs as a task on the event loop's executor: for streams. Must not block either. Cancelled when the client goes.
    case async(@Sendable (Request) async throws -> Response)
}

/// Looks at a request once its head is known and before any of its content is read; a response refuses it, nil lets
/// its content come.
///
/// Runs on the bounded pool of worker threads: may block. Form and content are empty. The client is not told to go on
/// sending (RFC 9110 section 10.1.1) until it has returned nil; after a refusal the content is never read and, if
/// there is any, the connection closes.
public typealias Guard = @Sendable (Request) throws -> Response?

/// What a route wants done with the content of its requests before its handler runs.
public enum ContentPolicy: Sendable {
    /// None expected: a little is read and thrown away, more is refused with 413.
    case none
    /// The whole content in memory, at most `limit` bytes.
    case collected(limit: Int)
    /// An urlencoded or multipart form; another media type is refused with 415.
    case form(FormLimits)
    /// As it arrives, at most `limit` bytes, through ``Request/contentStream``: for ``Handler/async(_:)``.
    case streamed(limit: Int64)

    /// Whether there is something to read even of a request without content: its media type.
    var isForm: Bool {
        if case .form = self { true } else { false }
    }
}
