/// The grammar of a Host field's value: `uri-host [ ":" port ]` (RFC 9110 section 7.2), without user information.
enum Authority {
    /// Whether the bytes are a host name, an IPv4 address or a bracketed IPv6 address, with or without a port.
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let (host, port) = split(bytes), !host.isEmpty else { return false }
        if let port, !isPort(port) { return false }
        guard host[0] == UInt8(ascii: "[") else {
            for byte in host where !isHostByte(byte) { return false }
            return true
        }
        return host.count > 2
            && host[1..<(host.count - 1)].allSatisfy {
                Grammar.hexValue($0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }
    }

    /// Host and port; nil when a bracket is not closed or more than a port follows it.
    static func split(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (host: UnsafeBufferPointer<UInt8>, port: UnsafeBufferPointer<UInt8>?)? {
        let hostEnd: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = bracket + 1
        } else {
            hostEnd = Grammar.first(UInt8(ascii: ":"), in: bytes) ?? bytes.count
        }
        guard hostEnd < bytes.count else { return (bytes, nil) }
        guard bytes[hostEnd] == UInt8(ascii: ":") else { return nil }
        let (host, port) = (bytes[..<hostEnd], bytes[(hostEnd + 1)...])
        return (UnsafeBufferPointer(rebasing: host), UnsafeBufferPointer(rebasing: port))
    }

    /// The same for text: an address out of the settings.
    static func split(_ text: String) -> (host: String, port: String?)? {
        var text = text
        return text.withUTF8 { bytes in
            split(bytes).map { (String(decoding: $0, as: UTF8.self), $1.map { String(decoding: $0, as: UTF8.self) }) }
        }
    }

    private static func isPort(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= 5 else { return false }
        var value: UInt32 = 0
        for byte in bytes {
            guard Grammar.isDigit(byte) else { return false }
            value = value &* 10 &+ UInt32(byte &- 0x30)
        }
        return value < 65536
    }

    @inline(__always)
    private static func isHostByte(_ byte: UInt8) -> Bool {
        Grammar.isDigit(byte) || Grammar.lowercased(byte) &- 0x61 < 26 || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
