/// The request methods this server implements (RFC 9110 section 9); every other one is refused with 501 (section 9.1).
/// Methods are case-sensitive tokens.
public enum Method: String, CaseIterable, Sendable {
    /// Transfers a representation (9.3.1).
    case get = "GET"
    /// GET without the content (9.3.2).
    case head = "HEAD"
    /// Acts on the content (9.3.3).
    case post = "POST"
    /// Replaces the target (9.3.4).
    case put = "PUT"
    /// Changes parts of the target (RFC 5789).
    case patch = "PATCH"
    /// Removes the target (9.3.5).
    case delete = "DELETE"
    /// Asks what is possible (9.3.7).
    case options = "OPTIONS"

    /// The method of this name.
    init?(_ name: UnsafeBufferPointer<UInt8>) {
        // GET is most of all traffic.
        if name.count == 3, name[0] == UInt8(ascii: "G"), name[1] == UInt8(ascii: "E"), name[2] == UInt8(ascii: "T") {
            self = .get
            return
        }
        guard let known = Method.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
        self = known
    }
}
