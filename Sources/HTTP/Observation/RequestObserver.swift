/// Is told of every finished request by one event loop, on its thread: needs no lock for what is its own. Must not
/// block.
public protocol RequestObserver: AnyObject {
    /// A request is over.
    func observe(_ request: RequestSummary)
    /// A twentieth of a second has passed since the first request after the last call, or the loop ends: what was put
    /// aside is to be written.
    func flush()
}

/// Makes an observer for each event loop.
public protocol ObserverSource: Sendable {
    /// Called once for every loop, before it runs.
    func makeObserver() -> any RequestObserver
}

/// Calls a closure with every finished request, on its event loop.
public struct RequestCallback: ObserverSource {
    private final class Observer: RequestObserver {
        let body: @Sendable (RequestSummary) -> Void

        init(_ body: @escaping @Sendable (RequestSummary) -> Void) { self.body = body }

        func observe(_ request: RequestSummary) { body(request) }
        func flush() {}
    }

    private let body: @Sendable (RequestSummary) -> Void

    /// - Parameter body: must not block.
    public init(_ body: @escaping @Sendable (RequestSummary) -> Void) {
        self.body = body
    }

    /// One that calls the closure.
    public func makeObserver() -> any RequestObserver { Observer(body) }
}
