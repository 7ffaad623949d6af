/// A request as a handler sees it: complete, checked, decoded once.
public struct Request: Sendable {
    let head: RequestHead
    /// Names this request in the log; also fit for an OpenStack `X-Openstack-Request-Id`.
    public let id: RequestID
    /// The client's address, without port: "127.0.0.1", "::1".
    public let remoteAddress: String
    /// Whether it came over TLS.
    public let isSecure: Bool
    /// The query's values, decoded.
    public let query: FormData
    /// What the pattern's `{names}` matched, decoded.
    public internal(set) var parameters = PathParameters()
    /// The pattern of the route that matched; nil when none did.
    public internal(set) var pattern: String?
    /// The form, when the route's policy is ``ContentPolicy/form(_:)``; else empty.
    public internal(set) var form = FormData()
    /// The content, when the route's policy is ``ContentPolicy/collected(limit:)``; else empty.
    public internal(set) var content: [UInt8] = []
    /// The content as it arrives, when the route's policy is ``ContentPolicy/streamed(limit:)``; else empty.
    public internal(set) var contentStream = ContentStream.empty

    /// - Throws: ``RequestError`` 400 when the query is malformed.
    init(
        head: RequestHead, id: RequestID, remoteAddress: String, isSecure: Bool = false,
        queryLimits: FormLimits = .fields
    ) throws(RequestError) {
        self.head = head
        self.id = id
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
        query =
            if let raw = head.target.rawQuery {
                try FormData.urlEncoded(Array(raw.utf8), limits: queryLimits)
            } else {
                FormData()
            }
    }

    /// The method; HEAD for a HEAD request, although its GET handler answers it.
    public var method: Method { head.method }
    /// The path, percent-decoded once; always starts with "/" (or is "*" for `OPTIONS *`).
    public var path: String { head.target.path }
    /// The request target exactly as sent.
    public var rawTarget: String { head.target.raw }
    /// The header fields.
    public var fields: Fields { head.fields }
    /// The cookies.
    public var cookies: Cookies { Cookies(head.fields) }
    /// The host, with port when one was sent: checked for syntax, and against the allowed hosts.
    public var host: String { head.host }
}
