/// Character classes of RFC 9110 and RFC 3986, as one table of bits looked up by byte.
enum Grammar {
    /// `tchar`: what a method or field name is made of (RFC 9110 section 5.6.2).
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? tokenLow >> UInt64(byte) : tokenHigh >> UInt64(byte - 64)) & 1 == 1
    }

    /// What a field value may hold: visible characters, space, tab and bytes above 127 (RFC 9110 section 5.5).
    /// CR, LF, NUL and the other control characters may not stand in one.
    @inline(__always)
    static func isFieldContent(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7F : byte == 0x09
    }

    /// What this server lets stand in a request target: visible ASCII without `#`, which starts a fragment and is
    /// never sent. Wider than RFC 3986, since browsers send `|`, `^` and brackets bare in queries.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != 0x23
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    static func isFieldContent(_ text: String) -> Bool {
        for byte in text.utf8 where !isFieldContent(byte) { return false }
        return true
    }

    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isToken($0) }
    }

    /// Compares two texts without regard to the case of ASCII letters.
    static func equalIgnoringCase(_ a: some StringProtocol, _ b: some StringProtocol) -> Bool {
        a.utf8.elementsEqual(b.utf8) { lowercased($0) == lowercased($1) }
    }

    private static let tokenLow = bits(below: 64)
    private static let tokenHigh = bits(below: 128)

    private static func bits(below end: Int) -> UInt64 {
        let token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return token.utf8.reduce(0) { mask, byte in
            let bit = Int(byte) - (end - 64)
            return (0..<64).contains(bit) ? mask | 1 << UInt64(bit) : mask
        }
    }
}
