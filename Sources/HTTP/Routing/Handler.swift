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
    /// As it arrives, at most `limit` bytes, into a sink that is made for each request: for content of any size that a
    /// ``Handler/worker(_:)`` puts away. The sink is made and fed on worker threads, one piece after the other; the
    /// handler finds it in ``Request/sink``, complete. Making it comes after the route's guard.
    case written(limit: Int64, to: @Sendable (Request) throws -> any ContentSink)

    /// Whether there is something to do even for a request without content: a form's media type is read, a sink made.
    var takesEmptiness: Bool {
        switch self {
        case .form, .written: true
        default: false
        }
    }
}

/// Where a route puts content while it arrives. One thread at a time uses it, and every method may block.
public protocol ContentSink: AnyObject, Sendable {
    /// Takes the next bytes.
    /// - Throws: what becomes of the request then; ``RequestError`` chooses the answer.
    func write(_ bytes: [UInt8]) throws
    /// No more will come, and no handler will see the sink: the client has gone, or was refused.
    func abandon()
}
