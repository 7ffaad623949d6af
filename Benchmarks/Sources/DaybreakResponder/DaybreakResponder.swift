import Foundation
import HTTP
import Logging
import ResponderOptions
import Synchronization

/// Answers with Daybreak's server, as the program configures it: every limit, every timer, and an observer that counts
/// every request under a lock. `/` is answered on the event loop, `/worker` by the pool, `/static/…` from the file.
@main
enum DaybreakResponder {
    static func main() throws {
        let options = try ResponderOptions()
        let body = options.body
        var router = Router()
        let contentType = "text/plain; charset=utf-8"
        router.on(.get, "/", .none, .loop { _ in Response(contentType: contentType, body: .bytes(body)) })
        router.on(.get, "/worker", .none, .worker { _ in Response(contentType: contentType, body: .bytes(body)) })
        try StaticFiles(directory: options.file.deletingLastPathComponent().path, prefix: "/static/")
            .register(on: &router)

        var configuration = ServerConfiguration(addresses: ["127.0.0.1:\(options.port)"])
        configuration.loops = options.loops
        configuration.allowedHosts = [".localhost", "127.0.0.1", "[::1]"]
        let counts = Counts()
        configuration.observers = [RequestCallback { counts.add($0) }]
        let server = Server(router: router, configuration: configuration, logger: Logger(label: "http"))
        _ = try server.start()
        server.wait()
    }
}

/// Requests by route and status, and the time they took: what a metrics page wants to know.
private final class Counts: Sendable {
    private struct Key: Hashable {
        let pattern: String
        let status: Int
    }
    private let totals = Mutex<[Key: (count: Int, duration: Duration)]>([:])

    func add(_ request: RequestSummary) {
        let key = Key(pattern: request.pattern ?? "-", status: Int(request.status.code))
        totals.withLock {
            let (count, duration) = $0[key] ?? (0, .zero)
            $0[key] = (count + 1, duration + request.duration)
        }
    }
}
