/// A request that is refused for what it is, not for what it asks: it carries the status to send.
///
/// Thrown by the parser, the form readers and whoever else finds the message itself at fault.
public struct RequestError: Error, Hashable, Sendable {
    /// The status to answer with: one of 400, 405, 408, 413, 414, 415, 417, 431, 501, 505, 507.
    public let status: Status
    /// What is wrong, in English, for the client's developer. Never repeats what the client sent.
    public let reason: String

    /// A refusal with its status and reason.
    public init(_ status: Status, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// 400 with a reason.
    static func malformed(_ reason: String) -> RequestError {
        RequestError(.badRequest, reason)
    }
}
