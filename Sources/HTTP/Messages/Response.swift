/// What a handler answers.
public struct Response: Sendable {
    /// What comes after the header fields.
    public enum Body: Sendable {
        /// Nothing.
        case empty
        /// Bytes in memory.
        case bytes([UInt8])
        /// A part of a file, sent by the kernel (sendfile).
        case file(FileRegion)
        /// Several of both, one after the other.
        case pieces([Piece])
        /// Written piece by piece; ends when the closure returns. A throw cuts the connection, so that the client
        /// notices that something is missing.
        case stream(@Sendable (ResponseStream) async throws -> Void)
    }

    /// A part of a content.
    public enum Piece: Sendable {
        /// Bytes in memory.
        case bytes([UInt8])
        /// A part of a file.
        case file(FileRegion)

        /// How many bytes it has.
        var count: Int64 {
            switch self {
            case .bytes(let bytes): Int64(bytes.count)
            case .file(let region): region.length
            }
        }
    }

    /// The status code.
    public var status: Status
    /// The header fields. The server itself writes Content-Length, Transfer-Encoding, Connection and Date.
    public var fields: Fields
    /// The content.
    public var body: Body
    /// Never ends by itself, so a server that stops does not wait for it.
    var isEndless = false

    /// What the connection goes over to when this 101 is sent.
    var upgrade: WebSocketUpgrade?

    /// A response.
    public init(status: Status = .ok, fields: Fields = Fields(), body: Body = .empty) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A response of one media type.
    public init(status: Status = .ok, contentType: String, body: Body) {
        self.init(status: status, fields: Fields(contentType: contentType), body: body)
    }

    /// A page.
    public static func html(_ bytes: [UInt8], status: Status = .ok) -> Response {
        Response(status: status, contentType: "text/html; charset=utf-8", body: .bytes(bytes))
    }

    /// Plain text.
    public static func text(_ text: String, status: Status = .ok) -> Response {
        Response(status: status, contentType: "text/plain; charset=utf-8", body: .bytes(Array(text.utf8)))
    }

    /// JSON, already encoded.
    public static func json(_ bytes: [UInt8], status: Status = .ok) -> Response {
        Response(status: status, contentType: "application/json", body: .bytes(bytes))
    }

    /// 503: it could not be done now, and may be in a moment.
    static var tooBusy: Response {
        var response = Response.text("Too busy; try again\n", status: .serviceUnavailable)
        response.fields.set("Retry-After", "1")
        return response
    }

    /// 303: the answer to a form that was accepted; the browser gets `location` next.
    public static func seeOther(_ location: String) -> Response {
        redirect(to: location, .seeOther)
    }

    /// A redirect of any kind.
    public static func redirect(to location: String, _ status: Status) -> Response {
        var response = Response(status: status)
        response.fields.set("Location", location)
        return response
    }

    /// Adds a Set-Cookie field. A name or value no cookie can have becomes the fields' ``Fields/fault``.
    public mutating func setCookie(_ cookie: Cookie) {
        // A line break is what `Fields` refuses in any case, with its reason.
        fields.add("Set-Cookie", cookie.serialized ?? "\n")
    }

    /// Server-sent events (WHATWG HTML section 9.2). The closure runs until it returns or the client goes; a comment
    /// every `heartbeat` keeps proxies from closing a silent connection and finds clients that have gone.
    public static func events(
        heartbeat: Duration = .seconds(15), _ source: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        var response = Response(
            contentType: "text/event-stream",
            body: .stream { stream in
                try await EventStream(stream: stream).run(heartbeat: heartbeat, source)
            })
        response.fields.set("Cache-Control", "no-store")
        response.isEndless = true
        return response
    }
}
