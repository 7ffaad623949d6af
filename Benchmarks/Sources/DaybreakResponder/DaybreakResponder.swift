import Foundation
import HTTP
import Logging
import ResponderOptions

/// Answers with Daybreak's server, as the program configures it: every limit and timer, the access log and the metrics.
/// `/` is answered on the event loop, `/worker` by the pool, `/static/…` from the file; `/page` is made for each
/// request, `/stream` never ends.
@main
enum DaybreakResponder {
    static func main() throws {
        let options = try ResponderOptions()
        let body = options.body
        var router = Router()
        let contentType = "text/plain; charset=utf-8"
        router.on(.get, "/", .none, .loop { _ in Response(contentType: contentType, body: .bytes(body)) })
        router.on(.get, "/worker", .none, .worker { _ in Response(contentType: contentType, body: .bytes(body)) })
        router.on(
            .get, "/page", .none,
            .worker { _ in Response(contentType: contentType, body: .bytes([UInt8](repeating: 0x2E, count: 100_000))) })
        let piece = [UInt8](repeating: 0x2E, count: 8192)
        router.on(
            .get, "/stream", .none,
            .async { _ in Response(contentType: contentType, body: .stream { while true { try await $0.write(piece) } })
            })
        try StaticFiles(directory: options.file.deletingLastPathComponent().path, prefix: "/static/")
            .register(on: &router)

        var configuration = ServerConfiguration(addresses: ["127.0.0.1:\(options.port)"])
        configuration.loops = options.loops
        // So that hostile clients meet the limit too; wrk's are fewer.
        configuration.limits.countsThisMachine = true
        configuration.limits.connectionsPerClient = 1_100
        configuration.allowedHosts = [".localhost", "127.0.0.1", "[::1]"]
        configuration.observers = [
            try AccessLog(path: options.file.path + ".access.log"), RequestMetrics(),
        ]
        let server = Server(router: router, configuration: configuration, logger: Logger(label: "http"))
        _ = try server.start()
        server.wait()
    }
}
