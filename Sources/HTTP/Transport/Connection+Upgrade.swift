import Logging

/// A connection that has gone over to WebSocket. Its exchange lives until the socket is closed; then the connection
/// closes like every other.
extension Connection {
    /// Goes over: sends the 101 and lets the handler have the socket.
    func upgrade(_ exchange: Exchange, _ response: Response, _ upgrade: WebSocketUpgrade) {
        guard !state.isDraining else {
            return respond(exchange, .text("The server stops\n", status: .serviceUnavailable))
        }
        guard state.reading == .complete else {
            return respond(exchange, .text("A handshake has no content\n", status: .badRequest))
        }
        state.upgraded()
        exchange.status = response.status
        let context = ResponseEncoder.Context(
            standardFields: loop.standardFields, framing: .none, keepsAlive: true, minorVersion: 1)
        ResponseEncoder.appendHead(response, context, to: staging)
        let inbox = WebSocketInbox(limits: upgrade.limits)
        inbox.onTaken = { [weak self] in self?.turn { self?.parseInput() } }
        exchange.webSocket = inbox
        let socket = WebSocket(
            subprotocol: upgrade.subprotocol, connection: self, exchange: exchange, inbox: inbox)
        start(exchange) { [self] in
            var failure: (any Error)?
            do { try await upgrade.run(socket) } catch { failure = error }
            return { [self, failure] in handlerEnded(exchange, failure) }
        }
    }

    /// Reads frames.
    /// - Returns: how many bytes are done with.
    func takeFrames(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var offset = 0
        while !isClosed, mayParse, let exchange, let inbox = exchange.webSocket {
            inbox.isPinged = false
            do throws(WebSocketError) {
                let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
                let (consumed, event) = try inbox.decoder.next(Span(_unsafeElements: rest))
                offset += consumed
                if let event { handle(event, exchange, inbox) } else if consumed == 0 { return offset }
            } catch {
                fail(exchange, inbox, error)
            }
        }
        // Closed in between: nobody wants the rest.
        return exchange?.webSocket == nil ? bytes.count : offset
    }

    private func handle(_ event: WebSocketDecoder.Event, _ exchange: Exchange, _ inbox: WebSocketInbox) {
        switch event {
        case .message(let message): inbox.receive(message)
        case .ping(let payload):
            // Nothing may follow a Close (RFC 6455 section 5.5.1).
            if !inbox.isClosing { staging.append(WebSocketEncoder.control(.pong, payload)) }
        case .pong: break
        case .close(let code, _):
            if !inbox.isClosing { staging.append(WebSocketEncoder.close(code, "")) }
            inbox.finish(.success(()))
            finishWebSocket(exchange)
        }
    }

    /// The client broke the protocol: it is told, and the connection closes (RFC 6455 section 7.1.7).
    private func fail(_ exchange: Exchange, _ inbox: WebSocketInbox, _ error: WebSocketError) {
        server.logger.debug(
            "WebSocket failed",
            metadata: ["request": "\(exchange.request.id)", "reason": "\(error.reason)", "client": "\(remoteAddress)"])
        if !inbox.isClosing { staging.append(WebSocketEncoder.close(error.code, error.reason)) }
        inbox.finish(.failure(error))
        finishWebSocket(exchange)
    }

    /// The handler has returned: the socket closes, unless it has already.
    private func handlerEnded(_ exchange: Exchange, _ failure: (any Error)?) {
        exchange.task = nil
        if let failure, exchange.webSocket?.isClosing == false {
            server.logger.warning(
                "WebSocket handler failed",
                metadata: ["request": "\(exchange.request.id)", "reason": "\(failure)"])
        }
        closeWebSocket(exchange, failure == nil ? .normal : .internalError, "")
    }

    /// Begins the closing handshake: sends Close and waits for the client's. The handler receives nothing any more.
    func closeWebSocket(_ exchange: Exchange, _ code: WebSocketCloseCode, _ reason: String) {
        guard self.exchange === exchange, let inbox = exchange.webSocket, !inbox.isClosing else { return }
        staging.append(WebSocketEncoder.close(code, reason))
        inbox.close()
        // Reading may have stopped because too much waited.
        parseInput()
    }

    /// The server stops.
    func goAway(_ exchange: Exchange) {
        closeWebSocket(exchange, .goingAway, "the server stops")
        exchange.task?.cancel()
    }

    /// Both sides have closed, or need not: the handler is told, and the connection closes when everything is sent.
    private func finishWebSocket(_ exchange: Exchange) {
        exchange.task?.cancel()
        for writer in exchange.waitingWriters { writer.resume(throwing: CancellationError()) }
        exchange.waitingWriters = []
        exchange.webSocket = nil
        finish(exchange)
    }

    /// Sends a message as one frame. The writer goes on when there is room.
    func sendMessage(
        _ opcode: WebSocketFrameHeader.Opcode, _ payload: [UInt8], _ exchange: Exchange,
        _ writer: CheckedContinuation<Void, any Error>
    ) {
        guard !isClosed, self.exchange === exchange, exchange.webSocket?.isClosing == false else {
            return writer.resume(throwing: CancellationError())
        }
        turn {
            exchange.bytesSent += Int64(payload.count)
            staging.append(WebSocketEncoder.header(opcode, length: payload.count))
            append(payload)
            exchange.waitingWriters.append(writer)
        }
    }

    /// The client was silent: asks whether it is still there, or gives up when it was asked before.
    func webSocketWasSilent() {
        guard let inbox = exchange?.webSocket, !inbox.isPinged else { return close() }
        inbox.isPinged = true
        staging.append(WebSocketEncoder.control(.ping, []))
    }
}
