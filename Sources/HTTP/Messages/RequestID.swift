/// Names one request in logs and answers: 128 random bits, printed in OpenStack's form `req-<uuid>`.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// A new id.
    init(using generator: inout some RandomNumberGenerator) {
        // Version 4, variant 1 (RFC 9562 section 5.4).
        high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// `req-` and 36 characters.
    public var description: String {
        String(unsafeUninitializedCapacity: RequestID.length) { write(to: $0) }
    }

    /// Bytes of the written form.
    static let length = 40

    /// Writes it.
    /// - Parameter output: at least ``length`` bytes.
    /// - Returns: how many were written.
    func write(to output: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let bytes = UnsafeMutableRawBufferPointer(output)
        // "req-" and the dashes, where they stand; the digits between them come in groups of eight and four.
        bytes.storeBytes(of: 0x2D71_6572, toByteOffset: 0, as: UInt32.self)
        for dash in stride(from: 12, through: 27, by: 5) { bytes[dash] = UInt8(ascii: "-") }
        let words = (
            Hexadecimal.digits(high >> 32), Hexadecimal.digits(high), Hexadecimal.digits(low >> 32),
            Hexadecimal.digits(low)
        )
        bytes.storeBytes(of: words.0, toByteOffset: 4, as: UInt64.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: words.1), toByteOffset: 13, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: words.1 >> 32), toByteOffset: 18, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: words.2), toByteOffset: 23, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: words.2 >> 32), toByteOffset: 28, as: UInt32.self)
        bytes.storeBytes(of: words.3, toByteOffset: 32, as: UInt64.self)
        return RequestID.length
    }
}

/// Eight hexadecimal digits at once, by arithmetic on a word.
private enum Hexadecimal {
    /// The lower 32 bits as ASCII, the first digit in the lowest byte, as it lies in the memory of a little-endian
    /// machine.
    static func digits(_ value: UInt64) -> UInt64 {
        // One nibble in each byte, the highest nibble in the lowest byte.
        var nibbles = UInt64(UInt32(truncatingIfNeeded: value).byteSwapped)
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles >> 4 & 0x000F_000F_000F_000F) | (nibbles & 0x000F_000F_000F_000F) << 8
        // Adding 6 carries into bit 4 from ten upwards: those become letters.
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}
