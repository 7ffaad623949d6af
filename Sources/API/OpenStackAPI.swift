public import HTTP
public import Identity
import ServiceCore

/// OpenStack's HTTP interfaces, each below the prefix that DevStack gives it: `/identity` and, as they come, the others.
/// An endpoint decodes, makes one call of a service, and encodes.
public struct OpenStackAPI: Sendable {
    private let identity: IdentityService

    /// - Parameter identity: issues and checks the tokens every other endpoint asks for.
    public init(identity: IdentityService) {
        self.identity = identity
    }

    /// Whether a path lies below one of the prefixes: what is wrong there is told in JSON.
    public static func owns(_ path: String) -> Bool {
        path == "/identity" || path.hasPrefix("/identity/")
    }

    /// The answer to a path below a prefix that no route has.
    public static func notFound(_ request: Request) -> Response {
        answer(APIError(.notFound, "The resource could not be found."), request)
    }

    /// The answer to a request that is at fault itself, before any endpoint saw it.
    public static func refusal(_ refusal: RequestError, _ request: Request) -> Response {
        answer(APIError(refusal.status, refusal.reason), request)
    }

    /// The answer when the program is at fault and no endpoint said how; the log tells the cause under the request's id.
    public static func failure(_ request: Request) -> Response {
        answer(
            APIError(.internalServerError, "An unexpected error prevented the server from fulfilling your request."),
            request)
    }

    /// Adds every route. Each path is there with and without a slash at its end, because clients send both.
    public func register(on router: inout Router) {
        let versions = IdentityVersions()
        for path in ["/identity", "/identity/"] { router.on(.get, path, .none, .loop(versions.choices)) }
        for path in ["/identity/v3", "/identity/v3/"] { router.on(.get, path, .none, .loop(versions.current)) }

        let tokens = TokenEndpoints(identity: identity)
        for path in ["/identity/v3/auth/tokens", "/identity/v3/auth/tokens/"] {
            router.on(.post, path, .collected(limit: 64 << 10), Self.endpoint(tokens.issue))
            router.on(.get, path, .none, Self.endpoint(tokens.validate))
            router.on(.delete, path, .none, Self.endpoint(tokens.revoke))
        }
    }

    /// Wraps an endpoint: it may block, its faults are told in keystone's words, and nobody keeps its answers.
    private static func endpoint(_ body: @escaping @Sendable (Request) throws -> Response) -> Handler {
        .worker { request in
            do {
                return Self.completed(try body(request), request)
            } catch {
                return Self.answer(APIError(error), request)
            }
        }
    }

    private static func answer(_ error: APIError, _ request: Request) -> Response {
        completed(error.response(base: request.baseURL), request)
    }

    private static func completed(_ response: Response, _ request: Request) -> Response {
        var response = response
        response.fields.set("Vary", "X-Auth-Token")
        response.fields.set("Cache-Control", "no-store")
        response.fields.set("X-Openstack-Request-Id", request.id.description)
        return response
    }
}

extension Request {
    /// Scheme and authority as the client sees them: links must lead back to where it came from.
    var baseURL: String { (isSecure ? "https://" : "http://") + host }
}
