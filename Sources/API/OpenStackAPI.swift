public import Compute
public import HTTP
public import Identity
public import Images
public import Networking
import ServiceCore

/// OpenStack's HTTP interfaces, each below the prefix that DevStack gives it: `/identity`, `/compute`, `/image`,
/// `/networking` and `/placement`. An endpoint decodes, makes one call of a service, and encodes.
public struct OpenStackAPI: Sendable {
    private let identity: IdentityService
    private let images: ImageService
    private let networking: NetworkingService
    private let compute: ComputeService

    /// - Parameter identity: issues and checks the tokens every other endpoint asks for.
    public init(
        identity: IdentityService, images: ImageService, networking: NetworkingService, compute: ComputeService
    ) {
        self.identity = identity
        self.images = images
        self.networking = networking
        self.compute = compute
    }

    /// Where each service answers, by its type: `compute` below `/compute`.
    public static var prefixes: [String: String] {
        Dictionary(uniqueKeysWithValues: Dialect.allCases.map { ($0.rawValue, $0.prefix) })
    }

    /// Whether a request is for one of the services: what is wrong with it is told in JSON.
    public static func owns(_ request: Request) -> Bool {
        Dialect(request) != nil
    }

    /// The answer to a path below a prefix that no route has.
    public static func notFound(_ request: Request) -> Response {
        refusal(APIError(.notFound, "The resource could not be found."), request)
    }

    /// The answer to a request that is at fault itself, before any endpoint saw it.
    public static func refusal(_ refusal: RequestError, _ request: Request) -> Response {
        self.refusal(APIError(refusal.status, refusal.reason), request)
    }

    /// The answer when the program is at fault and no endpoint said how; the log tells the cause under the request's id.
    public static func failure(_ request: Request) -> Response {
        refusal(
            APIError(.internalServerError, "An unexpected error prevented the server from fulfilling your request."),
            request)
    }

    /// Adds every route.
    public func register(on router: inout Router) {
        add(.identity, to: &router, IdentityAPI(identity: identity).register)
        add(.compute, to: &router, ComputeAPI(compute: compute, networking: networking, images: images).register)
        add(.image, to: &router, ImageAPI(images: images).register)
        add(.network, to: &router, NetworkAPI(networking: networking).register)
        add(.placement, to: &router, PlacementAPI(compute: compute).register)
    }

    private func add(_ dialect: Dialect, to router: inout Router, _ register: (inout RouteTable) -> Void) {
        var table = RouteTable(dialect, on: router, identity: identity)
        register(&table)
        router = table.router
    }

    private static func refusal(_ error: APIError, _ request: Request) -> Response {
        (Dialect(request) ?? .identity).refusal(error, request)
    }
}
