/// A request method (RFC 9110 section 9). Methods are case-sensitive tokens.
public struct Method: Hashable, Sendable, RawRepresentable {
    /// The token as it stands in the request line.
    public let rawValue: String

    /// A method of any name; the server itself knows only those named below.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let get = Method(rawValue: "GET")
    public static let head = Method(rawValue: "HEAD")
    public static let post = Method(rawValue: "POST")
    public static let put = Method(rawValue: "PUT")
    public static let patch = Method(rawValue: "PATCH")
    public static let delete = Method(rawValue: "DELETE")
    public static let options = Method(rawValue: "OPTIONS")

    /// The methods this server implements; every other one is refused with 501 (RFC 9110 section 9.1).
    static let implemented: [Method] = [.get, .head, .post, .put, .patch, .delete, .options]
}
