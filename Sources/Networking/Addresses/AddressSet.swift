/// Addresses of one version as ascending ranges that neither overlap nor touch.
struct AddressSet: Hashable, Sendable {
    private(set) var ranges: [AddressRange] = []

    /// The addresses of some ranges, in any order, overlapping or not.
    init(_ ranges: [AddressRange]) {
        for range in ranges.sorted(by: { $0.first < $1.first }) {
            guard let last = self.ranges.last, Self.joins(last, range) else {
                self.ranges.append(range)
                continue
            }
            let end = max(last.last, range.last)
            self.ranges[self.ranges.count - 1] = AddressRange(first: last.first, last: end) ?? last
        }
    }

    private static func joins(_ below: AddressRange, _ above: AddressRange) -> Bool {
        below.overlaps(above) || below.last.successor == above.first
    }

    /// How many addresses; saturated for the whole of IPv6.
    var count: UInt128 {
        ranges.reduce(0) { sum, range in
            let (total, overflow) = sum.addingReportingOverflow(range.count)
            return overflow ? .max : total
        }
    }

    /// Whether an address is one of them.
    func contains(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    /// How many of a range's addresses are among them.
    func count(in range: AddressRange) -> UInt128 {
        ranges.reduce(0) { $0 + ($1.intersection(range)?.count ?? 0) }
    }

    /// Whether a range has one of them.
    func overlaps(_ range: AddressRange) -> Bool { ranges.contains { $0.overlaps(range) } }

    /// Those that lie in a range.
    func intersection(_ range: AddressRange) -> AddressSet {
        AddressSet(ranges.compactMap { $0.intersection(range) })
    }

    /// Those that are not in the other set.
    func subtracting(_ other: AddressSet) -> AddressSet {
        var left = ranges
        for hole in other.ranges {
            left = left.flatMap { range -> [AddressRange] in
                guard range.overlaps(hole) else { return [range] }
                let below = hole.first.predecessor.flatMap { AddressRange(first: range.first, last: $0) }
                let above = hole.last.successor.flatMap { AddressRange(first: $0, last: range.last) }
                return [below, above].compactMap { $0 }
            }
        }
        return AddressSet(left)
    }
}

extension AddressRange {
    /// The addresses both have, or nil when they have none in common.
    func intersection(_ other: AddressRange) -> AddressRange? {
        guard overlaps(other) else { return nil }
        return AddressRange(first: max(first, other.first), last: min(last, other.last))
    }
}
