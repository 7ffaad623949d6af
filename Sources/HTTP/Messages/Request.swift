/// A request as a handler sees it: complete, checked, decoded once.
public struct Request: Sendable {
    let head: RequestHead
    /// Names this request in the log; also fit for an OpenStack `X-Openstack-Request-Id`.
    public let id: RequestID
    /// The address the connection comes from, without port: the client's, or that of a proxy before it.
    public let peerAddress: String
    private let isEncrypted: Bool
    /// What a trusted proxy says about the client; nil without one.
    let forwarded: ForwardedClient?
    private let origin: ListenerName?
    /// What the pattern's `{names}` matched, decoded.
    public internal(set) var parameters: PathParameters
    /// The route that matched; nil when none did.
    var endpoint: Router.Endpoint?
    /// What came after the head; nil for most requests, so that handing one on copies little.
    private var delivered: Delivered?

    init(
        head: RequestHead, id: RequestID, remoteAddress: String, isSecure: Bool = false,
        forwarded: ForwardedClient? = nil, listener: ListenerName? = nil,
        route: (endpoint: Router.Endpoint, parameters: PathParameters)? = nil
    ) {
        endpoint = route?.endpoint
        parameters = route?.parameters ?? PathParameters()
        self.head = head
        self.id = id
        peerAddress = remoteAddress
        isEncrypted = isSecure
        self.forwarded = forwarded
        origin = listener
    }

    /// The name of the adopted listener that the client came through; nil for the addresses of the configuration.
    public var listener: String? { origin?.text }

    /// The path below which the client's address has routes without it being said (``ListenAddress/prefix``).
    public var prefix: String? { origin?.prefix }

    /// The client's address, without port: "127.0.0.1", "::1". Behind a trusted proxy, the one that proxy names.
    public var remoteAddress: String { forwarded?.address ?? peerAddress }
    /// Whether the client uses TLS, with us or with a trusted proxy.
    public var isSecure: Bool { forwarded?.isSecure ?? isEncrypted }
    /// The method; HEAD for a HEAD request, although its GET handler answers it.
    public var method: Method { head.method }
    /// The path, percent-decoded once; always starts with "/" (or is "*" for `OPTIONS *`).
    public var path: String { head.path }
    /// The request target exactly as sent.
    public var rawTarget: String { head.rawTarget }
    /// The header fields.
    public var fields: Fields { head.fields }
    /// The cookies.
    public var cookies: Cookies { Cookies(head.fields) }
    /// The host, with port when one was sent: checked for syntax, and against the allowed hosts.
    public var host: String { forwarded?.host ?? head.host }

    /// The query's values, decoded.
    public var query: FormData { head.query }
    /// The pattern of the route that matched; nil when none did.
    public var pattern: String? { endpoint?.pattern }
}

extension Request {
    /// The content in the form that the route's policy gives it.
    private struct Content {
        var form = FormData()
        var bytes: [UInt8] = []
        var stream = ContentStream.empty
        var sink: (any ContentSink)?
    }

    private final class Delivered: Sendable {
        let content: Content

        init(_ content: Content) { self.content = content }
    }

    /// The form, when the route's policy is ``ContentPolicy/form(_:)``; else empty.
    public internal(set) var form: FormData {
        get { delivered?.content.form ?? FormData() }
        set { deliver { $0.form = newValue } }
    }

    /// The content, when the route's policy is ``ContentPolicy/collected(limit:)``; else empty.
    public internal(set) var content: [UInt8] {
        get { delivered?.content.bytes ?? [] }
        set { deliver { $0.bytes = newValue } }
    }

    /// The content as it arrives, when the route's policy is ``ContentPolicy/streamed(limit:)``; else empty.
    public internal(set) var contentStream: ContentStream {
        get { delivered?.content.stream ?? .empty }
        set { deliver { $0.stream = newValue } }
    }

    /// Where the content went, when the route's policy is ``ContentPolicy/written(limit:to:)``; else nil.
    public internal(set) var sink: (any ContentSink)? {
        get { delivered?.content.sink }
        set { deliver { $0.sink = newValue } }
    }

    private mutating func deliver(_ change: (inout Content) -> Void) {
        var content = delivered?.content ?? Content()
        change(&content)
        delivered = Delivered(content)
    }
}
