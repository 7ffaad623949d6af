extension Router {
    /// Answers a request on the calling thread, without a socket: for tests, and for routes whose handler is
    /// ``Handler/loop(_:)`` or ``Handler/worker(_:)``. An ``Handler/async(_:)`` route needs ``answer(_:)``; here it
    /// gives 501.
    public func respond(to request: Request) -> Response {
        switch prepared(request) {
        case .answer(let response): response
        case .run(let endpoint, let request):
            switch endpoint.handler {
            case .loop(let handle), .worker(let handle): run(handle, request)
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
            case .loop(let handle), .worker(let handle): return run(handle, request)
            case .async(let handle):
                do {
                    return try await handle(request)
                } catch {
                    return failure(error, request)
                }
            }
        }
    }

    /// Runs a handler; what it throws, and a field that cannot be sent, go to ``failure``.
    func run(_ handle: (Request) throws -> Response, _ request: Request) -> Response {
        do {
            let response = try handle(request)
            if let fault = response.fields.fault { throw fault }
            return response
        } catch {
            return failure(error, request)
        }
    }

    private enum Prepared {
        case run(Endpoint, Request)
        case answer(Response)
    }

    /// Routing and the content policy, as the server does them.
    private func prepared(_ request: Request) -> Prepared {
        if let refusal = admit(request) { return .answer(refusal) }
        switch resolve(request) {
        case .answer(let response): return .answer(response)
        case .notFound: return .answer(notFound(request))
        case .endpoint(let endpoint, let parameters):
            var request = request
            request.parameters = parameters
            request.pattern = endpoint.pattern
            do {
                var receiver = try ContentReceiver(endpoint.content, head: request.head, directory: "/tmp")
                try receiver.receive(request.content.span)
                request.content = []
                try receiver.finish(&request)
                return .run(endpoint, request)
            } catch {
                return .answer(failure(error, request))
            }
        }
    }
}
