extension Router {
    /// Answers a request on the calling thread, without a socket: for tests, and for routes whose handler is
    /// ``Handler/loop(_:)`` or ``Handler/worker(_:)``. An ``Handler/async(_:)`` route needs ``answer(_:)``; here it
    /// gives 501.
    public func respond(to request: Request) -> Response {
        switch prepared(request) {
        case .answer(let response): response
        case .run(let endpoint, let request):
            switch endpoint.handler {
            case .loop(let handle): run(handle, request, nil)
            case .worker(let handle): run(handle, request, nil).coded(for: request)
            case .async: .text("This route streams\n", status: .notImplemented)
            }
        }
    }

    /// Answers a request of any route, without a socket.
    public func answer(_ request: Request) async -> Response {
        switch prepared(request) {
        case .answer(let response): return response
        case .run(let endpoint, let request):
            switch endpoint.handler {
            case .loop(let handle): return run(handle, request, nil)
            case .worker(let handle): return run(handle, request, nil).coded(for: request)
            case .async(let handle):
                do {
                    return checked(try await handle(request), request)
                } catch {
                    return answer(to: error, request)
                }
            }
        }
    }

    /// Runs a handler with the content that arrived; what it throws, and a field that cannot be sent, become their
    /// answers.
    func run(
        _ handle: (Request) throws -> Response, _ request: Request, _ content: CollectedContent?
    ) -> Response {
        do {
            return try Router.attempt(handle, request, content)
        } catch {
            return answer(to: error, request)
        }
    }

    /// Runs a handler with the content that arrived.
    /// - Throws: what the handler throws, and the fault of a field that cannot be sent.
    static func attempt(
        _ handle: (Request) throws -> Response, _ request: Request, _ content: CollectedContent?
    ) throws -> Response {
        // Two calls, because a request that is either would be a copy of it.
        let response = if let content { try handle(content.finish(request)) } else { try handle(request) }
        if let fault = response.fields.fault { throw fault }
        return response
    }

    /// Asks a guard; what it throws becomes the refusal.
    func ask(_ before: Guard, _ request: Request) -> Response? {
        do {
            return try before(request).map { checked($0, request) }
        } catch {
            return answer(to: error, request)
        }
    }

    /// The response, or the failure's when it has a field that cannot be sent.
    func checked(_ response: Response, _ request: Request) -> Response {
        guard let fault = response.fields.fault else { return response }
        return answer(to: fault, request)
    }

    /// The answer to what a handler threw. A hook that itself makes unsendable fields loses them.
    func answer(to error: any Error, _ request: Request) -> Response {
        switch error {
        case let error as RequestError: return refusal(error, request)
        case let error as SystemError where error.isShortage: return .tooBusy
        // Its client has left; nobody is told anything.
        case is CancellationError where Task.isCancelled: return failure(error, request)
        default:
            report(error, request)
            return failure(error, request)
        }
    }

    private enum Prepared {
        case run(Endpoint, Request)
        case answer(Response)
    }

    /// Routing, the guard and the content policy, as the server does them.
    private func prepared(_ request: Request) -> Prepared {
        if let refusal = admit?(request) { return .answer(refusal) }
        guard let (endpoint, parameters) = routes.endpoint(for: request.head, below: request.prefix) else {
            return .answer(unmatched(request) ?? run(notFound, request, nil).coded(for: request))
        }
        var request = request
        request.parameters = parameters
        request.endpoint = endpoint
        let content = request.content
        request.content = []
        if let before = endpoint.before, let refusal = ask(before, request) { return .answer(refusal) }
        do {
            var receiver = try ContentReceiver(endpoint.content, request, directory: "/tmp")
            if !content.isEmpty { try receiver.receive(content.span) }
            try receiver.finish(&request)
            return .run(endpoint, request)
        } catch {
            return .answer(answer(to: error, request))
        }
    }
}
