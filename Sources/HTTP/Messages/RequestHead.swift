/// The first part of a request: its line and its fields, checked and understood.
///
/// A reference, so that passing a ``Request`` around copies one pointer. Its bytes are kept as they came; text is made
/// of them when somebody asks.
final class RequestHead: Sendable {
    /// How the content that follows is delimited (RFC 9112 section 6).
    enum Framing: Hashable, Sendable {
        case none
        case length(Int64)
        case chunked

        /// Whether there is nothing to come.
        var isEmpty: Bool { self == .none || self == .length(0) }
    }

    let method: Method
    let target: RequestTarget
    /// 0 or 1, the minor of HTTP/1.
    let minorVersion: Int
    let fields: Fields
    let framing: Framing
    /// Whether the connection may carry another request afterwards (RFC 9112 section 9.3).
    let keepsAlive: Bool
    /// Whether the client waits for 100 (Continue) before it sends content (RFC 9110 section 10.1.1).
    let expectsContinue: Bool
    /// The query's values, decoded.
    let query: FormData
    /// Where in the head's bytes the host stands: the absolute form's authority, or Host. Empty only from an HTTP/1.0
    /// client.
    private let hostRange: Range<Int>
    /// Whether there is a Range field or a condition (RFC 9110 sections 13.1 and 14.2): most requests have none, and need
    /// not be asked for each.
    let isConditional: Bool
    /// Where User-Agent and Referer stand, which the access log wants of every request.
    let userAgentRange, refererRange: Range<Int>?

    /// - Parameter bytes: the whole head; `line` and `slots` are ranges of it.
    /// - Throws: ``RequestError`` when the request is malformed, or of a kind that this server does not take.
    init(line: RequestLine, bytes: [UInt8], slots: [Fields.Slot]) throws(RequestError) {
        let (minorVersion, fields) = (line.minorVersion, Fields(storage: bytes, slots: slots))
        let (known, hostRange, framing) = try bytes.withUnsafeBufferPointer { (bytes) throws(RequestError) in
            let known = try KnownFields(bytes, slots)
            return (known, try known.host(line, bytes), try known.framing(minorVersion: minorVersion, bytes))
        }
        (method, target, self.minorVersion, self.fields) = (line.method, line.target, minorVersion, fields)
        (self.hostRange, self.framing) = (hostRange, framing)
        (userAgentRange, refererRange) = (known.userAgent, known.referer)
        isConditional = known.isConditional
        keepsAlive = !known.hasClose && (minorVersion == 1 || known.hasKeepAlive)
        expectsContinue = known.expectsContinue && minorVersion == 1 && !framing.isEmpty
        query = try RequestHead.query(line.target.query, bytes)
    }

    /// The request target exactly as sent.
    var rawTarget: String { fields.storage.text(target.whole) }

    /// The path as sent, without query; `/` stands for the empty one.
    var rawPath: String { target.path.isEmpty ? "/" : fields.storage.text(target.path) }

    /// The path, percent-decoded; starts with "/" (or is `*`).
    var path: String {
        guard target.isEncoded else { return rawPath }
        return withPath { PercentCoding.decode($0, plusIsSpace: false) } ?? rawPath
    }

    /// What follows the first `?`, still encoded.
    var rawQuery: String? { target.query.map { fields.storage.text($0) } }

    /// Where the request is for.
    var host: String { fields.storage.text(hostRange) }

    /// The path as sent, for finding a route.
    func withPath<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withBytes(target.path, body)
    }

    /// The host, for checking it.
    func withHost<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withBytes(hostRange, body)
    }

    /// A part of the head, as it came.
    func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        fields.storage.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    private static func query(_ range: Range<Int>?, _ bytes: [UInt8]) throws(RequestError) -> FormData {
        guard let range else { return FormData() }
        return try bytes.withUnsafeBufferPointer { (bytes) throws(RequestError) in
            try FormData.urlEncoded(UnsafeBufferPointer(rebasing: bytes[range]), limits: .fields)
        }
    }
}

/// The request line taken apart (RFC 9112 section 3).
struct RequestLine: Sendable {
    let method: Method
    let target: RequestTarget
    let minorVersion: Int
}

