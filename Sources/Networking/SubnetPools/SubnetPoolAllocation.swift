/// Finds room in the prefixes of a subnet pool.
struct SubnetPoolAllocation {
    /// In ascending order.
    let prefixes: [CIDR]
    /// The subnets that were cut from it; they do not overlap.
    let taken: [CIDR]

    /// The first free block of a length; nil when there is none.
    func firstFree(length: Int) -> CIDR? {
        let sorted = taken.sorted { $0.network < $1.network }
        for prefix in prefixes where prefix.prefix <= length {
            var candidate = CIDR(holding: prefix.network, prefix: length)
            var isFull = false
            for other in sorted where other.overlaps(prefix) {
                if candidate.last < other.network { break }
                guard let next = Self.block(after: other.last, length), next.last <= prefix.last else {
                    isFull = true
                    break
                }
                candidate = Swift.max(candidate.network, next.network) == next.network ? next : candidate
            }
            if !isFull { return candidate }
        }
        return nil
    }

    /// Whether a block lies in one of the prefixes.
    func contains(_ cidr: CIDR) -> Bool {
        prefixes.contains { $0.contains(cidr.network) && $0.contains(cidr.last) }
    }

    /// The first whole block of a length behind an address.
    private static func block(after address: IPAddress, _ length: Int) -> CIDR? {
        guard let first = address.successor else { return nil }
        let block = CIDR(holding: first, prefix: length)
        if block.network == first { return block }
        return block.last.successor.map { CIDR(holding: $0, prefix: length) }
    }

    /// How much blocks take of a quota: addresses of IPv4, blocks of 64 bits of IPv6.
    static func units(_ cidrs: some Sequence<CIDR>) -> UInt128 {
        cidrs.reduce(0) { sum, cidr in
            let width = cidr.version == .v4 ? 32 : 64
            return sum + (cidr.prefix >= width ? 1 : UInt128(1) << UInt128(width - cidr.prefix))
        }
    }

    /// The same addresses in as few prefixes as possible, in ascending order, as neutron keeps them.
    static func compacted(_ prefixes: [CIDR]) -> [CIDR] {
        var result: [CIDR] = []
        for prefix in prefixes.sorted(by: { ($0.network, $0.prefix) < ($1.network, $1.prefix) }) {
            if let last = result.last, last.contains(prefix.network) { continue }
            result.append(prefix)
            // Two halves of one block are the block.
            while result.count > 1, let joined = joined(result[result.count - 2], result[result.count - 1]) {
                result.removeLast(2)
                result.append(joined)
            }
        }
        return result
    }

    private static func joined(_ left: CIDR, _ right: CIDR) -> CIDR? {
        guard left.prefix == right.prefix, left.prefix > 1, left.version == right.version else { return nil }
        let whole = CIDR(holding: left.network, prefix: left.prefix - 1)
        return whole.network == left.network && whole.last == right.last ? whole : nil
    }
}
