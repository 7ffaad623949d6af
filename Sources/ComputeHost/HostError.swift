/// What a host can answer instead of doing what it was asked.
///
/// The associated texts are for operators: plain English, one sentence, without secrets.
public enum HostError: Error, Codable, Hashable, Sendable {
    /// The domain, disk or file named is not on this host.
    case notFound(String)
    /// Something else holds what the call needs; the same call may succeed later.
    case busy(String)
    /// The host, or a program it needs, does not answer; the same call may succeed later.
    case unavailable(String)
    /// It was tried and did not work. Trying again changes nothing until somebody follows `remedy`.
    case failed(String, remedy: String?)

    /// The sentence that says what happened.
    public var reason: String {
        switch self {
        case .notFound(let text), .busy(let text), .unavailable(let text), .failed(let text, _): text
        }
    }

    /// What a person can do about it, when that is known.
    public var remedy: String? {
        if case .failed(_, let remedy) = self { remedy } else { nil }
    }

    /// Whether repeating the call, without anybody doing anything, can succeed.
    public var isTransient: Bool {
        switch self {
        case .busy, .unavailable: true
        case .notFound, .failed: false
        }
    }
}
