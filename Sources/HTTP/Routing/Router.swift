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

    /// One segment deep in the tree of patterns.
    private struct Node: Sendable {
        /// A handful at most places, compared as bytes: cheaper than a table that has to hash the segment first.
        var literals: [(name: [UInt8], node: Int)] = []
        var parameter: Int?
        var rest: Int?
        var endpoints: [Endpoint] = []

        func endpoint(_ method: Method) -> Endpoint? { endpoints.first { $0.method == method } }
    }

    private var nodes = [Node()]
    private var endpointCount = 0

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
        precondition(nodes[node].endpoint(method) == nil, "two routes for \(method.rawValue) \(pattern)")
        nodes[node].endpoints.append(
            Endpoint(number: endpointCount, method, parsed, content, before: before, handler))
        endpointCount += 1
    }

    /// What to do with a request whose head has arrived.
    enum Resolution: Sendable {
        case endpoint(Endpoint, PathParameters)
        case answer(Response)
        case notFound
    }

    func resolve(_ head: RequestHead) -> Resolution {
        if head.target.isAsterisk { return .answer(optionsResponse(allowing: Method.implemented)) }
        guard let (node, values) = find(head) else { return slashRedirect(head) ?? .notFound }
        let method = head.method
        if let endpoint = nodes[node].endpoint(method) ?? (method == .head ? nodes[node].endpoint(.get) : nil) {
            return .endpoint(endpoint, PathParameters(endpoint.names, values))
        }
        let endpoints = nodes[node].endpoints.map(\.method)
        let allowed = Method.implemented.filter {
            endpoints.contains($0) || $0 == .options || ($0 == .head && endpoints.contains(.get))
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
            let name = Array(text.utf8)
            if let known = nodes[node].literals.first(where: { $0.name == name }) { return known.node }
            nodes[node].literals.append((name, next))
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

    private func find(_ head: RequestHead) -> (node: Int, values: [String])? {
        head.withPath { path in
            var values: [String] = []
            return find(path, from: 1, at: 0, &values).map { ($0, values) }
        }
    }

    /// Literals first, then parameter, then rest; goes back when a choice leads nowhere. `values` holds what the
    /// holes on the way matched.
    ///
    /// The path is split first and its segments decoded then, so that an encoded slash stays inside its segment.
    /// - Parameter start: where the next segment of the path begins; one behind its end when there is none.
    private func find(
        _ path: UnsafeBufferPointer<UInt8>, from start: Int, at node: Int, _ values: inout [String]
    ) -> Int? {
        guard start <= max(path.count, 1) else { return nodes[node].endpoints.isEmpty ? nil : node }
        let rest = UnsafeBufferPointer(rebasing: path[min(start, path.count)...])
        let length = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count
        let segment = PathSegment(UnsafeBufferPointer(rebasing: rest[..<length]))
        for literal in nodes[node].literals where segment.equals(literal.name) {
            if let found = find(path, from: start + length + 1, at: literal.node, &values) { return found }
        }
        if let next = nodes[node].parameter, length > 0 {
            values.append(segment.text)
            if let found = find(path, from: start + length + 1, at: next, &values) { return found }
            values.removeLast()
        }
        guard let next = nodes[node].rest, !rest.isEmpty else { return nil }
        values.append(PathSegment(rest).text)
        return next
    }

    /// 308 to the spelling that has a route. Never for a path that begins with two slashes: as a Location it would
    /// name another host (RFC 3986 section 4.2).
    private func slashRedirect(_ head: RequestHead) -> Resolution? {
        let path = head.rawPath
        guard head.method == .get || head.method == .head, !path.hasPrefix("//") else { return nil }
        var other = path.hasSuffix("/") ? String(path.dropLast()) : path + "/"
        guard other != "" else { return nil }
        var values: [String] = []
        guard let node = other.withUTF8({ find($0, from: 1, at: 0, &values) }), nodes[node].endpoint(.get) != nil
        else { return nil }
        let query = head.rawQuery.map { "?\($0)" } ?? ""
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

/// One segment of a path as sent.
private struct PathSegment {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let isEncoded: Bool

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        isEncoded = bytes.contains(UInt8(ascii: "%"))
    }

    /// Whether it is this name, once decoded.
    func equals(_ name: [UInt8]) -> Bool {
        guard isEncoded else { return bytes.elementsEqual(name) }
        return PercentCoding.decodedBytes(bytes, plusIsSpace: false) == name
    }

    /// Decoded. The request's target was checked, so there is nothing that cannot be.
    var text: String {
        PercentCoding.decode(bytes, plusIsSpace: false) ?? String(decoding: bytes, as: UTF8.self)
    }
}
