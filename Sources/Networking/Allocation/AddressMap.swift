public import ServiceCore

/// How the addresses of a subnet are used, for drawing: adjoining segments that cover the whole CIDR, never more than
/// ``segmentLimit`` of them, however large the subnet.
public struct AddressMap: Sendable, Hashable {
    /// The most segments a map has.
    public static let segmentLimit = 256

    /// The subnet's addresses.
    public let cidr: CIDR
    /// In ascending order, without gaps.
    public let segments: [Segment]
    /// False when there is too much to show singly: segments are then equal slices of the CIDR with counts.
    public let isExact: Bool

    /// Some adjoining addresses with the same use.
    public struct Segment: Sendable, Hashable {
        /// Its addresses.
        public let range: AddressRange
        /// What they are used for.
        public let use: Use
        /// How many of the range's addresses ports have.
        public let allocated: Int
        /// The port, when the segment is one allocated address.
        public let holder: Holder?
    }

    /// What a segment is.
    public enum Use: String, Sendable, CaseIterable {
        /// In a pool and free.
        case free
        case allocated
        /// A port has it, though it lies in no pool.
        case allocatedOutsidePools = "allocated_outside_pools"
        case dhcp
        case gateway
        /// Network or broadcast address.
        case reserved
        /// In no pool; given out only when asked for by name.
        case outsidePools = "outside_pools"
        /// A slice of a large subnet with both free and allocated addresses.
        case mixed
    }

    /// Whose an address is.
    public struct Holder: Sendable, Hashable {
        /// The port; empty for those who may not know.
        public let portID: ID<Port>
        /// The port's name.
        public let portName: String
        /// What is plugged into the port.
        public let deviceOwner: String
        /// Who is plugged into the port.
        public let deviceID: String
    }
}

/// How many addresses there are and how many are in use: neutron's `network-ip-availabilities`.
public struct IPAvailability: Sendable, Hashable {
    /// The network.
    public let networkID: ID<Network>
    /// Each of its subnets.
    public let subnets: [SubnetAvailability]

    /// Addresses in all pools.
    public var total: UInt128 { subnets.reduce(0) { $0.addingReportingOverflow($1.total).partialValue } }
    /// Allocated addresses.
    public var used: Int { subnets.reduce(0) { $0 + $1.used } }
}

/// The same for one subnet.
public struct SubnetAvailability: Sendable, Hashable {
    /// The subnet.
    public let subnetID: ID<Subnet>
    /// The subnet's name.
    public let name: String
    /// The subnet's addresses.
    public let cidr: CIDR
    /// Addresses in pools.
    public let total: UInt128
    /// Allocated addresses, in pools or not.
    public let used: Int
    /// Never below 0, though addresses outside the pools count as used.
    public var free: UInt128 { total > UInt128(used) ? total - UInt128(used) : 0 }
}

/// Addresses that lie in no pool but belong to ports: what is left behind when a pool shrinks.
public struct AddressesOutsidePools: Sendable, Hashable {
    /// The first of them by address, at most ``limit``.
    public let entries: [Entry]
    /// All of them.
    public let count: Int

    /// The most entries that are listed.
    public static let limit = 100

    /// One address and its port.
    public struct Entry: Sendable, Hashable {
        /// The address.
        public let address: IPAddress
        /// Whose it is.
        public let holder: AddressMap.Holder
    }
}
