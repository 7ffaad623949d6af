/// The addresses from `first` to `last`, both included; both of one version.
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    /// The lowest address.
    public let first: IPAddress
    /// The highest address.
    public let last: IPAddress

    /// Nil when the versions differ or `first` lies above `last`.
    public init?(first: IPAddress, last: IPAddress) {
        guard first.version == last.version, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    init(_ address: IPAddress) {
        first = address
        last = address
    }

    /// IPv4 or IPv6.
    public var version: IPVersion { first.version }

    /// How many addresses; saturated for the whole of IPv6, the only range whose size does not fit.
    public var count: UInt128 {
        let (count, overflow) = (last.bits - first.bits).addingReportingOverflow(1)
        return overflow ? .max : count
    }

    /// Whether an address lies in it.
    public func contains(_ address: IPAddress) -> Bool {
        address.version == version && address >= first && address <= last
    }

    /// Whether all of another range lies in it.
    public func contains(_ other: AddressRange) -> Bool { contains(other.first) && contains(other.last) }

    /// Whether they have an address in common.
    public func overlaps(_ other: AddressRange) -> Bool {
        version == other.version && first <= other.last && other.first <= last
    }

    /// What is left when `address` is taken out: no range, one or two.
    public func removing(_ address: IPAddress) -> [AddressRange] {
        guard contains(address) else { return [self] }
        let below = address.predecessor.flatMap { AddressRange(first: first, last: $0) }
        let above = address.successor.flatMap { AddressRange(first: $0, last: last) }
        return [below, above].compactMap { $0 }
    }

    /// "192.168.56.100-192.168.56.200", as neutron writes a pool in its messages.
    public var description: String { "\(first)-\(last)" }
}
