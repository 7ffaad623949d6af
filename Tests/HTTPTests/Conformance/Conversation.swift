import Testing

/// One conversation with a server: what the client sends, byte for byte, and everything that must come of it.
///
/// Every request says `Host: h`, unless the host is what the case is about.
struct Conversation: Sendable, CustomTestStringConvertible {
    /// What the client sends, and the answers it then gets, in order.
    struct Turn: Sendable {
        let input: [UInt8]
        let answers: [Answer]
    }

    /// How it ends. Both are tried out: another request is sent, and answered or not.
    enum End {
        case kept
        case closed
    }

    /// What the client does when it has sent everything.
    enum Client {
        case waits
        /// Sends no more, but listens.
        case endsSending
        /// Closes, and does not care.
        case closes
        /// Has its kernel say that it was never there.
        case resets
    }

    /// The rule: "RFC 9112 3.2.2: the host of the absolute form counts".
    let name: String
    private(set) var turns: [Turn]
    /// What handlers saw, in order.
    private(set) var seen: [Seen]
    private(set) var end: End
    private(set) var client = Client.waits

    var testDescription: String { name }

    /// Any conversation.
    init(_ name: String, _ input: some Bytes, _ answers: [Answer], saw seen: [Seen] = [], _ end: End = .kept) {
        self.name = name
        turns = [Turn(input: input.bytes, answers: answers)]
        self.seen = seen
        self.end = end
    }

    /// One request that a handler gets to see and answers with 200.
    static func taken(_ name: String, _ input: some Bytes, saw seen: Seen, _ end: End = .kept) -> Conversation {
        Conversation(name, input, [200], saw: [seen], end)
    }

    /// Bytes that are refused once, reach no handler and cost the client its connection.
    static func refused(_ name: String, _ status: Int, _ input: some Bytes) -> Conversation {
        Conversation(name, input, [Answer(status, ["Connection: close"])], .closed)
    }

    /// What follows once the answers so far have come.
    func then(_ input: some Bytes, _ answers: [Answer]) -> Conversation {
        var longer = self
        longer.turns.append(Turn(input: input.bytes, answers: answers))
        return longer
    }

    /// The same with a client that leaves.
    func client(_ client: Client) -> Conversation {
        var other = self
        other.client = client
        return other
    }
}

/// What a handler saw of one request, all of it.
struct Seen: Hashable, Sendable, ExpressibleByStringLiteral {
    /// "GET /a b?c=d": the method, the path decoded, the query as sent.
    let line: String
    /// "Name: value", in order.
    let fields: [String]
    /// Where the request is for.
    let host: String
    let content: String

    /// - Parameter fields: those after `Host: h`; `hostField` is nil when there is none.
    init(
        _ line: String, _ fields: [String] = [], content: String = "", host: String = "h", hostField: String? = "h"
    ) {
        self.line = line
        self.fields = (hostField.map { ["Host: \($0)"] } ?? []) + fields
        self.host = host
        self.content = content
    }

    init(stringLiteral line: String) { self.init(line) }
}

/// One response.
struct Answer: Sendable, ExpressibleByIntegerLiteral {
    let status: Int
    /// Fields it has, "Name: value"; or has not, "!Name".
    let fields: [String]
    /// What its content is, when that matters.
    let content: String?
    /// Whether it is to have no content in spite of its length.
    private(set) var isHead = false

    init(_ status: Int, _ fields: [String] = [], content: String? = nil) {
        self.status = status
        self.fields = fields
        self.content = content
    }

    init(integerLiteral status: Int) { self.init(status) }

    /// To a HEAD request.
    static func head(_ status: Int, _ fields: [String] = []) -> Answer {
        var answer = Answer(status, fields)
        answer.isHead = true
        return answer
    }
}

/// Text or bytes to send.
protocol Bytes { var bytes: [UInt8] { get } }
extension String: Bytes { var bytes: [UInt8] { Array(utf8) } }
extension [UInt8]: Bytes { var bytes: [UInt8] { self } }

/// A head of these lines.
func head(_ lines: String...) -> String { lines.joined(separator: "\r\n") + "\r\n\r\n" }

/// A request without content.
func get(_ target: String, _ fields: String..., method: String = "GET") -> String {
    (["\(method) \(target) HTTP/1.1", "Host: h"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
}

/// A POST to /a whose fields say how its content is delimited, and what comes then.
func post(_ fields: String..., then content: String = "", to target: String = "/a") -> String {
    (["POST \(target) HTTP/1.1", "Host: h"] + fields).joined(separator: "\r\n") + "\r\n\r\n" + content
}

/// A POST to /a with chunked content, given as it goes over the wire.
func chunked(_ content: String) -> String { post("Transfer-Encoding: chunked", then: content) }
