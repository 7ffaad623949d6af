/// Checks UTF-8 that arrives in pieces (RFC 3629): overlong forms, surrogates and what lies beyond U+10FFFF are
/// refused at the first byte that makes them certain.
struct UTF8Checker {
    /// Continuation bytes still to come.
    private var missing = 0
    /// What the next of them may be.
    private var next: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether the bytes so far end with a whole character.
    var isAtBoundary: Bool { missing == 0 }

    /// Takes the next bytes; false when they cannot belong to a text.
    mutating func take(_ bytes: borrowing Span<UInt8>) -> Bool {
        for index in bytes.indices {
            let byte = bytes[index]
            if missing == 0 {
                guard byte < 0x80 || begin(byte) else { return false }
            } else {
                guard next.contains(byte) else { return false }
                missing -= 1
                next = 0x80...0xBF
            }
        }
        return true
    }

    /// The first byte of several; the second is bound by it (RFC 3629 section 4).
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, next) = (2, 0xA0...0xBF)
        case 0xED: (missing, next) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, next) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, next) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}
