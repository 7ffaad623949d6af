/// What is known of a subnet's addresses without its ports.
struct AddressGround {
    let cidr: CIDR
    let gateway: IPAddress?
    /// The pools as they are drawn.
    let pools: AddressSet
    /// What would change: in the pools now, and not before; and the other way round.
    var gained = AddressSet([])
    var lost = AddressSet([])
    /// Where rules are broken.
    var marks: [AddressMark] = []

    init(cidr: CIDR, gateway: IPAddress?, pools: [AddressRange]) {
        self.cidr = cidr
        self.gateway = gateway
        self.pools = AddressSet(pools).intersection(cidr.range)
    }

    /// Every address in no pool that a port might be surprised to have: all but the gateway.
    var outsidePools: AddressSet {
        let outside = AddressSet([cidr.range]).subtracting(pools)
        return gateway.map { outside.subtracting(AddressSet([AddressRange($0)])) } ?? outside
    }
}

extension AddressMap {
    /// The map of a stretch of at most 256 addresses.
    init(_ stretch: CIDR, of ground: AddressGround, singles entries: [AddressesOutsidePools.Entry]) {
        let holders = Dictionary(entries.map { ($0.address, $0.holder) }) { first, _ in first }
        let usable = ground.cidr.usable
        let cells = stretch.parts(bits: Self.bits).map { part in
            let address = part.network
            let holder = holders[address]
            let isPooled = ground.pools.contains(address)
            let use: Use =
                if address == ground.gateway {
                    .gateway
                } else if let holder {
                    holder.deviceOwner == DeviceOwner.dhcp ? .dhcp : isPooled ? .allocated : .allocatedOutsidePools
                } else if !usable.contains(address) {
                    .reserved
                } else {
                    isPooled ? .free : .outsidePools
                }
            return ground.cell(part.range, use, allocated: holder == nil ? 0 : 1, holder)
        }
        self.init(cidr: ground.cidr, stretch: stretch, gateway: ground.gateway, cells: cells)
    }

    /// The map of a larger stretch; `count` says how many addresses of a range ports have.
    init(_ stretch: CIDR, of ground: AddressGround, count: (AddressRange) throws -> Int) rethrows {
        let isEmpty = try count(stretch.range) == 0
        let cells = try stretch.parts(bits: Self.bits).map { part in
            let allocated = isEmpty ? 0 : try count(part.range)
            let isPooled = ground.pools.overlaps(part.range)
            let use: Use =
                if UInt128(allocated) == part.range.count {
                    isPooled ? .allocated : .allocatedOutsidePools
                } else if allocated > 0 {
                    isPooled ? .mixed : .allocatedOutsidePools
                } else {
                    isPooled ? .free : .outsidePools
                }
            return ground.cell(part.range, use, allocated: allocated, nil)
        }
        self.init(cidr: ground.cidr, stretch: stretch, gateway: ground.gateway, cells: cells)
    }
}

extension AddressGround {
    fileprivate func cell(
        _ range: AddressRange, _ use: AddressMap.Use, allocated: Int, _ holder: AddressMap.Holder?
    ) -> AddressMap.Cell {
        AddressMap.Cell(
            range: range, use: use, pooled: pools.count(in: range), allocated: allocated, holder: holder,
            isGained: gained.overlaps(range), isLost: lost.overlaps(range),
            fault: marks.first { $0.range.overlaps(range) }?.code)
    }
}
