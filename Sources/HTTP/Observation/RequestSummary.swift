/// One finished request, for the access log and for metrics. Text is made only of what is asked for.
public struct RequestSummary: Sendable {
    /// The request's id.
    public let id: RequestID
    /// The client's address, by a trusted proxy's word if it came through one.
    public var remoteAddress: String { forwarded?.address ?? peerAddress }
    /// The address the connection came from.
    public let peerAddress: String
    /// What was answered.
    public let status: Status
    /// Bytes of content sent.
    public let bytesSent: Int64
    /// Microseconds from the head's arrival to the last byte handed to the kernel.
    public let microseconds: UInt64
    /// Whether everything was sent; false when the client went away or was too slow.
    public let isComplete: Bool
    /// nil when the bytes never became a request.
    let head: RequestHead?
    let endpoint: Router.Endpoint?
    private let forwarded: ForwardedClient?

    /// - Parameter now: microseconds on the loop's clock.
    init(_ exchange: Exchange, now: UInt64, isComplete: Bool) {
        id = exchange.request.id
        forwarded = exchange.request.forwarded
        peerAddress = exchange.request.peerAddress
        head = exchange.request.head
        endpoint = exchange.request.endpoint
        (status, bytesSent) = (exchange.status, exchange.bytesSent)
        microseconds = now - exchange.started
        self.isComplete = isComplete
    }

    /// Bytes that never became a request, and the status they were refused with.
    init(refusal: Status, id: RequestID, remoteAddress: String, isComplete: Bool) {
        (self.id, peerAddress, head, endpoint, forwarded) = (id, remoteAddress, nil, nil, nil)
        (status, bytesSent, microseconds, self.isComplete) = (refusal, 0, 0, isComplete)
    }

    /// The method; nil when the bytes never became a request.
    public var method: Method? { head?.method }
    /// As sent, query included.
    public var target: String { head?.rawTarget ?? "-" }
    /// The route's pattern: what metrics are counted by.
    public var pattern: String? { endpoint?.pattern }
    /// The User-Agent field.
    public var userAgent: String? { head.flatMap { head in head.userAgentRange.map { head.fields.storage.text($0) } } }
    /// The Referer field.
    public var referer: String? { head.flatMap { head in head.refererRange.map { head.fields.storage.text($0) } } }
}
