import HTTP
import Identity
import ServiceCore

/// Adds the routes of one service. Each path is there with and without a slash at its end, because clients send both; of
/// nova's only the roots: what follows a slash there is an id, and one that is blank is none.
struct RouteTable {
    /// The service whose routes they are.
    let dialect: Dialect
    /// Where they go.
    var router: Router
    let identity: IdentityService
    /// The paths below which a blank id is refused.
    private var blanks: Set<String> = []

    /// What an endpoint does for somebody who has shown a token.
    typealias Endpoint = @Sendable (APICall) throws -> Response

    /// The most bytes of JSON that are taken: nova's user data is 64 KiB, and everything else is smaller.
    static let contentLimit = 1 << 20

    init(_ dialect: Dialect, on router: Router, identity: IdentityService) {
        self.dialect = dialect
        self.router = router
        self.identity = identity
    }

    /// Adds an endpoint for holders of a token.
    /// - Parameters:
    ///   - path: below the service's prefix: `/v2.1/servers/{id}`.
    ///   - versions: the microversions that have it; others answer 404.
    ///   - slash: whether the path is also there with a slash at its end; nil for the service's way.
    mutating func on(
        _ method: Method, _ path: String, in versions: ClosedRange<Microversion>? = nil, slash: Bool? = nil,
        _ endpoint: @escaping Endpoint
    ) {
        let (dialect, identity) = (dialect, identity)
        let content = method.hasContent ? ContentPolicy.collected(limit: Self.contentLimit) : .none
        add(method, path, content: content, slash: slash ?? (dialect != .compute)) { request, version in
            let context = try Self.context(of: request, dialect, identity)
            if let versions, !versions.contains(version ?? versions.lowerBound) {
                throw APIError(.notFound, "The resource could not be found.")
            }
            let call = APICall(
                request: request, context: context,
                version: version ?? dialect.versions?.lowerBound ?? Microversion(1, 0))
            let response = try endpoint(call)
            // Reading changes nothing, so that it may be refused when it is done: no endpoint can forget to be strict.
            if method == .get, dialect.refusesUnknownQueries(call.version) { try call.query.refuseUnknown() }
            return response
        }
        if slash == nil, dialect == .compute { refuseBlank(below: path) }
    }

    /// Nothing has a blank id, whatever somebody wants to do to it.
    private mutating func refuseBlank(below path: String) {
        guard blanks.insert(path).inserted else { return }
        let (dialect, identity) = (dialect, identity)
        for method in [Method.get, .post, .put, .patch, .delete] {
            add(method, path + "/", content: .none, slash: false) { request, _ in
                _ = try Self.context(of: request, dialect, identity)
                throw APIError(.notFound, "The resource could not be found.")
            }
        }
    }

    /// Adds an endpoint for everybody: discovery, authentication.
    mutating func open(
        _ method: Method, _ path: String, _ endpoint: @escaping @Sendable (Request) throws -> Response
    ) {
        add(method, path, content: method.hasContent ? .collected(limit: Self.contentLimit) : .none) { request, _ in
            try endpoint(request)
        }
    }

    /// Whose token a request shows. An application credential may be for other requests only.
    /// - Throws: `APIError` 401 without one; `ServiceError` of kind unauthenticated.
    static func context(
        of request: Request, _ dialect: Dialect, _ identity: IdentityService
    ) throws -> RequestContext {
        guard let token = request.fields["X-Auth-Token"] else {
            throw APIError(.unauthorized, APIError.unauthenticated)
        }
        let path = request.path
        return try identity.context(
            token: token, requestID: request.id.description, remoteAddress: request.remoteAddress,
            service: dialect.rawValue, method: request.method.rawValue,
            path: path.hasPrefix(dialect.prefix) ? String(path.dropFirst(dialect.prefix.count)) : path)
    }

    /// Adds a route whose faults are told in the service's words and whose answers nobody keeps.
    mutating func add(
        _ method: Method, _ path: String, content: ContentPolicy, slash: Bool = true, before: Guard? = nil,
        _ body: @escaping @Sendable (Request, Microversion?) throws -> Response
    ) {
        let dialect = dialect
        let handler = Handler.worker { request in
            var version: Microversion?
            do {
                version = try dialect.version(of: request)
                var response = try body(request, version)
                dialect.complete(&response, request, version: version)
                return response
            } catch {
                return dialect.refusal(APIError(error, in: dialect), request, version: version)
            }
        }
        router.on(method, dialect.prefix + path, content, before: before, handler)
        if slash, !path.hasSuffix("/"), !path.hasSuffix("...}") {
            router.on(method, dialect.prefix + path + "/", content, before: before, handler)
        }
    }
}

extension Method {
    fileprivate var hasContent: Bool {
        switch self {
        case .post, .put, .patch, .delete: true
        default: false
        }
    }
}
