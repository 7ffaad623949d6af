extension Request {
    /// A request made without a socket, for tests of routes: give it to ``Router/respond(to:)``.
    ///
    /// It goes through the same checks as one from the network; a target or field the server would refuse stops the
    /// test.
    /// - Parameters:
    ///   - target: as in the request line, query included.
    ///   - form: sent as an urlencoded form.
    ///   - content: sent as it is; say its type in `fields`.
    public static func testing(
        _ method: Method, _ target: String, fields: KeyValuePairs<String, String> = [:],
        form: KeyValuePairs<String, String>? = nil, content: [UInt8] = [], cookies: KeyValuePairs<String, String> = [:],
        isSecure: Bool = false, from remoteAddress: String = "127.0.0.1", listener: String? = nil,
        prefix: String? = nil
    ) -> Request {
        var all = fields.map { ($0, $1) }
        if !cookies.isEmpty { all.append(("Cookie", cookies.map { "\($0)=\($1)" }.joined(separator: "; "))) }
        var content = content
        if let form {
            all.append(("Content-Type", "application/x-www-form-urlencoded"))
            content = Array(
                form.map { "\(PercentCoding.encode($0))=\(PercentCoding.encode($1))" }.joined(separator: "&").utf8)
        }
        return testing(
            method, target, fieldLines: all, content: content, isSecure: isSecure, from: remoteAddress,
            listener: listener, prefix: prefix)
    }

    /// The same with fields that are only known at run time; of several with one name the last is sent.
    public static func testing(
        _ method: Method, _ target: String, fieldLines: [(String, String)], content: [UInt8] = [],
        isSecure: Bool = false, from remoteAddress: String = "127.0.0.1", listener: String? = nil,
        prefix: String? = nil
    ) -> Request {
        var all = Fields()
        all.add("Host", "127.0.0.1:8000")
        for (name, value) in fieldLines { all.set(name, value) }
        if !content.isEmpty { all.set("Content-Length", String(content.count)) }
        var random = SystemRandomNumberGenerator()
        do {
            let lines = all.all.map { "\($0.name): \($0.value)\r\n" }.joined()
            let bytes = Array("\(method.rawValue) \(target) HTTP/1.1\r\n\(lines)\r\n".utf8)
            var parser = HeadParser()
            let (_, head) = try bytes.withUnsafeBufferPointer { (bytes) throws(RequestError) in
                try parser.parse(bytes, limits: Limits())
            }
            guard let head else { throw RequestError.malformed("the head is not complete") }
            var request = Request(
                head: head, id: RequestID(using: &random), remoteAddress: remoteAddress, isSecure: isSecure,
                listener: listener == nil && prefix == nil ? nil : ListenerName(listener, prefix: prefix))
            request.content = content
            return request
        } catch {
            preconditionFailure("no server would accept this request: \(error)")
        }
    }
}

extension Response {
    /// The whole content, for tests: runs a stream to its end.
    public func collectedContent() async throws -> [UInt8] {
        switch body {
        case .empty: return []
        case .bytes(let bytes): return bytes
        case .file(let region): return try region.read()
        case .pieces(let pieces):
            return try pieces.flatMap { piece in
                switch piece {
                case .bytes(let bytes): bytes
                case .file(let region): try region.read()
                }
            }
        case .stream(let write):
            let sink = CollectingSink()
            try await write(ResponseStream(sink: sink))
            return sink.bytes.withLock { $0 }
        }
    }
}

private final class CollectingSink: ResponseSink {
    let bytes = Lock<[UInt8]>([])

    func write(_ more: [UInt8]) async throws {
        bytes.withLock { $0 += more }
    }
}
