/// The first part of a request: its line and its fields, checked and understood.
///
/// A reference, so that passing a ``Request`` around copies one pointer.
final class RequestHead: Sendable {
    /// How the content that follows is delimited (RFC 9112 section 6).
    enum Framing: Hashable, Sendable {
        case none
        case length(Int64)
        case chunked
    }

    let method: Method
    let target: RequestTarget
    /// 0 or 1, the minor of HTTP/1.
    let minorVersion: Int
    let fields: Fields
    /// Where the request is for: the absolute form's authority, or Host. Empty only from an HTTP/1.0 client.
    let host: String
    let framing: Framing
    /// Whether the connection may carry another request afterwards (RFC 9112 section 9.3).
    let keepsAlive: Bool
    /// Whether the client waits for 100 (Continue) before it sends content (RFC 9110 section 10.1.1).
    let expectsContinue: Bool

    init(line: RequestLine, fields: Fields) throws(RequestError) {
        method = line.method
        target = line.target
        minorVersion = line.minorVersion
        self.fields = fields
        host = try RequestHead.host(fields, line)
        framing = try RequestHead.framing(fields, minorVersion: line.minorVersion)
        keepsAlive =
            line.minorVersion == 1
            ? !fields.hasToken("close", in: "Connection")
            : fields.hasToken("keep-alive", in: "Connection") && !fields.hasToken("close", in: "Connection")
        expectsContinue =
            try RequestHead.asksToContinue(fields) && line.minorVersion == 1 && framing != .none
            && framing != .length(0)
    }

    /// Whether there is the one expectation a server may meet (RFC 9110 section 10.1.1).
    private static func asksToContinue(_ fields: Fields) throws(RequestError) -> Bool {
        guard let value = fields["Expect"] else { return false }
        guard fields.count(of: "Expect") == 1, Grammar.equalIgnoringCase(value, "100-continue") else {
            throw RequestError(.expectationFailed, "the only expectation met here is 100-continue")
        }
        return true
    }

    /// Exactly one valid Host in HTTP/1.1 (RFC 9112 section 3.2).
    private static func host(_ fields: Fields, _ line: RequestLine) throws(RequestError) -> String {
        guard fields.count(of: "Host") <= 1 else { throw .malformed("more than one Host field") }
        guard let host = fields["Host"] else {
            guard line.minorVersion == 0 else { throw .malformed("the Host field is missing") }
            return line.target.authority ?? ""
        }
        guard Authority.isValid(host) else { throw .malformed("the Host field is malformed") }
        return line.target.authority ?? host
    }

    /// Content is delimited in exactly one way or the message is refused: anything two parsers could read differently
    /// is how requests are smuggled (RFC 9112 sections 6.1, 6.3, 11.2).
    private static func framing(_ fields: Fields, minorVersion: Int) throws(RequestError) -> Framing {
        if let coding = fields["Transfer-Encoding"] {
            guard !fields.contains("Content-Length") else {
                throw .malformed("both Content-Length and Transfer-Encoding")
            }
            guard minorVersion == 1 else { throw .malformed("Transfer-Encoding in an HTTP/1.0 request") }
            guard fields.count(of: "Transfer-Encoding") == 1, Grammar.equalIgnoringCase(coding, "chunked") else {
                throw RequestError(.notImplemented, "the only transfer coding understood here is chunked")
            }
            return .chunked
        }
        guard let text = fields["Content-Length"] else { return .none }
        guard fields.count(of: "Content-Length") == 1 else { throw .malformed("more than one Content-Length") }
        guard !text.isEmpty, text.utf8.count <= 19, text.utf8.allSatisfy({ Grammar.isDigit($0) }),
            let length = Int64(text)
        else { throw .malformed("Content-Length is not a number of bytes") }
        return .length(length)
    }
}

/// The request line taken apart (RFC 9112 section 3).
struct RequestLine: Sendable {
    let method: Method
    let target: RequestTarget
    let minorVersion: Int
}
