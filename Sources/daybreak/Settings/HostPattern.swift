/// An entry of ALLOWED_HOSTS: a name or address without scheme and port, `.domain` for a domain with all below it, or
/// `*`. What matches what is the web server's business.
enum HostPattern {
    static func isValid(_ text: String) -> Bool {
        if text == "*" { return true }
        let host = text.hasPrefix(".") ? text.dropFirst() : Substring(text)
        if host.hasPrefix("[") {
            return host.hasSuffix("]")
                && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
                && host.count > 2
        }
        return !host.isEmpty
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}
