@testable import HTTP

/// The request parser: head and framing (RFC 9112).
enum RequestProperties {
    /// Small, so that seeds of a few hundred bytes reach them.
    private static let limits: Limits = {
        var limits = Limits()
        limits.requestLine = 256
        limits.head = 1024
        limits.fieldCount = 20
        limits.chunkLine = 32
        limits.trailerSection = 128
        return limits
    }()

    private static let router: Router = {
        var router = Router()
        for pattern in ["/", "/a", "/a/{id}/b/", "/static/{path...}"] {
            router.on(.get, pattern, .none, .loop { _ in Response() })
        }
        return router
    }()

    static func check(_ bytes: [UInt8]) throws {
        _ = try checkStream(bytes, isRefused: { !$0.last!.hasPrefix("left") }) {
            trace($0, cuts: $1, limits: limits)
        }
        for head in heads(bytes) { try check(head) }
    }

    private static func heads(_ bytes: [UInt8]) -> [RequestHead] {
        var parser = RequestParser(limits: limits)
        var rest = bytes[...]
        var heads: [RequestHead] = []
        while let (consumed, event) = rest.withUnsafeBufferPointer({ try? parser.next($0) }),
            event != nil || consumed > 0
        {
            if case .head(let head) = event { heads.append(head) }
            rest = rest.dropFirst(consumed)
        }
        return heads
    }

    /// What every handler relies on.
    private static func check(_ head: RequestHead) throws {
        let path = head.path
        try require(path.hasPrefix("/") || path == "*" && head.method == .options, "the path is \(path)")
        try require(!path.utf8.contains(0), "the path holds NUL")
        let segments = path.split(separator: "/")
        try require(!segments.contains("."), "the path is \(path)")
        try require(!segments.contains(".."), "the path is \(path)")
        for (name, value) in head.fields.all {
            try require(Grammar.isToken(name), "a field's name is no token")
            try require(Grammar.isFieldContent(value), "a field's value holds a control character")
            try require(value.trimmingBlanks() == value, "a field's value has blanks around it")
            _ = MediaType(value)
        }
        try require(
            head.host.isEmpty ? head.minorVersion == 0 : head.withHost { Authority.isValid($0) },
            "the host is malformed")
        if case .length(let length) = head.framing { try require(length >= 0, "the length is negative") }
        try require(
            head.framing != .chunked || !head.fields.contains("Content-Length"), "the content has two lengths")
        var random = SeededRandom(state: 1)
        let id = RequestID(using: &random)
        let request = Request(head: head, id: id, remoteAddress: "::1")
        _ = AllowedHosts([".example.org"]).allows(head)
        _ = WebSocketHandshake.answer(request, subprotocols: ["binary"])
        if let location = router.respond(to: request).fields["Location"] {
            try require(location.hasPrefix("/") && !location.hasPrefix("//"), "redirected to \(location)")
        }
    }
}

/// The chunked coding (RFC 9112 section 7.1).
enum ChunkedProperties {
    static func check(_ bytes: [UInt8]) throws {
        let log = try checkStream(bytes, isRefused: { $0.last!.hasPrefix("4") }, trace)
        if log.last == "end" {
            // What follows the end is another message's.
            try require(trace(bytes + [0x58], []) == log, "the end depends on what follows it")
        }
        // Any bytes at all, encoded and decoded, are themselves.
        let encoded = OutputBuffer()
        for start in stride(from: 0, to: bytes.count, by: 7) {
            ResponseEncoder.appendChunk(Array(bytes[start..<min(start + 7, bytes.count)]), to: encoded)
        }
        encoded.append(ResponseEncoder.lastChunk)
        let decoded = trace(Array(encoded.bytes), [])
        try require(decoded == [summary(bytes), "end"], "encoding and decoding changes the content")
    }

    private static func trace(_ bytes: [UInt8], _ cuts: [Int]) -> [String] {
        var limits = Limits()
        limits.chunkLine = 32
        limits.trailerSection = 128
        var decoder = ChunkedDecoder(limits: limits)
        var content: [UInt8] = []
        var isOver = false
        do throws(RequestError) {
            _ = try cutByCut(bytes, cuts) { (rest) throws(RequestError) in
                let (consumed, step) = try decoder.next(rest)
                switch step {
                case .content(let range):
                    rest.withUnsafeBufferPointer { content += $0[range] }
                    return (consumed, .step)
                case .needsMore: return (consumed, .bytes)
                case .end:
                    isOver = true
                    return (consumed, .nothing)
                }
            }
        } catch {
            return [summary(content), "\(error.status.code) \(error.reason)"]
        }
        return [summary(content), isOver ? "end" : "more"]
    }
}
