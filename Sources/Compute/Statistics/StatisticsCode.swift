/// Values from 2⁻¹⁰ to 2⁵⁴ in sixteen bits, each to half a thousandth: six bits of exponent and ten of mantissa, cut out
/// of a `Float`. Anything smaller is zero.
enum StatisticsCode {
    static let unknown: UInt16 = 0
    private static let zero: UInt16 = 1
    private static let least: UInt16 = 2
    /// The exponent of 2⁻¹⁰ as a `Float` has it, before ten bits of mantissa.
    private static let base: UInt32 = (127 - 10) << 10

    static func encode(_ value: Double?) -> UInt16 {
        guard let value, value.isFinite, value >= 0 else { return unknown }
        // Thirteen bits of the mantissa are rounded away.
        let bits = (Float(value).bitPattern + 0x1000) >> 13
        guard bits >= base else { return zero }
        return UInt16(min(bits - base + UInt32(least), UInt32(UInt16.max)))
    }

    static func decode(_ code: UInt16) -> Double? {
        switch code {
        case unknown: nil
        case zero: 0
        default: Double(Float(bitPattern: (UInt32(code - least) + base) << 13))
        }
    }
}
