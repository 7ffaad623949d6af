/// The other protocol a connection goes over to when its response is sent. A reference, so that a response without
/// one is no larger for it.
final class WebSocketUpgrade: Sendable {
    let subprotocol: String?
    let limits: WebSocketLimits
    let run: @Sendable (WebSocket) async throws -> Void

    init(
        subprotocol: String?, limits: WebSocketLimits, run: @escaping @Sendable (WebSocket) async throws -> Void
    ) {
        self.subprotocol = subprotocol
        self.limits = limits
        self.run = run
    }
}

extension Response {
    /// Answers a WebSocket handshake (RFC 6455 section 4.2): 101, after which `run` has the connection. What is no
    /// handshake, or one of another version, gets 426; a malformed one 400; one from a foreign page 403.
    ///
    /// `run` is a task of the event loop, as ``Handler/async(_:)`` is, and must not block. It is cancelled when the
    /// client goes and when the server stops. When it returns, the socket is closed with 1000; when it throws, with
    /// 1011 and a line in the log.
    ///
    /// Fields that are set on the response go out with the 101.
    /// - Parameters:
    ///   - request: the handshake. Its route takes no content.
    ///   - subprotocols: what is spoken here, best first: "binary". The first one the client offers is agreed on;
    ///     when it offers none of them, none is.
    ///   - limits: how much the client may send at once.
    ///   - origin: whether a page may open the socket; nil asks that its Origin, if it names one, be the host the
    ///     request is for.
    public static func webSocket(
        _ request: Request, subprotocols: [String] = [], limits: WebSocketLimits = WebSocketLimits(),
        origin: (@Sendable (Request) -> Bool)? = nil, run: @escaping @Sendable (WebSocket) async throws -> Void
    ) -> Response {
        switch WebSocketHandshake.answer(request, subprotocols: subprotocols) {
        case .refused(let response): return response
        case .accepted(let acceptance):
            guard (origin ?? WebSocketHandshake.comesFromHost)(request) else {
                return .text("This socket is not for pages of other sites\n", status: .forbidden)
            }
            var response = Response(status: .switchingProtocols)
            response.fields.set("Upgrade", "websocket")
            response.fields.set("Sec-WebSocket-Accept", acceptance.accept)
            if let subprotocol = acceptance.subprotocol { response.fields.set("Sec-WebSocket-Protocol", subprotocol) }
            response.upgrade = WebSocketUpgrade(subprotocol: acceptance.subprotocol, limits: limits, run: run)
            return response
        }
    }
}
