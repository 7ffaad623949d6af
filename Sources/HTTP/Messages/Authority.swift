/// The grammar of a Host field's value: `uri-host [ ":" port ]` (RFC 9110 section 7.2), without user information.
enum Authority {
    /// Whether the text is a host name, an IPv4 address or a bracketed IPv6 address, with or without a port.
    static func isValid(_ text: some StringProtocol) -> Bool {
        guard let (host, port) = split(text), !host.isEmpty else { return false }
        if let port, !(port.utf8.count <= 5 && port.utf8.allSatisfy { Grammar.isDigit($0) } && (Int(port) ?? 0) < 65536)
        {
            return false
        }
        if host.utf8.first == UInt8(ascii: "[") {
            return host.utf8.count > 2
                && host.dropFirst().dropLast().utf8.allSatisfy {
                    Grammar.hexValue($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
                }
        }
        return host.utf8.allSatisfy {
            Grammar.isDigit($0) || Grammar.lowercased($0) &- 0x61 < 26 || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }

    /// Host and port; nil when a bracket is not closed or more than a port follows it.
    static func split<Text: StringProtocol>(_ text: Text) -> (host: Substring, port: Substring?)? {
        let text = Substring(text)
        let hostEnd: String.Index
        if text.utf8.first == UInt8(ascii: "[") {
            guard let bracket = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = text.utf8.index(after: bracket)
        } else {
            hostEnd = text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        }
        guard hostEnd < text.endIndex else { return (text, nil) }
        guard text.utf8[hostEnd] == UInt8(ascii: ":") else { return nil }
        return (text[..<hostEnd], text[text.utf8.index(after: hostEnd)...])
    }
}
