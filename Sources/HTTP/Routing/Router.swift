/// Finds the handler for a request. Built once at start, never changed afterwards.
///
/// It answers 404, 405 with Allow, OPTIONS, HEAD (with the GET handler) and the missing or superfluous slash at a
/// path's end itself.
public struct Router: Sendable {
    /// One method of one pattern. A reference, because every request carries its own around.
    final class Endpoint: Sendable {
        /// Counted from 0: where counters of this route find their place.
        let number: Int
        let method: Method
        let pattern: String
        let names: [String]
        let content: ContentPolicy
        let before: Guard?
        let handler: Handler

        init(
            number: Int, _ method: Method, _ pattern: RoutePattern, _ content: ContentPolicy, before: Guard?,
            _ handler: Handler
        ) {
            self.number = number
            self.method = method
            self.pattern = pattern.text
            names = pattern.names
            self.content = content
            self.before = before
            self.handler = handler
        }
    }

    /// The routes by themselves, for whoever asks for each request.
    private(set) var routes = RouteTree()

    /// Answers what no route matches. Runs on a worker thread: may block.
    public var notFound: @Sendable (Request) -> Response = { _ in .text("Not found\n", status: .notFound) }
    /// Answers when a handler threw, on the thread the handler ran on. The connection lives on.
    public var failure: @Sendable (any Error, Request) -> Response = Router.plainFailure
    /// Answers when the request itself was at fault: content too large, malformed form, a method the path does not
    /// have. Runs on the event loop or a worker: must not block.
    public var refusal: @Sendable (RequestError, Request) -> Response = Router.plainRefusal
    /// Looks at every request before routing; a response refuses it. Runs on the event loop.
    public var admit: (@Sendable (Request) -> Response?)?

    /// Told of what a handler threw, before ``failure`` answers: the server's log.
    var report: @Sendable (any Error, Request) -> Void = { _, _ in }

    /// A router without routes.
    public init() {}

    /// Adds a route.
    ///
    /// Of several patterns that match a path, the one with a literal at the first place where they differ wins, then
    /// the one with a `{name}`, then the one with `{rest...}`. Adding one method and pattern twice stops the program.
    /// - Parameters:
    ///   - pattern: `/a/{id}/b/`; the last segment may be `{rest...}`. A slash at the end counts.
    ///   - content: what is done with the request's content first.
    ///   - before: who may send that content at all; nil asks nobody.
    public mutating func on(
        _ method: Method, _ pattern: String, _ content: ContentPolicy = .none, before: Guard? = nil, _ handler: Handler
    ) {
        let pattern = RoutePattern(pattern)
        routes.add(
            Endpoint(number: routes.count, method, pattern, content, before: before, handler), at: pattern)
    }

    /// The answer to a request for which there is no endpoint; nil when only ``notFound`` has one.
    func unmatched(_ request: Request) -> Response? {
        let head = request.head
        if head.target.isAsterisk { return optionsResponse(allowing: Method.allCases) }
        let endpoints = routes.methods(at: head, below: request.prefix)
        guard !endpoints.isEmpty else { return slashRedirect(head) }
        let allowed = Method.allCases.filter {
            endpoints.contains($0) || $0 == .options || ($0 == .head && endpoints.contains(.get))
        }
        guard head.method != .options else { return optionsResponse(allowing: allowed) }
        var response = refusal(RequestError(.methodNotAllowed, "this path does not have that method"), request)
        response.fields.set("Allow", Router.list(allowed))
        return checked(response, request)
    }

    /// 308 to the spelling that has a route. Never for a path that begins with two slashes: as a Location it would
    /// name another host (RFC 3986 section 4.2).
    private func slashRedirect(_ head: RequestHead) -> Response? {
        let path = head.rawPath
        guard head.method == .get || head.method == .head, !path.hasPrefix("//") else { return nil }
        var other = path.hasSuffix("/") ? String(path.dropLast()) : path + "/"
        guard other != "", other.withUTF8({ routes.methods(at: $0) }).contains(.get) else { return nil }
        let query = head.rawQuery.map { "?\($0)" } ?? ""
        return .redirect(to: other + query, .permanentRedirect)
    }

    private func optionsResponse(allowing methods: [Method]) -> Response {
        var response = Response(status: .noContent)
        response.fields.set("Allow", Router.list(methods))
        return response
    }

    private static func list(_ methods: [Method]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }

    private static func plainFailure(_ error: any Error, _ request: Request) -> Response {
        .text("Something went wrong on our side. The incident is \(request.id).\n", status: .internalServerError)
    }

    private static func plainRefusal(_ refusal: RequestError, _ request: Request) -> Response {
        .text("\(refusal.reason)\n", status: refusal.status)
    }
}
