/// Takes a request's content as its route wants it: thrown away, in memory, as a form, or into the route's own sink.
struct ContentReceiver {
    private enum Kind {
        case discard
        case collect
        case urlEncoded(FormLimits)
        case multipart(MultipartReader)
        case written(to: @Sendable () throws -> any ContentSink)
    }

    private var kind: Kind
    private let limit: Int64
    private var received: Int64 = 0
    private var buffer: [UInt8] = []
    private var sink: (any ContentSink)?

    /// - Parameter request: for which a sink is made.
    /// - Throws: ``RequestError`` 413 when the content announces itself as too large, 507 when there is no room for it
    ///   in the directory of temporary files, 415 when it is coded or a form route gets something that is no form.
    init(
        _ policy: ContentPolicy, _ request: Request, directory: String, limits: Limits = Limits()
    ) throws(RequestError) {
        let head = request.head
        switch policy {
        case .none, .streamed: (kind, limit) = (.discard, Int64(limits.discardedContent))
        case .collected(let limit): (kind, self.limit) = (.collect, Int64(limit))
        case .form(let formLimits):
            limit = formLimits.totalSize
            kind = try ContentReceiver.form(formLimits, head, directory)
        case .written(let limit, let make): (kind, self.limit) = (.written { try make(request) }, limit)
        }
        if case .none = policy {} else { try ContentReceiver.refuseCoded(head) }
        if case .length(let length) = head.framing {
            guard length <= limit else { throw ContentReceiver.tooLarge }
            if case .form(let form) = policy, case .multipart = kind, length > Int64(form.memoryThreshold),
                !TemporaryFile.hasRoom(for: length, in: directory, reserve: limits.freeDiskSpace)
            {
                throw ContentReceiver.noRoom
            }
            switch kind {
            case .collect, .urlEncoded: buffer.reserveCapacity(Int(length))
            case .discard, .multipart, .written: break
            }
        }
    }

    /// Whether receiving may write to a disk.
    var mayBlock: Bool {
        switch kind {
        case .multipart, .written: true
        default: false
        }
    }

    /// Bytes in memory.
    var memory: Int {
        if case .multipart(let reader) = kind { reader.memory } else { buffer.count }
    }

    /// Takes the next piece.
    mutating func receive(_ bytes: borrowing Span<UInt8>) throws {
        received += Int64(bytes.count)
        guard received <= limit else { throw ContentReceiver.tooLarge }
        switch kind {
        case .discard: break
        case .collect, .urlEncoded: bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        case .multipart(var reader):
            kind = .discard  // gives up the second reference, so that the reader is changed in place
            try reader.receive(bytes)
            kind = .multipart(reader)
        case .written: try writer().write(bytes.withUnsafeBufferPointer { Array($0) })
        }
    }

    /// The sink that nobody has taken over, for whoever gives the content up.
    mutating func takeSink() -> (any ContentSink)? {
        defer { sink = nil }
        return sink
    }

    private mutating func writer() throws -> any ContentSink {
        guard case .written(let make) = kind, sink == nil else { return sink ?? NoSink() }
        let made = try make()
        sink = made
        return made
    }

    /// Stands where no policy asks for a sink.
    private final class NoSink: ContentSink {
        func write(_ bytes: [UInt8]) {}
        func abandon() {}
    }

    /// Puts what arrived into the request.
    mutating func finish(_ request: inout Request) throws {
        switch kind {
        case .discard: break
        case .collect: request.content = buffer
        case .urlEncoded(let limits): request.form = try FormData.urlEncoded(buffer, limits: limits)
        case .multipart(var reader): request.form = try reader.finish()
        case .written:
            request.sink = try writer()
            sink = nil
        }
        buffer = []
    }

    /// No content coding is taken off here, and a handler that got coded content would take it for something else (RFC
    /// 9110 section 8.4).
    static func refuseCoded(_ head: RequestHead) throws(RequestError) {
        guard !head.framing.isEmpty else { return }
        for coding in head.fields.values(for: "Content-Encoding") {
            guard Grammar.equalIgnoringCase(coding, "identity") else {
                throw RequestError(.unsupportedMediaType, "content must come without Content-Encoding")
            }
        }
    }

    static let tooLarge = RequestError(.contentTooLarge, "the content is larger than is taken here")
    static let fieldTooLarge = RequestError(.contentTooLarge, "a form field is larger than is taken here")

    static let noRoom = RequestError(.insufficientStorage, "there is no room on the disk for this content")

    private static func form(
        _ limits: FormLimits, _ head: RequestHead, _ directory: String
    ) throws(RequestError) -> Kind {
        guard let text = head.fields["Content-Type"] else {
            guard head.framing == .none || head.framing == .length(0) else {
                throw RequestError(.unsupportedMediaType, "a form must say its Content-Type")
            }
            return .urlEncoded(limits)
        }
        // Two of them could be read as either (RFC 9110 section 8.3).
        guard head.fields.count(of: "Content-Type") == 1 else { throw .malformed("more than one Content-Type") }
        let type = MediaType(text)
        switch type?.name {
        case "application/x-www-form-urlencoded": return .urlEncoded(limits)
        case "multipart/form-data":
            guard let boundary = type?.parameters["boundary"] else { throw .malformed("multipart without boundary") }
            return .multipart(try MultipartReader(boundary: boundary, limits: limits, directory: directory))
        default: throw RequestError(.unsupportedMediaType, "only forms are taken here")
        }
    }
}
