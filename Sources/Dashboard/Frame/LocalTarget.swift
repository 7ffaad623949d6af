/// The page a form names to go to next. Only a path of this site is taken: no scheme, no host, nothing a browser would
/// read as one.
enum LocalTarget {
    static func path(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 2000, text.utf8.first == UInt8(ascii: "/") else { return nil }
        let bytes = Array(text.utf8)
        // "//host" names another site; browsers read "\" as "/" and drop tabs and newlines.
        if bytes.count > 1, bytes[1] == UInt8(ascii: "/") { return nil }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") && $0 < 0x80 }) else { return nil }
        // Nobody logs in to log in again, to sign out, or to switch to a project of the session that ended.
        guard !text.hasPrefix(SiteURL.authentication.path) else { return nil }
        return text
    }

    /// The path as it is sent in `Location`: non-ASCII letters were refused, so nothing has to be encoded.
    static func destination(_ text: String?) -> String {
        path(text) ?? SiteURL.home.description
    }
}
