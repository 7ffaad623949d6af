import ServiceCore

extension AddressMap {
    /// The map with every allocated address shown, or nil when that takes too many segments.
    init?(exactly subnet: Subnet, _ entries: [AddressesOutsidePools.Entry]) {
        var painting = Painting(subnet.cidr)
        for pool in subnet.pools { painting.paint(pool.range, .free) }
        if let gateway = subnet.gateway, subnet.cidr.contains(gateway) {
            painting.paint(AddressRange(gateway), .gateway)
        }
        for entry in entries {
            guard painting.segments.count <= Self.segmentLimit else { return nil }
            let use = Self.use(of: entry, in: subnet)
            painting.paint(AddressRange(entry.address), use, allocated: 1, holder: entry.holder)
        }
        guard painting.segments.count <= Self.segmentLimit else { return nil }
        self.init(cidr: subnet.cidr, segments: painting.segments, isExact: true)
    }

    private static func use(of entry: AddressesOutsidePools.Entry, in subnet: Subnet) -> Use {
        if entry.address == subnet.gateway { return .gateway }
        if entry.holder.deviceOwner == DeviceOwner.dhcp { return .dhcp }
        return subnet.pools.contains { $0.range.contains(entry.address) } ? .allocated : .allocatedOutsidePools
    }

    /// The map in equal slices; `count` says how many addresses of a range are allocated.
    init(inSlices subnet: Subnet, count: (AddressRange) throws -> Int) rethrows {
        var segments: [Segment] = []
        for slice in Self.slices(of: subnet.cidr) {
            let allocated = try count(slice)
            let use = Self.use(of: slice, allocated: allocated, in: subnet)
            if allocated == 0, let last = segments.last, last.use == use, last.allocated == 0,
                let joined = AddressRange(first: last.range.first, last: slice.last)
            {
                segments[segments.count - 1] = Segment(range: joined, use: use, allocated: 0, holder: nil)
            } else {
                segments.append(Segment(range: slice, use: use, allocated: allocated, holder: nil))
            }
        }
        self.init(cidr: subnet.cidr, segments: segments, isExact: false)
    }

    private static func use(of slice: AddressRange, allocated: Int, in subnet: Subnet) -> Use {
        if UInt128(allocated) == slice.count { return .allocated }
        if allocated > 0 { return .mixed }
        return subnet.pools.contains { $0.range.overlaps(slice) } ? .free : .outsidePools
    }

    /// The CIDR in ``segmentLimit`` parts of one size; a CIDR's size is a power of two, and so is the limit.
    private static func slices(of cidr: CIDR) -> [AddressRange] {
        let size = max(cidr.range.count / UInt128(segmentLimit), 1)
        var slices: [AddressRange] = []
        var next: IPAddress? = cidr.network
        while let first = next, cidr.contains(first), let last = first.advanced(by: size - 1) {
            AddressRange(first: first, last: last).map { slices.append($0) }
            next = last.successor
        }
        return slices
    }
}

extension AddressMap {
    /// Adjoining segments that always cover the whole CIDR.
    private struct Painting {
        private(set) var segments: [Segment]

        /// Everything outside of pools, the network's own addresses reserved.
        init(_ cidr: CIDR) {
            segments = [Segment(range: cidr.range, use: .reserved, allocated: 0, holder: nil)]
            paint(cidr.usable, .outsidePools)
        }

        mutating func paint(_ range: AddressRange, _ use: Use, allocated: Int = 0, holder: Holder? = nil) {
            let segment = Segment(range: range, use: use, allocated: allocated, holder: holder)
            segments = segments.flatMap { old in
                guard old.range.overlaps(range) else { return [old] }
                let below = range.first.predecessor.flatMap { AddressRange(first: old.range.first, last: $0) }
                let above = range.last.successor.flatMap { AddressRange(first: $0, last: old.range.last) }
                // The part in which the new segment begins also carries it.
                let new = old.range.contains(range.first) ? [segment] : []
                return (below.map { [old.cut(to: $0)] } ?? []) + new + (above.map { [old.cut(to: $0)] } ?? [])
            }
        }
    }
}

extension AddressMap.Segment {
    fileprivate func cut(to range: AddressRange) -> AddressMap.Segment {
        AddressMap.Segment(range: range, use: use, allocated: allocated, holder: holder)
    }
}
