import Glibc

/// Character classes of RFC 9110 and RFC 3986.
enum Grammar {
    /// `tchar`: what a method or field name is made of (RFC 9110 section 5.6.2).
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        tokenTable.utf8Start[Int(byte)] == UInt8(ascii: "1")
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

    /// Whether every byte may stand in a field value. Looks at eight bytes at a time, and at single ones only where
    /// something below space is among the eight.
    static func isFieldContent(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = UnsafeRawBufferPointer(bytes)
        while rest.count >= 8 {
            let word = rest.loadUnaligned(as: UInt64.self)
            if mayHoldControl(word), !rest.prefix(8).allSatisfy({ isFieldContent($0) }) { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[8...])
        }
        for byte in rest where !isFieldContent(byte) { return false }
        return true
    }

    static func isFieldContent(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isFieldContent($0) }
    }

    static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes where !isToken(byte) { return false }
        return !bytes.isEmpty
    }

    static func isToken(_ text: some StringProtocol) -> Bool {
        var text = String(text)
        return text.withUTF8 { isToken($0) }
    }

    /// Whether one of eight bytes is below 0x20 or is 0x7F, the bytes that need a closer look. Never misses one; may
    /// name a byte above 0x7F without need.
    @inline(__always)
    private static func mayHoldControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let belowSpace = (word &- ones &* 0x20) & ~word
        let delete = word ^ ones &* 0x7F
        return (belowSpace | (delete &- ones) & ~delete) & (ones &* 0x80) != 0
    }

    /// Where a byte stands first.
    @inline(__always)
    static func first(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let start = UnsafeRawPointer(bytes.baseAddress), let found = memchr(start, Int32(byte), bytes.count)
        else {
            return nil
        }
        return UnsafeRawPointer(found) - start
    }

    /// Whether bytes are this ASCII text, given in lower case, without regard to case.
    @inline(__always)
    static func equalIgnoringCase(_ bytes: UnsafeBufferPointer<UInt8>, lowercase text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count where lowercased(bytes[index]) != text.utf8Start[index] { return false }
        return true
    }

    /// Whether a comma-separated list has this element (RFC 9110 section 5.6.1), without regard to case.
    static func list(_ bytes: UnsafeBufferPointer<UInt8>, has token: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let comma = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
            var element = rest[..<comma]
            while let first = element.first, first == 0x20 || first == 0x09 { element.removeFirst() }
            while let last = element.last, last == 0x20 || last == 0x09 { element.removeLast() }
            if element.elementsEqual(token, by: { lowercased($0) == lowercased($1) }) { return true }
            rest = comma < rest.endIndex ? rest[(comma + 1)...] : rest[rest.endIndex...]
        }
        return false
    }

    static func list(_ bytes: UnsafeBufferPointer<UInt8>, has token: StaticString) -> Bool {
        list(bytes, has: UnsafeBufferPointer(start: token.utf8Start, count: token.utf8CodeUnitCount))
    }

    /// Compares two texts without regard to the case of ASCII letters.
    static func equalIgnoringCase(_ a: some StringProtocol, _ b: some StringProtocol) -> Bool {
        a.utf8.elementsEqual(b.utf8) { lowercased($0) == lowercased($1) }
    }

    /// One digit for each of the 256 bytes, 32 a line: in the program's constants, so that nothing has to be set up.
    private static var tokenTable: StaticString {
        """
        00000000000000000000000000000000\
        01011111001101101111111111000000\
        01111111111111111111111111100011\
        11111111111111111111111111101010\
        00000000000000000000000000000000\
        00000000000000000000000000000000\
        00000000000000000000000000000000\
        00000000000000000000000000000000
        """
    }
}
