import HTTP
import ServiceCore

/// A request to an endpoint that knows who asks.
struct APICall: Sendable {
    /// The request as it came.
    let request: Request
    /// Who asks, and in which scope.
    let context: RequestContext
    /// The microversion that is spoken; the oldest for services without them.
    let version: Microversion
    /// The query, to be read by name.
    let query: QueryReader

    init(request: Request, context: RequestContext, version: Microversion) {
        self.request = request
        self.context = context
        self.version = version
        query = QueryReader(request.query)
    }

    /// What a hole of the route's pattern matched.
    subscript(parameter name: String) -> String { request.parameters[name] }

    /// Scheme and authority as the client sees them.
    var base: String { request.baseURL }


    /// The whole content.
    /// - Throws: `APIError` 400 when it is not JSON.
    func content() throws -> JSONMember {
        JSONMember(value: try JSONValue(parsing: request.content), path: "")
    }

    /// Lets `body` read the content, an object of exactly one member: `{"server": {…}}`.
    /// - Throws: `APIError` 400; what `body` throws.
    func object<T>(_ name: String, _ body: (JSONReader) throws -> T) throws -> T {
        try content().object { try $0.required(name).object(body) }
    }

    /// Whether the microversion that is spoken is at least this one.
    func isAtLeast(_ major: Int, _ minor: Int) -> Bool { version >= Microversion(major, minor) }

    /// An answer of an object with the members that `body` writes.
    func answer(
        _ status: Status = .ok, capacity: Int = 2048, _ body: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        try .document(status, capacity: capacity, body)
    }
}

extension Response {
    /// An answer without content.
    static func nothing(_ status: Status = .noContent) -> Response { Response(status: status) }
}

extension Request {
    /// Scheme and authority as the client sees them: links must lead back to where it came from.
    var baseURL: String { (isSecure ? "https://" : "http://") + host }
}
