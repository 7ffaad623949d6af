import Logging

extension Connection {
    /// Bytes of responses that are put together before they are sent.
    private static let mostStaged = 64 << 10

    /// Whether bytes that are there may be looked at now.
    var mayParse: Bool {
        guard state.mayParse, !isFeeding, exchange?.isFull != true else { return false }
        guard outbox.count <= Int64(limits.unsentBytes), staging.count <= Connection.mostStaged else {
            stalledOnOutput = true
            return false
        }
        return true
    }

    /// Reads once from the socket. Level-triggered epoll comes back for the rest.
    func receive() {
        switch socket.receive(into: loop.receiveBuffer) {
        case .wouldBlock: break
        case .bytes(let count):
            noteProgress(Int64(count))
            let bytes = UnsafeBufferPointer(loop.receiveBuffer.bindMemory(to: UInt8.self))
            take(UnsafeBufferPointer(rebasing: bytes[..<count]))
        case .ended:
            if let failure = socket.tls?.failure { return secureTransportFailed(failure) }
            inputEnded()
        }
    }

    /// Parses what is left from before, for instance after a handler has answered.
    func parseInput() {
        let pending = input
        input = []
        let consumed = pending.withUnsafeBufferPointer { parse($0) }
        keep(consumed == 0 ? pending : Array(pending[consumed...]))
    }

    private func take(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard state.reading != .stopped else { return discard(bytes.count) }
        if input.isEmpty {
            let consumed = parse(bytes)
            if consumed < bytes.count { keep(Array(bytes[consumed...])) }
        } else {
            input += bytes
            parseInput()
        }
    }

    /// Keeps what was not understood yet.
    private func keep(_ rest: [UInt8]) {
        guard !isClosed, state.reading != .stopped else { return }
        input = rest
        if !rest.isEmpty { state.headBegan() }
    }

    /// Lets the parser go as far as it can.
    /// - Returns: how many bytes are done with.
    private func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var offset = 0
        while !isClosed, mayParse {
            if state.reading == .upgraded {
                return offset + takeFrames(UnsafeBufferPointer(rebasing: bytes[offset...]))
            }
            do throws(RequestError) {
                let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
                let (consumed, event) = try parser.next(rest)
                offset += consumed
                isMoreAtHand = offset < bytes.count
                switch event {
                case nil: if consumed == 0 { return offset }
                case .head(let head): try begin(head)
                case .content(let range): received(UnsafeBufferPointer(rebasing: rest[range]))
                case .end: contentEnded()
                }
            } catch {
                refuse(error)
                return bytes.count
            }
        }
        return offset
    }

    /// Bytes of content came.
    private func received(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let exchange else { return discard(bytes.count) }
        do {
            if let upload = exchange.upload {
                try upload.receive(Array(bytes))
            } else if let content = exchange.content {
                if content.mayBlock {
                    feed(content, Array(bytes), exchange)
                } else {
                    try content.receive(Span(_unsafeElements: bytes))
                    exchange.contentMemory = content.memory
                }
            } else {
                discard(bytes.count)
            }
        } catch {
            fail(exchange, error)
        }
    }

    /// Gives content that may end on a disk to a worker, and waits for it before looking at more.
    private func feed(_ content: CollectedContent, _ bytes: [UInt8], _ exchange: Exchange) {
        isFeeding = true
        submit(exchange) { [self] in
            let result = Result { try content.receive(bytes.span) }
            return { [self] in
                isFeeding = false
                exchange.contentMemory = content.memory
                if case .failure(let error) = result {
                    fail(exchange, error)
                }
                if !isClosed { parseInput() }
            }
        }
    }

    /// Throws bytes away; too many of them cost the client its connection.
    private func discard(_ count: Int) {
        discarded += Int64(count)
        if discarded > Int64(limits.discardedContent) + (1 << 20) { close() }
    }

    private func contentEnded() {
        discarded = 0
        state.contentEnded()
        guard let exchange else { return }
        exchange.upload?.finish(.success(()))
        runHandler(exchange)
    }

    /// The client sends no more. Between requests that is the usual end; inside one, nobody can be served.
    private func inputEnded() {
        state.inputEnded()
        if state.reading == .stopped { close() }
    }

    /// The message is not understood, or took too long: says so once and closes.
    func refuse(_ error: RequestError) {
        guard state.writing != .response, state.writing != .closing else { return close() }
        if let exchange {
            exchange.task?.cancel()
            exchange.upload?.finish(.failure(error))
            exchange.status = error.status
            remember(.exchange(exchange))
        } else {
            remember(.refusal(error.status))
        }
        exchange = nil
        state.refused()
        let body = Array("\(error.reason)\n".utf8)
        let response = Response(status: error.status, contentType: "text/plain; charset=utf-8", body: .empty)
        let context = ResponseEncoder.Context(
            standardFields: loop.standardFields, framing: .length(Int64(body.count)), keepsAlive: false, minorVersion: 1
        )
        ResponseEncoder.appendHead(response, context, to: staging)
        staging.append(body)
        server.logger.debug(
            "request refused",
            metadata: ["status": "\(error.status.code)", "reason": "\(error.reason)", "client": "\(remoteAddress)"])
    }
}
