public import ServiceCore

/// What the addresses of a subnet, or of a part of it, are used for, for drawing: at most 256 cells of one size, each a
/// single address when there is room for all.
public struct AddressMap: Sendable, Hashable {
    /// A map has at most 2 to the power of this many cells.
    static let bits = 8

    /// The subnet's addresses.
    public let cidr: CIDR
    /// The part that is shown: the CIDR or a network in it.
    public let stretch: CIDR
    /// The subnet's gateway.
    public let gateway: IPAddress?
    /// The stretch in ascending order, without gaps.
    public let cells: [Cell]

    /// Whether each cell is one address.
    public var isExact: Bool { stretch.version.width - stretch.prefix <= Self.bits }

    /// Networks on the way from the subnet down to the stretch, each a cell of the map of the one before.
    public var trail: [CIDR] {
        let prefixes = Array(stride(from: cidr.prefix, to: stretch.prefix, by: Self.bits)) + [stretch.prefix]
        return prefixes.map { CIDR(holding: stretch.network, prefix: $0) }
    }

    /// Some adjoining addresses.
    public struct Cell: Sendable, Hashable {
        /// The addresses.
        public let range: AddressRange
        /// What they are used for.
        public let use: Use
        /// How many of them lie in allocation pools.
        public let pooled: UInt128
        /// How many of them ports have.
        public let allocated: Int
        /// The port, when the cell is one allocated address.
        public let holder: Holder?
        /// Whether some of them would be given out from now on.
        public let isGained: Bool
        /// Whether some of them would be given out no longer.
        public let isLost: Bool
        /// The code of the rule that some of them break.
        public let fault: String?
    }

    /// What a cell is.
    public enum Use: String, Sendable, CaseIterable {
        /// In a pool and free; of several addresses, at least some of them.
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
        /// Several addresses in pools, some of them allocated.
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

    /// The same with equal neighbours as one: what a person would say in words.
    public var joined: [Cell] {
        cells.reduce(into: []) { joined, cell in
            guard let last = joined.last, let both = last.joined(with: cell) else { return joined.append(cell) }
            joined[joined.count - 1] = both
        }
    }
}

extension AddressMap.Cell {
    /// The network of exactly its addresses, to show alone; nil for one address.
    public var block: CIDR? {
        guard range.count > 1, range.count.nonzeroBitCount == 1 else { return nil }
        return CIDR(holding: range.first, prefix: range.version.width - range.count.trailingZeroBitCount)
    }

    /// Both as one, when they differ in nothing but their addresses.
    fileprivate func joined(with next: AddressMap.Cell) -> AddressMap.Cell? {
        guard holder == nil, next.holder == nil, use == next.use, use != .mixed, isGained == next.isGained,
            isLost == next.isLost, fault == next.fault, (pooled == range.count) == (next.pooled == next.range.count),
            let both = AddressRange(first: range.first, last: next.range.last)
        else { return nil }
        return AddressMap.Cell(
            range: both, use: use, pooled: pooled + next.pooled, allocated: allocated + next.allocated, holder: nil,
            isGained: isGained, isLost: isLost, fault: fault)
    }
}

/// How many addresses there are and how many are in use: neutron's `network-ip-availabilities`.
public struct IPAvailability: Sendable, Hashable {
    /// The network.
    public let networkID: ID<Network>
    /// Each of its subnets.
    public let subnets: [SubnetAvailability]

    init(networkID: ID<Network>, _ subnets: [SubnetAvailability]) {
        self.networkID = networkID
        self.subnets = subnets
    }

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
    init(_ subnet: Subnet, used: Int) {
        subnetID = subnet.id
        name = subnet.name
        cidr = subnet.cidr
        total = subnet.pools.reduce(0) { $0.addingReportingOverflow($1.range.count).partialValue }
        self.used = used
    }

    /// Never below 0, though addresses outside the pools count as used.
    public var free: UInt128 { total > UInt128(used) ? total - UInt128(used) : 0 }
}

/// Addresses that lie in no pool but belong to ports: what is left behind when a pool shrinks. The gateway, which no pool
/// may hold, is not among them.
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
