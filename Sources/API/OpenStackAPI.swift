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
            var response: Response
            do {
                response = try body(request)
            } catch {
                response = APIError(error).response(base: request.baseURL)
            }
            response.fields.set("Vary", "X-Auth-Token")
            response.fields.set("Cache-Control", "no-store")
            response.fields.set("X-Openstack-Request-Id", request.id.description)
            return response
        }
    }
}

extension Request {
    /// Scheme and authority as the client sees them: links must lead back to where it came from.
    var baseURL: String { (isSecure ? "https://" : "http://") + host }
}
