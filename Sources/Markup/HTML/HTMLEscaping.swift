/// Escaping for HTML text and quoted attribute values: `& < > " '`.
enum HTMLEscaping {
    /// Appends `text` with the five characters replaced; runs without them are copied whole.
    static func append(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            var run = 0
            var index = firstSpecial(in: bytes, from: 0)
            while index < bytes.count {
                output.append(contentsOf: bytes[run..<index])
                entity(for: bytes[index]).withUTF8Buffer { output.append(contentsOf: $0) }
                run = index + 1
                index = firstSpecial(in: bytes, from: run)
            }
            output.append(contentsOf: bytes[run...])
        }
    }

    /// The index of the first byte that is replaced, or the end. Eight bytes are looked at together: two of the five
    /// differ from another in one bit only, so that three comparisons do.
    @inline(__always)
    static func firstSpecial(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return bytes.count }
        var index = start
        while index + 8 <= bytes.count {
            let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
            let special =
                zeroBytes((word | repeated(0x04)) ^ repeated(UInt8(ascii: "&")))
                | zeroBytes((word | repeated(0x02)) ^ repeated(UInt8(ascii: ">")))
                | zeroBytes(word ^ repeated(UInt8(ascii: "'")))
            if special != 0 { break }
            index += 8
        }
        while index < bytes.count, !isSpecial(base[index]) { index += 1 }
        return index
    }

    @inline(__always)
    private static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// Not zero when one of the bytes is.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- repeated(0x01)) & ~word & repeated(0x80)
    }

    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    static func entity(for byte: UInt8) -> StaticString {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        default: "&#39;"
        }
    }
}
