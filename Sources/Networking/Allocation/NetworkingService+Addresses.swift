import Database
public import ServiceCore

extension NetworkingService {
    /// How the addresses of a subnet are used. Names the ports only to those who may see the network's ports: the owner's
    /// project and administrators.
    /// - Parameter stretch: a network in the subnet, to see it alone; another is taken as the whole subnet.
    /// - Throws: `ServiceError`: notFound.
    public func addressUse(
        of id: ID<Subnet>, in stretch: CIDR? = nil, as context: RequestContext
    ) throws -> AddressUse {
        try read { transaction in
            let (subnet, network) = try visibleSubnet(id, context, transaction)
            let ground = AddressGround(cidr: subnet.cidr, gateway: subnet.gateway, pools: subnet.pools.map(\.range))
            let maySeePorts = context.canSee(projectID: network.projectID)
            return AddressUse(
                map: try map(stretch, of: ground, id, maySeePorts: maySeePorts, transaction),
                tally: try tally(ground, id, transaction))
        }
    }

    /// The allocated addresses of a subnet that lie in none of its pools: what a shrunk pool leaves behind.
    /// - Throws: `ServiceError`: notFound.
    public func addressesOutsidePools(
        of id: ID<Subnet>, as context: RequestContext
    ) throws -> AddressesOutsidePools {
        try read { transaction in
            let (subnet, network) = try visibleSubnet(id, context, transaction)
            let ground = AddressGround(cidr: subnet.cidr, gateway: subnet.gateway, pools: subnet.pools.map(\.range))
            let maySeePorts = context.canSee(projectID: network.projectID)
            return try outside(ground, id, maySeePorts: maySeePorts, transaction)
        }
    }

    func map(
        _ stretch: CIDR?, of ground: AddressGround, _ id: ID<Subnet>, maySeePorts: Bool,
        _ transaction: borrowing Transaction
    ) throws -> AddressMap {
        let shown = stretch.flatMap { ground.cidr.contains($0) ? $0 : nil } ?? ground.cidr
        guard shown.range.count <= 1 << UInt128(AddressMap.bits) else {
            return try AddressMap(shown, of: ground) { try allocationStore.count(in: $0, of: id, in: transaction) }
        }
        let entries = try allocationStore.holders(
            in: shown.range, of: id, limit: 1 << AddressMap.bits, in: transaction)
        return AddressMap(
            shown, of: ground,
            singles: entries.map { maySeePorts || $0.holder.deviceOwner == DeviceOwner.dhcp ? $0 : $0.anonymous })
    }

    func tally(
        _ ground: AddressGround, _ id: ID<Subnet>, _ transaction: borrowing Transaction
    ) throws -> AddressTally {
        func count(_ set: AddressSet) throws -> Int {
            try set.ranges.reduce(0) { try $0 + allocationStore.count(in: $1, of: id, in: transaction) }
        }
        return AddressTally(
            pooled: ground.pools.count, allocated: try count(ground.pools), outside: try count(ground.outsidePools))
    }

    func outside(
        _ ground: AddressGround, _ id: ID<Subnet>, maySeePorts: Bool, _ transaction: borrowing Transaction
    ) throws -> AddressesOutsidePools {
        var entries: [AddressesOutsidePools.Entry] = []
        var count = 0
        for gap in ground.outsidePools.ranges {
            count += try allocationStore.count(in: gap, of: id, in: transaction)
            let room = AddressesOutsidePools.limit - entries.count
            guard room > 0 else { continue }
            entries += try allocationStore.holders(in: gap, of: id, limit: room, in: transaction)
        }
        return AddressesOutsidePools(entries: maySeePorts ? entries : entries.map(\.anonymous), count: count)
    }
}

extension AddressesOutsidePools.Entry {
    /// The address without whose it is.
    fileprivate var anonymous: AddressesOutsidePools.Entry {
        let nobody = AddressMap.Holder(portID: ID(""), portName: "", deviceOwner: "", deviceID: "")
        return AddressesOutsidePools.Entry(address: address, holder: nobody)
    }
}
