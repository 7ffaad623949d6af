/// A request method (RFC 9110 section 9). Methods are case-sensitive tokens.
public struct Method: Hashable, Sendable, RawRepresentable {
    /// The token as it stands in the request line.
    public let rawValue: String

    /// A method of any name; the server itself knows only those named below.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Transfers a representation (9.3.1).
    public static let get = Method(rawValue: "GET")
    /// GET without the content (9.3.2).
    public static let head = Method(rawValue: "HEAD")
    /// Acts on the content (9.3.3).
    public static let post = Method(rawValue: "POST")
    /// Replaces the target (9.3.4).
    public static let put = Method(rawValue: "PUT")
    /// Changes parts of the target (RFC 5789).
    public static let patch = Method(rawValue: "PATCH")
    /// Removes the target (9.3.5).
    public static let delete = Method(rawValue: "DELETE")
    /// Asks what is possible (9.3.7).
    public static let options = Method(rawValue: "OPTIONS")

    /// The methods this server implements; every other one is refused with 501 (RFC 9110 section 9.1).
    static let implemented: [Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    /// The implemented method of this name.
    init?(_ name: UnsafeBufferPointer<UInt8>) {
        // GET is most of all traffic.
        if name.count == 3, name[0] == UInt8(ascii: "G"), name[1] == UInt8(ascii: "E"), name[2] == UInt8(ascii: "T") {
            self = .get
            return
        }
        guard let known = Method.implemented.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
        self = known
    }
}
