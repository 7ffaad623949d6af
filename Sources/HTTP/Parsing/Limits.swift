/// How large a message may be, and how many there may be at once. Beyond them a request is refused.
public struct Limits: Hashable, Sendable {
    /// Bytes of the request line; beyond: 414.
    public var requestLine = 8 << 10
    /// Bytes of the request line and all fields; beyond: 431.
    public var head = 32 << 10
    /// Number of header fields; beyond: 431.
    public var fieldCount = 100
    /// Bytes of one chunk's size line with its extensions; beyond: 400.
    public var chunkLine = 1 << 10
    /// Bytes of the trailer section after a chunked content; beyond: 431.
    public var trailerSection = 8 << 10
    /// Content a route without content accepts and throws away; beyond: 413.
    public var discardedContent = 64 << 10
    /// Bytes that uploads leave free on the file system they are written to; one that says it needs more: 507.
    public var freeDiskSpace: Int64 = 1 << 30
    /// Open connections, those of all event loops together; beyond: the one that has been idle longest is closed for a
    /// newcomer, and when none is idle the newcomer gets 503. Fewer where the system allows fewer open files.
    public var connections = 16_384
    /// Open connections of one client: of one IPv4 address, or of one IPv6 network of 64 bits; beyond: 503.
    public var connectionsPerClient = 1_000
    /// Whether the addresses of this machine (127.0.0.0/8, ::1) are clients like others. Without, a reverse proxy or a
    /// tunnel on this machine may have as many connections as it needs.
    public var countsThisMachine = false
    /// Requests waiting for a worker thread; beyond: 503.
    public var queuedRequests = 4_096
    /// Response bytes waiting for a slow client before a streaming writer is made to wait, and no further request of
    /// that client is looked at.
    public var unsentBytes = 16 << 10
    /// Bytes of requests and responses that wait in memory for their clients, those of all connections together;
    /// beyond: the slowest clients are closed.
    public var bufferedBytes = 128 << 20

    /// The defaults.
    public init() {}
}
