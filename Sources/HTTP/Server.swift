public import Logging

/// An HTTP/1.1 server: event loops on epoll, a pool of workers, one router.
public final class Server: Sendable {
    private let router: Router
    private let configuration: ServerConfiguration
    private let logger: Logger

    /// A server that does nothing until ``start()``.
    public init(router: Router, configuration: ServerConfiguration, logger: Logger) {
        self.router = router
        self.configuration = configuration
        self.logger = logger
    }
    /// Listens on every address and starts the threads.
    /// - Returns: the bound addresses, port 0 resolved.
    /// - Throws: ``SystemError`` of bind or listen.
    public func start() throws -> [String] {
        throw SystemError(call: "socket", code: 38)
    }
    /// Stops accepting, lets running requests finish for at most `grace`, then closes.
    public func stop(grace: Duration) async {}
    /// Blocks the calling thread until the server has stopped.
    public func wait() {}
}
