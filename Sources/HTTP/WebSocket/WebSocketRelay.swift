/// The socket that a WebSocket is joined to, and for how long.
public struct RelayTarget: Sendable {
    let file: OpenFile
    let interval: Duration
    let mayGoOn: @Sendable () -> Bool

    /// - Parameters:
    ///   - descriptor: a connected stream socket; it is the relay's from now on, and closed at its end.
    ///   - interval: how often `mayGoOn` is asked.
    ///   - mayGoOn: whether whoever looks still may. Runs on a worker thread: may block.
    public init(
        descriptor: Int32, askingEvery interval: Duration = .seconds(30),
        mayGoOn: @escaping @Sendable () -> Bool = { true }
    ) {
        file = OpenFile(descriptor)
        self.interval = interval
        self.mayGoOn = mayGoOn
    }
}

extension Response {
    /// Answers a WebSocket handshake and joins what is opened to a stream socket: binary messages one way, bytes the
    /// other, as websockify does. Both directions have back-pressure, and no thread waits.
    ///
    /// The WebSocket closes with 1000 when the socket's other side closes, with 1008 when whoever looks no longer may,
    /// with 1003 when the client sends text.
    /// - Parameters:
    ///   - request: the handshake. What is none, or comes from a foreign page, is refused as
    ///     ``webSocket(_:subprotocols:limits:origin:run:)`` does.
    ///   - subprotocols: agreed on when the client offers one; noVNC's older versions offer "binary", newer none.
    ///   - open: makes the connection. Called on the caller's thread, and only for a handshake that is right: what it
    ///     costs, such as a token, is not lost to another. What it throws is the caller's to answer.
    public static func relay(
        _ request: Request, subprotocols: [String] = ["binary"], limits: WebSocketLimits = WebSocketLimits(),
        to open: () throws -> RelayTarget
    ) rethrows -> Response {
        var response = webSocket(request, subprotocols: subprotocols, limits: limits) { _ in }
        guard let upgrade = response.upgrade else { return response }
        let target = try open()
        response.upgrade = WebSocketUpgrade(subprotocol: upgrade.subprotocol, limits: limits) { socket in
            try await WebSocketRelay(socket, target).run()
        }
        return response
    }
}

/// A WebSocket and the socket it is joined to. Three tasks on the WebSocket's loop: one for each direction, and one that
/// asks now and then whether it may go on. The first that ends ends the others.
private struct WebSocketRelay: Sendable {
    private enum End: Sendable {
        case client, target, text, notAllowed
    }

    private let socket: WebSocket
    private let target: RelayTarget
    private let stream: WatchedDescriptor

    init(_ socket: WebSocket, _ target: RelayTarget) {
        self.socket = socket
        self.target = target
        stream = WatchedDescriptor(target.file, on: socket.connection.loop)
    }

    func run() async throws {
        let stream = stream
        defer { stream.end() }
        try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask { try await takeFromClient() }
            group.addTask { try await takeFromTarget() }
            group.addTask { try await watch() }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .target: socket.close(.normal, reason: "the other side closed")
            case .text: socket.close(.unsupportedData, reason: "binary messages only")
            case .notAllowed: socket.close(.policyViolation, reason: "no longer allowed")
            case .client, nil: break
            }
        }
    }

    private func takeFromClient() async throws -> End {
        while let message = try await socket.receive() {
            guard case .binary(let bytes) = message else { return .text }
            do { try await stream.write(bytes) } catch { return .target }
        }
        return .client
    }

    private func takeFromTarget() async throws -> End {
        while let bytes = try await stream.read() { try await socket.send(bytes) }
        return .target
    }

    private func watch() async throws -> End {
        repeat { try await Task.sleep(for: target.interval) } while await isAllowed()
        return .notAllowed
    }

    /// Asked on a worker thread. When none is free it is asked next time.
    private func isAllowed() async -> Bool {
        let (workers, mayGoOn) = (socket.connection.server.workers, target.mayGoOn)
        return await withCheckedContinuation { continuation in
            let isTaken = workers.submit { continuation.resume(returning: mayGoOn()) }
            if !isTaken { continuation.resume(returning: true) }
        }
    }
}
