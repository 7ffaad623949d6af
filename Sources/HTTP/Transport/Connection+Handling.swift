import Synchronization

extension Connection {
    /// A head is complete: finds who answers it.
    /// - Throws: ``RequestError`` when the request is malformed beyond the parser's view.
    func begin(_ head: RequestHead) throws(RequestError) {
        restartHeadDeadline()
        let client = try forwarded(head)
        let exchange = Exchange(
            request: Request(
                head: head, id: RequestID(using: &loop.random), remoteAddress: remoteAddress,
                isSecure: socket.tls != nil, forwarded: client, listener: listener,
                route: server.routes.endpoint(for: head, below: listener?.prefix)),
            started: loop.now)
        self.exchange = exchange
        state.headEnded(keepsAlive: head.keepsAlive)
        guard server.hosts.allows(head, behind: client) else {
            return respond(exchange, .text("This server does not answer for that host\n", status: .badRequest))
        }
        if let admit = server.admit, let refusal = admit(exchange.request) {
            return respond(exchange, server.router.checked(refusal, exchange.request))
        }
        guard let endpoint = exchange.request.endpoint else {
            if let answer = server.router.unmatched(exchange.request) { return respond(exchange, answer) }
            return answerNotFound(exchange)
        }
        if let before = endpoint.before { hold(exchange, endpoint, before) } else { accept(exchange, endpoint) }
    }

    /// What a trusted proxy says about the client; nil without one.
    private func forwarded(_ head: RequestHead) throws(RequestError) -> ForwardedClient? {
        guard isFromProxy else { return nil }
        return try server.configuration.forwarding.client(behind: remoteAddress, head.fields)
    }

    /// Has the route's guard look at the head. Until it has, nothing more is read.
    private func hold(_ exchange: Exchange, _ endpoint: Router.Endpoint, _ before: @escaping Guard) {
        state.contentHeld()
        let request = exchange.request
        submit(exchange) { [self] in
            let refusal = server.router.ask(before, request)
            return { [self] in
                if let refusal { return complete(exchange, refusal) }
                state.contentReleased()
                accept(exchange, endpoint)
                if !isClosed { parseInput() }
            }
        }
    }

    /// No route matches. Who answers may ask who it is that lost their way; until then nothing more is read.
    private func answerNotFound(_ exchange: Exchange) {
        state.contentHeld()
        let request = exchange.request
        submit(exchange) { [self] in
            let response = server.router.run(server.router.notFound, request, nil).coded(for: request)
            return { [self] in
                state.contentReleased()
                complete(exchange, response)
            }
        }
    }

    /// Prepares for the content as the route wants it.
    private func accept(_ exchange: Exchange, _ endpoint: Router.Endpoint) {
        let head = exchange.request.head
        exchange.isHandlerDue = true
        if case .streamed(let limit) = endpoint.content { return acceptStreamed(exchange, endpoint, limit: limit) }
        if head.framing.isEmpty, !endpoint.content.takesEmptiness { return }
        do {
            let receiver = try ContentReceiver(
                endpoint.content, exchange.request, directory: server.configuration.temporaryDirectory, limits: limits)
            exchange.content = CollectedContent(receiver, workers: server.workers)
            sendContinue(exchange)
        } catch {
            fail(exchange, error)
        }
    }

    /// Runs the handler at once; it reads the content while that comes.
    private func acceptStreamed(_ exchange: Exchange, _ endpoint: Router.Endpoint, limit: Int64) {
        let head = exchange.request.head
        do throws(RequestError) {
            if case .length(let length) = head.framing, length > limit { throw ContentReceiver.tooLarge }
            try ContentReceiver.refuseCoded(head)
        } catch {
            return fail(exchange, error)
        }
        let upload = Upload(loop: loop, limit: limit)
        upload.onTaken = { [weak self] in self?.turn { self?.parseInput() } }
        exchange.upload = upload
        exchange.isHandlerDue = false
        sendContinue(exchange)
        run(exchange, endpoint.handler, content: nil)
    }

    /// The content is wanted: the client may send it (RFC 9110 section 10.1.1).
    private func sendContinue(_ exchange: Exchange) {
        guard exchange.isContinueOwed else { return }
        exchange.isContinueOwed = false
        staging.append(ResponseEncoder.continueResponse)
    }

    /// The content is complete.
    func runHandler(_ exchange: Exchange) {
        guard exchange.isHandlerDue, let endpoint = exchange.request.endpoint else { return }
        exchange.isHandlerDue = false
        let content = exchange.content
        exchange.content = nil
        run(exchange, endpoint.handler, content: content)
    }

    private func run(_ exchange: Exchange, _ handler: Handler, content: CollectedContent?) {
        switch handler {
        case .loop(let handle):
            do {
                // Not the router's `run`: calling that would copy the router for every request.
                respond(exchange, try Router.attempt(handle, exchange.request, content))
            } catch {
                respond(exchange, server.router.answer(to: error, exchange.request))
            }
        case .worker(let handle):
            let request = exchange.request
            submit(exchange) { [self] in
                let response = server.router.run(handle, request, content).coded(for: request)
                return { [self] in complete(exchange, response) }
            }
        case .async(let handle):
            var request = exchange.request
            if let upload = exchange.upload { request.contentStream = ContentStream(source: upload) }
            start(exchange) { [self, request] in
                let response: Response
                do {
                    response = server.router.checked(try await handle(content?.finish(request) ?? request), request)
                } catch {
                    response = server.router.answer(to: error, request)
                }
                return { [self] in complete(exchange, response) }
            }
        }
    }

    /// A handler or a guard elsewhere has answered; then the next request may be looked at.
    private func complete(_ exchange: Exchange, _ response: Response) {
        guard self.exchange === exchange else { return }
        exchange.task = nil
        respond(exchange, response)
        if !isClosed { parseInput() }
    }

    /// Answers what went wrong with the content.
    func fail(_ exchange: Exchange, _ error: any Error) {
        guard self.exchange === exchange else { return }
        guard state.writing == .handler else { return close() }
        exchange.content = nil
        exchange.isHandlerDue = false
        exchange.task?.cancel()
        exchange.task = nil
        exchange.upload?.finish(.failure(error))
        exchange.upload = nil
        respond(exchange, server.router.checked(server.router.answer(to: error, exchange.request), exchange.request))
    }

    /// Runs `work` on a worker thread, and what it returns back here. A client that has gone before a thread was free is
    /// not worked for.
    func submit(_ exchange: Exchange, _ work: @escaping @Sendable () -> @Sendable () -> Void) {
        let loop = loop
        let isTaken = server.workers.submit { [self] in
            let after = exchange.isAbandoned.load(ordering: .relaxed) ? nil : work()
            loop.execute { [self] in
                loop.activities -= 1
                if let after { turn { if self.exchange === exchange { after() } } }
            }
        }
        if isTaken {
            loop.activities += 1
        } else {
            isFeeding = false
            exchange.content = nil
            exchange.isHandlerDue = false
            respond(exchange, .tooBusy)
        }
    }

    /// Runs `work` as a task on the loop, and what it returns in a turn of this connection.
    func start(_ exchange: Exchange, _ work: @escaping @Sendable () async -> @Sendable () -> Void) {
        let loop = loop
        loop.activities += 1
        exchange.task = Task(executorPreference: loop) { [self] in
            let after = await work()
            loop.execute { [self] in
                loop.activities -= 1
                turn { if self.exchange === exchange { after() } }
            }
        }
    }
}
