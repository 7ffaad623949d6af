/// The two versions of the Internet Protocol; the raw value is the number in `ip_version`.
public enum IPVersion: Int, Sendable, Hashable, Codable {
    case v4 = 4
    case v6 = 6

    /// The width of an address in bits.
    public var width: Int { self == .v4 ? 32 : 128 }

    /// "IPv4" or "IPv6".
    public var name: String { self == .v4 ? "IPv4" : "IPv6" }
}

/// One IPv4 or IPv6 address. Addresses sort by version, then by number.
public struct IPAddress: Hashable, Sendable {
    /// IPv4 or IPv6.
    public let version: IPVersion
    /// The address as a number; for IPv4 the upper 96 bits are zero.
    public let bits: UInt128

    /// `bits` must fit the version's width.
    init(version: IPVersion, bits: UInt128) {
        self.version = version
        self.bits = bits
    }

    /// The highest number an address of this version can have.
    static func highestBits(_ version: IPVersion) -> UInt128 {
        version == .v4 ? UInt128(UInt32.max) : UInt128.max
    }

    /// The address `distance` above this one, or nil past the end of the address space.
    func advanced(by distance: UInt128) -> IPAddress? {
        let (sum, overflow) = bits.addingReportingOverflow(distance)
        guard !overflow, sum <= Self.highestBits(version) else { return nil }
        return IPAddress(version: version, bits: sum)
    }

    /// The address just below this one, or nil at zero.
    var predecessor: IPAddress? { bits == 0 ? nil : IPAddress(version: version, bits: bits - 1) }

    /// The address just above this one, or nil at the end of the address space.
    var successor: IPAddress? { advanced(by: 1) }
}

extension IPAddress: Comparable {
    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.version == right.version ? left.bits < right.bits : left.version == .v4
    }
}
