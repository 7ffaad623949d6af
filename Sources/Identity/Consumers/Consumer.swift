/// A program that is known by a key of its own (OS-OAUTH1).
///
/// Only consumers are kept: the tokens of OAuth 1.0a that keystone issues to them are deprecated, and are not issued here.
public struct Consumer: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits.
    public let id: String
    /// What it is.
    public let description: String?
}
