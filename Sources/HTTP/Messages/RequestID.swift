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
        var output: [UInt8] = Array("req-".utf8)
        output.reserveCapacity(40)
        let digits = Array("0123456789abcdef".utf8)
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { output.append(UInt8(ascii: "-")) }
            let word = nibble < 16 ? high : low
            output.append(digits[Int(word >> UInt64(60 - 4 * (nibble & 15)) & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }
}
