import Hummingbird
import Logging
import NIOPosix
import ResponderOptions

/// Answers with Hummingbird 2 on SwiftNIO.
@main
enum HummingbirdResponder {
    static func main() async throws {
        let options = try ResponderOptions()
        let body = ByteBuffer(bytes: options.body)
        let router = Router()
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: .init(byteBuffer: body))
        }
        var logger = Logger(label: "http")
        logger.logLevel = .critical
        let application = Application(
            router: router,
            configuration: .init(
                address: .hostname("127.0.0.1", port: Int(options.port)), serverName: "hummingbird", backlog: 4096),
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: options.loops)),
            logger: logger)
        try await application.runService()
    }
}
