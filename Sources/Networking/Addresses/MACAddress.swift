/// A 48-bit Ethernet address, written "fa:16:3e:12:34:56".
public struct MACAddress: Hashable, Sendable, CustomStringConvertible {
    /// The number in the lower 48 bits.
    public let bits: UInt64

    init(bits: UInt64) { self.bits = bits & 0xffff_ffff_ffff }

    /// A random address below neutron's `base_mac`, fa:16:3e.
    static func random(using generator: inout some RandomNumberGenerator) -> MACAddress {
        MACAddress(bits: 0xfa16_3e00_0000 | UInt64.random(in: 0...0xff_ffff, using: &generator))
    }

    /// Six two-digit groups between colons or hyphens, either case; nil otherwise.
    public init?(_ text: String) {
        var text = text
        guard let bits = text.withUTF8(Self.number) else { return nil }
        self.bits = bits
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard text.count == 17, text[2] == UInt8(ascii: ":") || text[2] == UInt8(ascii: "-") else { return nil }
        var bits: UInt64 = 0
        for (place, byte) in text.enumerated() {
            if place % 3 == 2 {
                guard byte == text[2] else { return nil }
            } else {
                guard let digit = digit(byte) else { return nil }
                bits = bits << 4 | digit
            }
        }
        return bits
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// A card's own address has the group bit clear (IEEE 802) and is not zero.
    public var isUnicast: Bool { bits != 0 && bits >> 40 & 1 == 0 }

    public var description: String {
        String(unsafeUninitializedCapacity: 17) { text in
            for place in 0..<17 {
                guard place % 3 != 2 else {
                    text[place] = UInt8(ascii: ":")
                    continue
                }
                let digit = UInt8(bits >> UInt64(44 - 4 * (place - place / 3)) & 0xf)
                text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 17
        }
    }
}
