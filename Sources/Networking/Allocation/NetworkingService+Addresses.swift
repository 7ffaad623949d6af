import Database
public import ServiceCore

extension NetworkingService {
    /// How the addresses of a subnet are used, in at most ``AddressMap/segmentLimit`` segments. Names the ports only to
    /// those who may see the network's ports: the owner's project and administrators.
    /// - Throws: `ServiceError`: notFound.
    public func addressUse(of id: ID<Subnet>, as context: RequestContext) throws -> AddressMap {
        try read { transaction in
            let (subnet, network) = try visibleSubnet(id, context, transaction)
            let maySeePorts = context.canSee(projectID: network.projectID)
            // More singles than this could not be shown anyway: each takes at least one segment.
            let entries = try allocationStore.holders(
                in: subnet.cidr.range, of: id, limit: AddressMap.segmentLimit + 1, in: transaction
            ).map { maySeePorts || $0.holder.deviceOwner == DeviceOwner.dhcp ? $0 : $0.anonymous }
            if entries.count <= AddressMap.segmentLimit, let map = AddressMap(exactly: subnet, entries) { return map }
            return try AddressMap(inSlices: subnet) { slice in
                try allocationStore.count(in: slice, of: id, in: transaction)
            }
        }
    }

    /// The allocated addresses of a subnet that lie in none of its pools: what a shrunk pool leaves behind.
    /// - Throws: `ServiceError`: notFound.
    public func addressesOutsidePools(
        of id: ID<Subnet>, as context: RequestContext
    ) throws -> AddressesOutsidePools {
        try read { transaction in
            let (subnet, network) = try visibleSubnet(id, context, transaction)
            let maySeePorts = context.canSee(projectID: network.projectID)
            var entries: [AddressesOutsidePools.Entry] = []
            var count = 0
            for gap in subnet.rangesOutsidePools {
                count += try allocationStore.count(in: gap, of: id, in: transaction)
                let room = AddressesOutsidePools.limit - entries.count
                guard room > 0 else { continue }
                entries += try allocationStore.holders(in: gap, of: id, limit: room, in: transaction)
            }
            return AddressesOutsidePools(entries: maySeePorts ? entries : entries.map(\.anonymous), count: count)
        }
    }
}

extension Subnet {
    /// The parts of the CIDR that no pool covers, in ascending order.
    var rangesOutsidePools: [AddressRange] {
        var gaps: [AddressRange] = []
        var rest: AddressRange? = cidr.range
        for pool in pools.map(\.range).sorted(by: { $0.first < $1.first }) {
            guard let range = rest else { break }
            if let gap = pool.first.predecessor.flatMap({ AddressRange(first: range.first, last: $0) }) {
                gaps.append(gap)
            }
            rest = pool.last.successor.flatMap { AddressRange(first: $0, last: range.last) }
        }
        return gaps + (rest.map { [$0] } ?? [])
    }
}

extension AddressesOutsidePools.Entry {
    /// The address without whose it is.
    fileprivate var anonymous: AddressesOutsidePools.Entry {
        let nobody = AddressMap.Holder(portID: ID(""), portName: "", deviceOwner: "", deviceID: "")
        return AddressesOutsidePools.Entry(address: address, holder: nobody)
    }
}
