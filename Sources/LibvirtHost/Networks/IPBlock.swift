import ComputeHost
import Glibc

/// An address or a block of addresses, understood and written anew: what comes out of `text` can stand in a rule.
struct IPBlock: Hashable, Sendable {
    /// 4 or 16, in network order, with nothing behind the prefix.
    let bytes: [UInt8]
    /// The number of bits that count.
    let prefixLength: Int

    /// - Parameter text: `10.0.0.1`, `10.0.0.0/8`, `fe80::/10`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = Self.bytes(of: String(parts[0])) else { return nil }
        var prefixLength = address.count * 8
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...prefixLength).contains(number) else { return nil }
            prefixLength = number
        }
        self.init(bytes: address, prefixLength: prefixLength)
    }

    /// - Parameter text: a block; an address without a prefix is none.
    init?(cidr text: String) {
        guard text.contains("/") else { return nil }
        self.init(text)
    }

    /// - Parameter text: one address without a prefix.
    init?(address text: String) {
        guard !text.contains("/") else { return nil }
        self.init(text)
    }

    private init(bytes: [UInt8], prefixLength: Int) {
        self.bytes = bytes.enumerated().map { index, byte in
            let bits = max(0, min(8, prefixLength - index * 8))
            return byte & ~UInt8(truncatingIfNeeded: 0xff >> bits)
        }
        self.prefixLength = prefixLength
    }

    /// The address that an interface with this MAC address gives itself (RFC 4291, appendix A).
    init(linkLocalOf mac: MACAddress) {
        let octets = mac.bytes
        let interface = [octets[0] ^ 2, octets[1], octets[2], 0xff, 0xfe, octets[3], octets[4], octets[5]]
        self.init(bytes: [0xfe, 0x80, 0, 0, 0, 0, 0, 0] + interface, prefixLength: 128)
    }

    var isIPv6: Bool { bytes.count == 16 }
    /// Whether it is one address.
    var isAddress: Bool { prefixLength == bytes.count * 8 }
    /// Whether it is all addresses.
    var isEverything: Bool { prefixLength == 0 }

    /// IPv4's other way of saying the prefix.
    var netmask: String {
        let mask = prefixLength == 0 ? 0 : UInt32.max << UInt32(32 - prefixLength)
        return [24, 16, 8, 0].map { String(mask >> $0 & 0xff) }.joined(separator: ".")
    }

    /// How many addresses it has, at most 2²⁴.
    var count: Int { 1 << min(24, bytes.count * 8 - prefixLength) }

    /// In CIDR notation; an address by itself.
    var text: String { isAddress ? address : "\(address)/\(prefixLength)" }

    /// Its first address.
    var address: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = bytes.withUnsafeBytes {
            inet_ntop(isIPv6 ? AF_INET6 : AF_INET, $0.baseAddress, &buffer, socklen_t(buffer.count))
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The bits that count, as the number that nft compares a raw part of a packet with.
    var prefixNumber: String {
        var digits: [UInt8] = []
        let shift = (8 - prefixLength % 8) % 8
        var carry: UInt8 = 0
        for byte in bytes.prefix((prefixLength + 7) / 8) {
            digits.append(byte >> shift | carry)
            carry = shift == 0 ? 0 : byte << (8 - shift)
        }
        return "0x" + digits.map { Hexadecimal.text($0) }.joined()
    }

    private static func bytes(of address: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, address, &four) == 1 { return four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, address, &sixteen) == 1 ? sixteen : nil
    }
}

/// A MAC address, understood and written anew.
struct MACAddress: Hashable, Sendable {
    let bytes: [UInt8]

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count == 2 ? UInt8($0, radix: 16) : nil }
        guard parts.count == 6, bytes.count == 6 else { return nil }
        self.bytes = bytes
    }

    var text: String { bytes.map { Hexadecimal.text($0) }.joined(separator: ":") }
    var number: String { "0x" + bytes.map { Hexadecimal.text($0) }.joined() }
}

private enum Hexadecimal {
    static func text(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
