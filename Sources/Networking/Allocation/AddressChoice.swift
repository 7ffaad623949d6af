/// Which of the free addresses a port gets: a DHCP server the lowest, an ordinary port a random one, so that an address
/// just given back is not at once somebody else's. Neutron draws from the lowest thousand free addresses; here a place
/// is drawn among the thousand addresses from the lowest free one upwards, and the nearest free one at or below it is
/// taken: two steps in an index, however many stretches of free addresses there are.
enum AddressChoice {
    /// Neutron's window.
    static let window = 1000

    /// A place to take an address at: nothing below `lowest` is free, and the pool ends at `last`.
    static func place(
        from lowest: IPAddress, to last: IPAddress, using generator: inout some RandomNumberGenerator
    ) -> IPAddress {
        let count = AddressRange(first: lowest, last: last).map { Int(min($0.count, UInt128(window))) } ?? 1
        return lowest.advanced(by: UInt128(Int.random(in: 0..<count, using: &generator))) ?? lowest
    }

    /// The address a guest makes for itself (RFC 4862) of a /64 and its MAC, as a modified EUI-64 (RFC 4291, 2.5.1).
    static func selfConfigured(_ cidr: CIDR, _ mac: MACAddress) -> IPAddress {
        let upper = (mac.bits >> 24 ^ 0x02_0000) << 40
        let identifier = upper | 0xff_fe00_0000 | mac.bits & 0xff_ffff
        return IPAddress(version: .v6, bits: cidr.network.bits | UInt128(identifier))
    }
}