/// The fields that say how a request is delimited, where it is for and what becomes of the connection, found in one
/// walk over all of them.
private struct KnownFields {
    var host: Range<Int>?
    var contentLength: Range<Int>?
    var transferEncoding: Range<Int>?
    /// Whether a name is `Range` or begins with `If-`.
    var isConditional = false
    var userAgent: Range<Int>?
    var referer: Range<Int>?
    /// Whether Connection lists `close`, `keep-alive` (RFC 9112 section 9.3).
    var hasClose = false
    var hasKeepAlive = false
    var expectsContinue = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ slots: [Fields.Slot]) throws(RequestError) {
        for slot in slots {
            let name = UnsafeBufferPointer(rebasing: bytes[slot.name.indices])
            switch name.count {
            case 4 where Grammar.equalIgnoringCase(name, lowercase: "host"):
                guard host == nil else { throw .malformed("more than one Host field") }
                host = slot.value.indices
            case 6 where Grammar.equalIgnoringCase(name, lowercase: "expect"):
                let value = UnsafeBufferPointer(rebasing: bytes[slot.value.indices])
                guard !expectsContinue, Grammar.equalIgnoringCase(value, lowercase: "100-continue") else {
                    throw RequestError(.expectationFailed, "the only expectation met here is 100-continue")
                }
                expectsContinue = true
            case 5 where Grammar.equalIgnoringCase(name, lowercase: "range"): isConditional = true
            case 8... where Grammar.equalIgnoringCase(UnsafeBufferPointer(rebasing: name[..<3]), lowercase: "if-"):
                isConditional = true
            case 7 where Grammar.equalIgnoringCase(name, lowercase: "referer"):
                referer = referer ?? slot.value.indices
            case 10 where Grammar.equalIgnoringCase(name, lowercase: "user-agent"):
                userAgent = userAgent ?? slot.value.indices
            case 10 where Grammar.equalIgnoringCase(name, lowercase: "connection"):
                let options = UnsafeBufferPointer(rebasing: bytes[slot.value.indices])
                hasClose = hasClose || Grammar.list(options, has: "close")
                hasKeepAlive = hasKeepAlive || Grammar.list(options, has: "keep-alive")
            case 14 where Grammar.equalIgnoringCase(name, lowercase: "content-length"):
                guard contentLength == nil else { throw .malformed("more than one Content-Length") }
                contentLength = slot.value.indices
            case 17 where Grammar.equalIgnoringCase(name, lowercase: "transfer-encoding"):
                guard transferEncoding == nil else { throw KnownFields.unknownCoding }
                transferEncoding = slot.value.indices
            default: break
            }
        }
    }

    /// Exactly one valid Host in HTTP/1.1 (RFC 9112 section 3.2).
    func host(_ line: RequestLine, _ bytes: UnsafeBufferPointer<UInt8>) throws(RequestError) -> Range<Int> {
        guard let host else {
            guard line.minorVersion == 0 else { throw .malformed("the Host field is missing") }
            return line.target.authority ?? 0..<0
        }
        guard Authority.isValid(UnsafeBufferPointer(rebasing: bytes[host])) else {
            throw .malformed("the Host field is malformed")
        }
        return line.target.authority ?? host
    }

    /// Content is delimited in exactly one way or the message is refused: anything two parsers could read differently
    /// is how requests are smuggled (RFC 9112 sections 6.1, 6.3, 11.2).
    func framing(
        minorVersion: Int, _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(RequestError) -> RequestHead.Framing {
        if let transferEncoding {
            guard contentLength == nil else { throw .malformed("both Content-Length and Transfer-Encoding") }
            guard minorVersion == 1 else { throw .malformed("Transfer-Encoding in an HTTP/1.0 request") }
            let coding = UnsafeBufferPointer(rebasing: bytes[transferEncoding])
            guard Grammar.equalIgnoringCase(coding, lowercase: "chunked") else { throw KnownFields.unknownCoding }
            return .chunked
        }
        guard let contentLength else { return .none }
        guard let length = KnownFields.number(bytes[contentLength]) else {
            throw .malformed("Content-Length is not a number of bytes")
        }
        return .length(length)
    }

    private static let unknownCoding = RequestError(
        .notImplemented, "the only transfer coding understood here is chunked")

    /// `1*DIGIT`, nothing else; nil too when it does not fit 63 bits.
    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard Grammar.isDigit(digit) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = tens.addingReportingOverflow(Int64(digit - 0x30))
            guard !overflow, !overflow2 else { return nil }
            value = sum
        }
        return value
    }
}
