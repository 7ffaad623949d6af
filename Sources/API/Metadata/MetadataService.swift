public import Compute
public import HTTP
public import Networking
import ServiceCore

/// What guests ask at 169.254.169.254: Amazon's tree and OpenStack's documents, each guest its own.
///
/// It has a router and limits of its own, because whoever reaches it is a stranger: nothing else of this program can be
/// reached there. A guest is known by the network that its request came through and by the address it came from, and by
/// nothing that it says.
public struct MetadataService: Sendable {
    private let compute: ComputeService
    private let networking: NetworkingService
    private let rate: RequestRate

    /// - Parameter rate: how often a guest may ask.
    public init(compute: ComputeService, networking: NetworkingService, rate: RequestRate = RequestRate()) {
        self.compute = compute
        self.networking = networking
        self.rate = rate
    }

    /// Answers the requests of listeners that are named after their networks' ids.
    public var router: HTTP.Router {
        var router = HTTP.Router()
        router.admit = { [rate] request in
            let guest = RequestRate.Guest(network: request.listener ?? "", address: request.peerAddress)
            guard let wait = rate.wait(of: guest) else { return nil }
            var response = Response.text("Too many requests; try again later\n", status: .tooManyRequests)
            response.fields.set("Retry-After", String(wait))
            return response
        }
        for pattern in ["/", "/{path...}"] { router.on(.get, pattern, .none, .worker(answer)) }
        return router
    }

    /// A server that listens nowhere until it is given sockets, and believes nobody.
    public static var configuration: ServerConfiguration {
        var configuration = ServerConfiguration(addresses: [String]())
        configuration.loops = 1
        configuration.workers = 4
        configuration.limits.requestLine = 2 << 10
        configuration.limits.head = 8 << 10
        configuration.limits.discardedContent = 1 << 10
        configuration.limits.connections = 2_048
        configuration.limits.connectionsPerClient = 16
        configuration.limits.countsThisMachine = true
        configuration.limits.queuedRequests = 512
        configuration.limits.bufferedBytes = 16 << 20
        configuration.timeouts.idle = .seconds(15)
        configuration.timeouts.body = .seconds(5)
        configuration.timeouts.head = .seconds(5)
        return configuration
    }

    @Sendable private func answer(_ request: Request) throws -> Response {
        guard let guest = try guest(behind: request),
            let found = try MetadataPath(request.path).content(of: guest, today: Self.today)
        else { return .text("404 Not Found\n", status: .notFound) }
        var response = Response(contentType: found.contentType, body: .bytes(found.bytes))
        response.fields.set("Cache-Control", "no-store")
        return response
    }

    /// Whose port the request came from. What a guest writes into `X-Forwarded-For` is not looked at.
    private func guest(behind request: Request) throws -> GuestMetadata? {
        guard let network = request.listener.flatMap({ ID<Network>(untrusted: $0) }),
            let port = try networking.port(onNetwork: network, address: request.peerAddress),
            port.nicIndex != nil, let instance = ID<Instance>(untrusted: port.deviceID)
        else { return nil }
        return try compute.guestMetadata(instance)
    }

    private static var today: String {
        String(SystemClock().now().iso8601.prefix(10))
    }
}
