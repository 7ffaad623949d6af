/// Finds the handler for a request. Built once at start, never changed afterwards.
///
/// It answers 404, 405 with Allow, OPTIONS, HEAD (with the GET handler) and the missing or superfluous slash at a
/// path's end itself.
public struct Router: Sendable {
    struct Endpoint: Sendable {
        let pattern: String
        let names: [String]
        let content: ContentPolicy
        let before: Guard?
        let handler: Handler
    }

    /// One segment deep in the tree of patterns.
    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var rest: Int?
        var endpoints: [Method: Endpoint] = [:]
    }

    private var nodes = [Node()]
    /// Patterns without holes, by their path: the common case costs one look-up.
    private var literalPaths: [String: Int] = [:]

    /// Answers what no route matches. Runs on the event loop.
    public var notFound: @Sendable (Request) -> Response = { _ in .text("Not found\n", status: .notFound) }
    /// Answers when a handler threw, on the thread the handler ran on. The connection lives on.
    public var failure: @Sendable (any Error, Request) -> Response = Router.plainFailure
    /// Answers when the request itself was at fault: content too large, malformed form. On the same thread.
    public var refusal: @Sendable (RequestError, Request) -> Response = Router.plainRefusal
    /// Looks at every request before routing; a response refuses it. Runs on the event loop.
    public var admit: @Sendable (Request) -> Response? = { _ in nil }

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
        let parsed = RoutePattern(pattern)
        var node = 0
        for segment in parsed.segments {
            node = child(of: node, for: segment)
        }
        precondition(nodes[node].endpoints[method] == nil, "two routes for \(method.rawValue) \(pattern)")
        nodes[node].endpoints[method] = Endpoint(
            pattern: pattern, names: parsed.names, content: content, before: before, handler: handler)
        if parsed.names.isEmpty { literalPaths[pattern] = node }
    }

    /// What to do with a request whose head has arrived.
    enum Resolution: Sendable {
        case endpoint(Endpoint, PathParameters)
        case answer(Response)
        case notFound
    }

    func resolve(_ request: Request) -> Resolution {
        let target = request.head.target
        if target.isAsterisk { return .answer(optionsResponse(allowing: Method.implemented)) }
        guard let (node, values) = find(target) else { return slashRedirect(request) ?? .notFound }
        let endpoints = nodes[node].endpoints
        let method = request.method
        if let endpoint = endpoints[method] ?? (method == .head ? endpoints[.get] : nil) {
            return .endpoint(endpoint, PathParameters(Array(zip(endpoint.names, values)).map { ($0, $1) }))
        }
        let allowed = Method.implemented.filter {
            endpoints[$0] != nil || $0 == .options || ($0 == .head && endpoints[.get] != nil)
        }
        guard method != .options else { return .answer(optionsResponse(allowing: allowed)) }
        var response = Response.text("Method not allowed\n", status: .methodNotAllowed)
        response.fields.set("Allow", Router.list(allowed))
        return .answer(response)
    }

    private mutating func child(of node: Int, for segment: RoutePattern.Segment) -> Int {
        let next = nodes.count
        switch segment {
        case .literal(let text):
            if let known = nodes[node].literals[text] { return known }
            nodes[node].literals[text] = next
        case .parameter:
            if let known = nodes[node].parameter { return known }
            nodes[node].parameter = next
        case .rest:
            if let known = nodes[node].rest { return known }
            nodes[node].rest = next
        }
        nodes.append(Node())
        return next
    }

    private func find(_ target: RequestTarget) -> (node: Int, values: [String])? {
        if !target.isEncoded, let node = literalPaths[target.rawPath] { return (node, []) }
        var values: [String] = []
        return find(target.segments[...], from: 0, &values).map { ($0, values) }
    }

    /// Literals first, then parameter, then rest; goes back when a choice leads nowhere. `values` holds what the
    /// holes on the way matched.
    private func find(_ segments: ArraySlice<String>, from node: Int, _ values: inout [String]) -> Int? {
        guard let segment = segments.first else {
            return nodes[node].endpoints.isEmpty ? nil : node
        }
        if let next = nodes[node].literals[segment], let found = find(segments.dropFirst(), from: next, &values) {
            return found
        }
        if let next = nodes[node].parameter, !segment.isEmpty {
            values.append(segment)
            if let found = find(segments.dropFirst(), from: next, &values) { return found }
            values.removeLast()
        }
        guard let next = nodes[node].rest else { return nil }
        let rest = segments.joined(separator: "/")
        guard !rest.isEmpty else { return nil }
        values.append(rest)
        return next
    }

    /// 308 to the spelling that has a route. Never for a path that begins with two slashes: as a Location it would
    /// name another host (RFC 3986 section 4.2).
    private func slashRedirect(_ request: Request) -> Resolution? {
        let target = request.head.target
        guard request.method == .get || request.method == .head, !target.rawPath.hasPrefix("//") else { return nil }
        let other = target.rawPath.hasSuffix("/") ? String(target.rawPath.dropLast()) : target.rawPath + "/"
        let query = target.rawQuery.map { "?\($0)" } ?? ""
        guard other != "", let candidate = try? RequestTarget(other, method: .get),
            let (node, _) = find(candidate), nodes[node].endpoints[.get] != nil
        else { return nil }
        return .answer(.redirect(to: other + query, .permanentRedirect))
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
