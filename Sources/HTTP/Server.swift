import Glibc
public import Logging

/// An HTTP/1.1 server on plain sockets: event loops on epoll, one per processor, a bounded pool of worker threads,
/// one router.
///
/// It ignores SIGPIPE for the whole process: a client that goes away is no reason to die. And it raises the process's
/// limit of open files to the highest the system allows.
public final class Server: Sendable {
    private let configuration: ServerConfiguration
    private let router: Router
    private let logger: Logger
    private let stopped = Latch()
    private let loops = Lock<[EventLoop]>([])
    /// By address; nil for those without TLS.
    private let certificates = Lock<[ServedCertificate?]>([])

    /// A server that does nothing until ``start()``.
    public init(router: Router, configuration: ServerConfiguration, logger: Logger) {
        self.router = router
        self.configuration = configuration
        self.logger = logger
    }

    /// Listens on every address and starts the threads. To be called once.
    /// - Returns: the bound addresses, port 0 resolved.
    /// - Throws: ``SystemError`` of the call that failed, for example `bind 127.0.0.1:80: Permission denied`;
    ///   `TLSFileError` naming a certificate or key that cannot be used.
    public func start() throws -> [String] {
        signal(SIGPIPE, SIG_IGN)
        let count = configuration.loops > 0 ? configuration.loops : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        // The runtime's timers open descriptors when they are used for the first time, and the process ends if it cannot.
        Task.detached { try? await Task.sleep(for: .nanoseconds(1)) }
        let descriptors = DescriptorLimit.connections(within: DescriptorLimit.raise())
        if descriptors < configuration.limits.connections {
            logger.notice(
                "fewer connections than configured: the limit of open files",
                metadata: ["connections": "\(descriptors)"])
        }
        var router = router
        router.report = { [logger] error, request in
            logger.error(
                "handler failed",
                metadata: ["incident": "\(request.id)", "route": "\(request.pattern ?? "-")", "cause": "\(error)"])
        }
        let certificates = try configuration.addresses.map { try $0.certificate.map { try ServedCertificate($0) } }
        let context = ServerContext(
            router: router, configuration: configuration,
            admission: Admission(
                limit: min(descriptors, configuration.limits.connections),
                perNetwork: configuration.limits.connectionsPerClient),
            logger: logger)
        let loops = try (0..<count).map { _ in try EventLoop(server: context) }
        var bound: [String] = []
        do {
            for (address, certificate) in zip(configuration.addresses, certificates) {
                let first = try Socket.listening(on: SocketAddress(address.address))
                let actual = first.localAddress
                bound.append(actual.text)
                let name = address.prefix.map { ListenerName(nil, prefix: $0) }
                loops[0].add(listener: first, tls: certificate?.context, name: name)
                for loop in loops.dropFirst() {
                    loop.add(listener: try Socket.listening(on: actual), tls: certificate?.context, name: name)
                }
            }
        } catch {
            for loop in loops { loop.closeListeners() }
            context.workers.stop(waits: true)
            throw error
        }
        self.loops.withLock { $0 = loops }
        self.certificates.withLock { $0 = certificates }
        run(loops, context)
        return bound
    }

    /// Reads certificates and keys again whose files have changed, and makes new keys for session tickets twice a day.
    /// Connections from now on are met with them; a file that cannot be used is logged and what was there stays in
    /// use. Reads files: not for an event loop. To be called every half minute or so, by one thread.
    public func renewCertificates() {
        let loops = loops.withLock { $0 }
        var certificates = certificates.withLock { $0 }
        for index in certificates.indices {
            guard let context = certificates[index]?.renew(logger) else { continue }
            for loop in loops { loop.renew(context, at: index) }
        }
        self.certificates.withLock { $0 = certificates }
    }

    /// Accepts no more, lets what was begun finish for at most `grace`, closes every connection and ends the threads.
    /// A handler that has not returned a second after that is left behind.
    /// Event streams are ended at once: they would never finish.
    public func stop(grace: Duration) async {
        let loops = loops.withLock { $0 }
        guard !loops.isEmpty else { return }
        for loop in loops { loop.drain(grace: grace) }
        await stopped.wait()
    }

    /// Serves the clients of one more socket as well: one that listens already, opened by whoever could, for instance in
    /// another network namespace. Its requests carry `name` (``Request/listener``). One of the event loops has it. To be
    /// called after ``start()``.
    /// - Parameters:
    ///   - descriptor: belongs to the server from now on, also when this throws.
    ///   - name: any text; ``release(listener:)`` closes all sockets of a name.
    /// - Throws: ``SystemError`` EINVAL when the descriptor is no listening socket, ENOTCONN before the start.
    public func adopt(listener descriptor: Int32, named name: String) throws {
        let file = OpenFile(descriptor)
        guard Socket(descriptor: descriptor).becomeListener() else {
            throw SystemError(call: "adopt \(name)", code: EINVAL)
        }
        let loops = loops.withLock { $0 }
        guard !loops.isEmpty else { throw SystemError(call: "adopt \(name)", code: ENOTCONN) }
        loops[Int(UInt(bitPattern: name.hashValue) % UInt(loops.count))].adopt(file, ListenerName(name))
    }

    /// Closes the sockets that were adopted under a name, and every connection that came through them. One that is not
    /// known is nothing.
    public func release(listener name: String) {
        for loop in loops.withLock({ $0 }) { loop.release(name) }
    }

    /// How many connections there are and were. From any thread; all 0 before ``start()``.
    public var connections: ConnectionCounts {
        guard let admission = loops.withLock({ $0.first?.server.admission }) else { return ConnectionCounts() }
        return admission.counts
    }

    /// How the event loops fare, since the start.
    public var loopStatistics: [LoopStatistics] {
        loops.withLock { $0 }.map(\.turnCounter.statistics)
    }

    /// Blocks the calling thread until the server has stopped.
    public func wait() {
        stopped.waitBlocking()
    }

    /// One thread per loop; the last to end closes the house.
    private func run(_ loops: [EventLoop], _ context: ServerContext) {
        let running = Lock((count: loops.count, areClean: true))
        let stopped = stopped
        for (index, loop) in loops.enumerated() {
            let thread = Thread.start(named: "loop-\(index)") {
                let isClean = loop.run()
                let (left, areClean) = running.withLock { running in
                    running = (running.count - 1, running.areClean && isClean)
                    return running
                }
                guard left == 0 else { return }
                context.workers.stop(waits: areClean)
                stopped.open()
            }
            if let thread { pthread_detach(thread) }
        }
    }
}
