/// Which `Host` a request may name (Django's rules for ALLOWED_HOSTS): a name matches itself in any case, a leading
/// dot also matches every sub-domain, `*` matches all, and an empty list means this machine. The port does not count.
struct AllowedHosts: Sendable {
    private let patterns: [String]

    init(_ patterns: [String]) {
        self.patterns = patterns.isEmpty ? [".localhost", "127.0.0.1", "[::1]"] : patterns.map { $0.lowercased() }
    }

    /// - Parameter field: the `Host` field as it was sent, with or without a port.
    func allows(_ field: String) -> Bool {
        guard let host = Self.name(in: field.lowercased()) else { return false }
        return patterns.contains { pattern in
            if pattern == "*" || pattern == host { return true }
            return pattern.hasPrefix(".") && (host.hasSuffix(pattern) || host == pattern.dropFirst())
        }
    }

    /// Whether a text can stand in the list: a name or address, IPv6 in brackets, no port.
    static func isPattern(_ text: String) -> Bool {
        let bare = text.hasPrefix(".") ? String(text.dropFirst()) : text
        return name(in: bare.lowercased()) == bare.lowercased()
    }

    /// The host part, without the port and a trailing dot; `nil` when the text is no host.
    private static func name(in field: String) -> String? {
        var host = Substring(field)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]"), isPort(host[host.index(after: end)...]) else { return nil }
            host = host[...end]
            let isAddress = host.dropFirst().dropLast().utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isHexDigit || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
            }
            return isAddress && host.count > 2 ? String(host) : nil
        }
        if let colon = host.firstIndex(of: ":") {
            guard isPort(host[colon...]) else { return nil }
            host = host[..<colon]
        }
        if host.hasSuffix(".") { host = host.dropLast() }
        let isName = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
        return isName && !host.isEmpty ? String(host) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && text.dropFirst().utf8.allSatisfy { (48...57).contains($0) })
    }
}
