public import ServiceCore

/// What a subnet's addresses would be if something were saved that is only typed yet.
public struct PoolPreview: Sendable {
    /// The addresses as they would be; nil when there is no network address to draw.
    public let map: AddressMap?
    /// The counts now; nil for a subnet that does not exist yet.
    public let before: AddressTally?
    /// The counts as they would be.
    public let after: AddressTally
    /// What would be given out from now on, in ascending order.
    public let gained: [AddressRange]
    /// What would be given out no longer.
    public let lost: [AddressRange]
    /// What ports have and would lie in no pool.
    public let outside: AddressesOutsidePools
    /// Every broken rule. Unless this is empty, saving would be refused.
    public let violations: [Violation]
}

/// The addresses of a subnet, counted.
public struct AddressTally: Sendable, Hashable {
    /// In pools.
    public let pooled: UInt128
    /// In pools, and ports have them.
    public let allocated: Int
    /// Ports have them, though they lie in no pool; without the gateway.
    public let outside: Int
    /// In pools and free.
    public var free: UInt128 { pooled > UInt128(allocated) ? pooled - UInt128(allocated) : 0 }

    /// Nothing at all.
    static let nothing = AddressTally(pooled: 0, allocated: 0, outside: 0)
}

/// How a subnet's addresses are used now.
public struct AddressUse: Sendable, Hashable {
    /// The addresses, or a part of them.
    public let map: AddressMap
    /// All of them, counted.
    public let tally: AddressTally
}
