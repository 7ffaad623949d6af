import Logging

extension Connection {
    /// Contents up to this many bytes are copied behind their head and leave in the same call.
    private static let copyLimit = 16 << 10

    /// Writes a response, or begins to.
    func respond(_ exchange: Exchange, _ response: Response) {
        guard self.exchange === exchange, state.writing == .handler else { return }
        if let upgrade = response.upgrade { return self.upgrade(exchange, response, upgrade) }
        let head = exchange.request.head
        let framing = framing(of: response, head)
        state.responseBegan(close: framing == .close || isLastCall || !mayGoOn(exchange))
        exchange.status = response.status
        exchange.framing = framing
        exchange.content = nil
        exchange.isHandlerDue = false
        let context = ResponseEncoder.Context(
            standardFields: exchange.request.isSecure ? loop.secureStandardFields : loop.standardFields,
            framing: framing,
            keepsAlive: state.keepsAlive,
            minorVersion: head.minorVersion)
        ResponseEncoder.appendHead(response, context, to: staging)
        guard head.method != .head, !response.status.forbidsContent else { return finish(exchange) }
        switch response.body {
        case .empty: finish(exchange)
        case .bytes(let bytes):
            append(bytes)
            exchange.bytesSent = Int64(bytes.count)
            finish(exchange)
        case .file(let region):
            append(.file(region))
            exchange.bytesSent = region.length
            finish(exchange)
        case .pieces(let pieces):
            for piece in pieces { append(piece) }
            exchange.bytesSent = pieces.reduce(0) { $0 + $1.count }
            finish(exchange)
        case .stream(let write):
            exchange.isEndless = response.isEndless
            stream(exchange, write)
        }
    }

    /// How the end of the content is told.
    private func framing(of response: Response, _ head: RequestHead) -> ResponseEncoder.Framing {
        guard !response.status.forbidsContent else { return .none }
        return switch response.body {
        case .empty: .length(0)
        case .bytes(let bytes): .length(Int64(bytes.count))
        case .file(let region): .length(region.length)
        case .pieces(let pieces): .length(pieces.reduce(0) { $0 + $1.count })
        case .stream: head.minorVersion == 1 ? .chunked : .close
        }
    }

    /// Whether the connection can carry another request: not when content is left that is too much to throw away,
    /// or that may or may not come because the client asked before sending it, or that a guard does not let in.
    private func mayGoOn(_ exchange: Exchange) -> Bool {
        guard state.reading == .content || state.reading == .held else { return true }
        guard !exchange.isContinueOwed, let rest = parser.remainingContent else { return false }
        return rest <= (state.reading == .held ? 0 : Int64(limits.discardedContent))
    }

    /// The response is complete.
    func finish(_ exchange: Exchange) {
        exchange.upload?.finish(.failure(CancellationError()))
        exchange.task = nil
        remember(.exchange(exchange))
        self.exchange = nil
        state.responseEnded()
    }

    /// Tells the access log what is over.
    func report(isComplete: Bool) {
        guard let last = lastReport else { return }
        lastReport = nil
        loop.readClock()
        if !earlierReports.isEmpty {
            for report in earlierReports { loop.observe(report.summary(self, isComplete: isComplete)) }
            earlierReports = []
        }
        loop.observe(last.summary(self, isComplete: isComplete))
    }

    /// Notes what is to be reported once it is sent.
    func remember(_ report: Report) {
        if let lastReport { earlierReports.append(lastReport) }
        lastReport = report
    }

    func append(_ bytes: [UInt8]) {
        if bytes.count <= Connection.copyLimit {
            staging.append(bytes)
        } else {
            stage()
            outbox.append(bytes)
        }
    }

    private func append(_ piece: Response.Piece) {
        switch piece {
        case .bytes(let bytes): append(bytes)
        case .file(let region):
            stage()
            outbox.append(region)
        }
    }

    /// Puts what was composed into the outbox, before something that is not copied.
    private func stage() {
        guard !staging.isEmpty else { return }
        outbox.append(Array(staging.bytes))
        staging.removeAll()
    }

    /// Sends what was composed in this turn and what waited from earlier ones.
    func flush() -> Outbox.Outcome {
        if outbox.isEmpty, !staging.isEmpty {
            defer { staging.removeAll() }
            switch socket.send(staging.bytes) {
            case .ended: return .failed
            case .wouldBlock:
                outbox.append(Array(staging.bytes))
                return .blocked(progress: false)
            case .bytes(let sent) where sent < staging.count:
                outbox.append(Array(staging.bytes[sent...]))
                return .blocked(progress: true)
            case .bytes: return .drained
            }
        }
        stage()
        return outbox.isEmpty ? .drained : outbox.send(to: socket)
    }
}

extension Connection {
    /// Runs a streaming body as a task of the loop.
    private func stream(_ exchange: Exchange, _ write: @escaping @Sendable (ResponseStream) async throws -> Void) {
        let stream = ResponseStream(sink: ConnectionSink(connection: self, exchange: exchange))
        start(exchange) { [self] in
            var failure: (any Error)?
            do { try await write(stream) } catch { failure = error }
            return { [self, failure] in streamEnded(exchange, failure) }
        }
    }

    /// A stream that broke off is cut, so that the client notices; one without end may end anywhere.
    private func streamEnded(_ exchange: Exchange, _ failure: (any Error)?) {
        if let failure, !exchange.isEndless {
            server.logger.warning(
                "response stream broke off",
                metadata: ["request": "\(exchange.request.id)", "reason": "\(failure)"])
            return close()
        }
        if exchange.framing == .chunked { staging.append(ResponseEncoder.lastChunk) }
        finish(exchange)
        if !isClosed { parseInput() }
    }

    /// Takes bytes from a streaming body. The writer goes on when there is room.
    fileprivate func write(_ bytes: [UInt8], _ exchange: Exchange, _ writer: CheckedContinuation<Void, any Error>) {
        guard !isClosed, self.exchange === exchange else { return writer.resume(throwing: CancellationError()) }
        turn {
            exchange.bytesSent += Int64(bytes.count)
            if exchange.framing == .chunked {
                ResponseEncoder.appendChunk(bytes, to: staging)
            } else {
                append(bytes)
            }
            exchange.waitingWriters.append(writer)
        }
    }

    /// Lets writers go on once little enough is waiting.
    func resumeWriters() {
        guard let exchange, !exchange.waitingWriters.isEmpty, outbox.count <= Int64(limits.unsentBytes) else { return }
        let writers = exchange.waitingWriters
        exchange.waitingWriters = []
        for writer in writers { writer.resume() }
    }
}

/// A connection as a streaming body sees it.
private struct ConnectionSink: ResponseSink {
    let connection: Connection
    let exchange: Exchange

    func write(_ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            connection.loop.execute { connection.write(bytes, exchange, continuation) }
        }
    }
}
