import HTTP
import ServiceCore

extension RouteTable {
    /// Adds an endpoint for content of any size, which goes into a sink while it arrives.
    /// - Parameters:
    ///   - before: refuses who may not send it, before any of it is read.
    ///   - sink: where it goes; made when the first of it is there.
    ///   - endpoint: answers when all of it is in the sink.
    mutating func upload(
        _ method: Method, _ path: String, limit: Int64, before: @escaping @Sendable (APICall) throws -> Void,
        to sink: @escaping @Sendable (APICall) throws -> any ContentSink,
        _ endpoint: @escaping @Sendable (APICall, any ContentSink) throws -> Response
    ) {
        let (dialect, identity) = (dialect, identity)
        let call: @Sendable (Request) throws -> APICall = { request in
            APICall(
                request: request, context: try Self.context(of: request, dialect, identity),
                version: dialect.versions?.lowerBound ?? Microversion(1, 0))
        }
        let policy = ContentPolicy.written(limit: limit) { request in
            try TranslatingSink(dialect) { try sink(try call(request)) }
        }
        add(
            method, path, content: policy,
            before: { request in
                do {
                    try before(try call(request))
                    return nil
                } catch {
                    return dialect.refusal(APIError(error, in: dialect), request)
                }
            }
        ) { request, _ in
            guard let sink = request.sink as? TranslatingSink else {
                throw APIError(.badRequest, "Body expected in request.")
            }
            return try endpoint(try call(request), sink.inner)
        }
    }
}

/// A sink whose refusals the web server can answer: it knows statuses, not services.
private final class TranslatingSink: ContentSink {
    let inner: any ContentSink
    private let dialect: Dialect

    init(_ dialect: Dialect, _ make: () throws -> any ContentSink) throws {
        self.dialect = dialect
        do {
            inner = try make()
        } catch {
            throw Self.translated(error, dialect)
        }
    }

    func write(_ bytes: [UInt8]) throws {
        do {
            try inner.write(bytes)
        } catch {
            throw Self.translated(error, dialect)
        }
    }

    func abandon() { inner.abandon() }

    private static func translated(_ error: any Error, _ dialect: Dialect) -> RequestError {
        let refusal = APIError(error, in: dialect)
        return RequestError(refusal.status, refusal.message)
    }
}
