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
        let bytes = Array(text.utf8)
        guard bytes.count == 17, let separator = bytes.dropFirst(2).first, separator == 0x3a || separator == 0x2d
        else { return nil }
        let groups = bytes.split(separator: separator, omittingEmptySubsequences: false)
        guard groups.count == 6, groups.allSatisfy({ $0.count == 2 && $0.allSatisfy(Self.isHexadecimal) })
        else { return nil }
        bits = groups.reduce(0) { $0 << 8 | (UInt64(String(decoding: $1, as: UTF8.self), radix: 16) ?? 0) }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    /// A card's own address has the group bit clear (IEEE 802) and is not zero.
    public var isUnicast: Bool { bits != 0 && bits >> 40 & 1 == 0 }

    public var description: String {
        stride(from: 40, through: 0, by: -8).map { shift in
            let octet = bits >> UInt64(shift) & 0xff
            return (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }.joined(separator: ":")
    }
}
