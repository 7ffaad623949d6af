/// Which of the free addresses a port gets, as in neutron: an ordinary port a random one of the lowest thousand, so
/// that an address just given back is not at once somebody else's; a DHCP server the lowest.
enum AddressChoice {
    /// Neutron's window.
    static let window = 1000

    /// - Parameter free: stretches in ascending order that do not overlap.
    static func lowest(of free: [AddressRange]) -> IPAddress? { free.first?.first }

    /// - Parameter free: stretches in ascending order that do not overlap.
    static func random(of free: [AddressRange], using generator: inout some RandomNumberGenerator) -> IPAddress? {
        let sizes = free.map { Int(min($0.count, UInt128(window))) }
        let candidates = min(sizes.reduce(0, +), window)
        guard candidates > 0 else { return nil }
        var index = Int.random(in: 0..<candidates, using: &generator)
        for (range, size) in zip(free, sizes) {
            if index < size { return range.first.advanced(by: UInt128(index)) }
            index -= size
        }
        return nil
    }

    /// The address a guest makes for itself (RFC 4862) of a /64 and its MAC, as a modified EUI-64 (RFC 4291, 2.5.1).
    static func selfConfigured(_ cidr: CIDR, _ mac: MACAddress) -> IPAddress {
        let upper = (mac.bits >> 24 ^ 0x02_0000) << 40
        let identifier = upper | 0xff_fe00_0000 | mac.bits & 0xff_ffff
        return IPAddress(version: .v6, bits: cidr.network.bits | UInt128(identifier))
    }
}
