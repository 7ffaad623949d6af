/// A cookie to be set (RFC 6265 section 4.1).
public struct Cookie: Hashable, Sendable {
    /// When a cookie may travel with a request that another site caused.
    public enum SameSite: String, Sendable {
        /// Never.
        case strict = "Strict"
        /// When a person follows a link, not when a page posts a form.
        case lax = "Lax"
        /// Always; browsers then ask for Secure.
        case none = "None"
    }

    /// A token.
    public var name: String
    /// Cookie octets: visible ASCII without quote, comma, semicolon and backslash.
    public var value: String
    /// The part of the site it is sent to.
    public var path: String
    /// Seconds to live; nil until the browser closes; 0 removes it.
    public var maxAge: Int?
    /// Hidden from scripts.
    public var httpOnly: Bool
    /// Sent along when another site causes the request?
    public var sameSite: SameSite
    /// Sent over TLS only.
    public var secure: Bool

    /// A cookie with the safe defaults: whole site, hidden from scripts, same-site Lax.
    public init(
        _ name: String, _ value: String, path: String = "/", maxAge: Int? = nil, httpOnly: Bool = true,
        sameSite: SameSite = .lax, secure: Bool = false
    ) {
        self.name = name
        self.value = value
        self.path = path
        self.maxAge = maxAge
        self.httpOnly = httpOnly
        self.sameSite = sameSite
        self.secure = secure
    }

    /// A cookie that makes the browser forget the one of this name.
    public static func removal(of name: String, path: String = "/") -> Cookie {
        Cookie(name, "", path: path, maxAge: 0)
    }

    /// Whether name, value and path are what a cookie's can be.
    public var isPossible: Bool { serialized != nil }

    /// The value of a Set-Cookie field; nil when name, value or path hold what a cookie cannot.
    var serialized: String? {
        guard Grammar.isToken(name), value.utf8.allSatisfy(Cookie.isOctet), path.utf8.first == UInt8(ascii: "/"),
            path.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") })
        else { return nil }
        var text = "\(name)=\(value); Path=\(path)"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if httpOnly { text += "; HttpOnly" }
        if secure { text += "; Secure" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }

    fileprivate static func isOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x2C, 0x3B, 0x5C: false
        default: byte > 0x20 && byte < 0x7F
        }
    }
}

/// The cookies a client sent.
public struct Cookies: Sendable {
    /// Names and values in the order sent. Cookies with names or values outside RFC 6265's grammar are left out:
    /// they belong to somebody else's program on this host.
    public let pairs: [(name: String, value: String)]

    /// Parses the Cookie fields of a message (RFC 6265 section 5.4); `limit` bounds their number.
    init(_ fields: Fields, limit: Int = 100) {
        var pairs: [(name: String, value: String)] = []
        for field in fields.values(for: "Cookie") {
            for element in field.utf8.split(separator: UInt8(ascii: ";")) where pairs.count < limit {
                guard let equals = element.firstIndex(of: UInt8(ascii: "=")) else { continue }
                let name = Substring(element[..<equals]).trimmingBlanks()
                var value = Substring(element[element.index(after: equals)...]).trimmingBlanks()
                if value.utf8.count >= 2, value.utf8.first == 0x22, value.utf8.last == 0x22 {
                    value = value.dropFirst().dropLast()
                }
                guard Grammar.isToken(name), value.utf8.allSatisfy(Cookie.isOctet) else { continue }
                pairs.append((String(name), String(value)))
            }
        }
        self.pairs = pairs
    }

    /// The first cookie of a name. Of several with one name, browsers send the most specific path first.
    public subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }
}
