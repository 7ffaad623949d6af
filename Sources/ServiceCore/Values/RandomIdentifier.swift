/// Identifiers from the system's random source. They are unique; they are not secrets.
public enum RandomIdentifier {
    /// A UUID of version 4 in lower case.
    public static func uuid() -> String {
        var high = UInt64.random(in: .min ... .max)
        var low = UInt64.random(in: .min ... .max)
        high = high & ~0xF000 | 0x4000
        low = low & ~(0b11 << 62) | (0b10 << 62)
        return text(high: high, low: low, dashesBefore: [8, 12, 16, 20])
    }

    /// 32 hexadecimal digits in lower case.
    public static func hexadecimal() -> String {
        text(high: .random(in: .min ... .max), low: .random(in: .min ... .max), dashesBefore: [])
    }

    private static func text(high: UInt64, low: UInt64, dashesBefore: [Int]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var length = 0
            for position in 0..<32 {
                if dashesBefore.contains(position) {
                    buffer[length] = UInt8(ascii: "-")
                    length += 1
                }
                let half = position < 16 ? high : low
                buffer[length] = digits[Int(half >> UInt64((15 - position % 16) * 4) & 0xF)]
                length += 1
            }
            return length
        }
    }
}
