import Database
import ServiceCore

/// The only SQL for `ipallocationpools`, `ipallocationpool_positions` and `ipavailabilityranges`.
struct PoolStore {
    /// Makes the pools of a subnet what they are to be, at the cost of what changes: ends that move cost the addresses
    /// between the old end and the new one, however many addresses the pool has and ports have taken of it.
    /// - Returns: the pools in the order given.
    func change(
        _ current: [AllocationPool], to ranges: [AddressRange], of subnetID: ID<Subnet>,
        in transaction: borrowing Transaction
    ) throws -> [AllocationPool] {
        let change = PoolChange(from: current, to: ranges)
        for pool in change.gone { try transaction.execute("DELETE FROM ipallocationpools WHERE id = \(pool.id)") }
        for (position, step) in change.steps.enumerated() {
            if let before = step.before {
                try move(step.pool, from: before, of: subnetID, in: transaction)
            } else {
                try insert(step.pool, of: subnetID, in: transaction)
            }
            guard !current.indices.contains(position) || current[position].id != step.pool.id else { continue }
            try transaction.execute(
                """
                INSERT INTO ipallocationpool_positions (pool_id, position) VALUES (\(step.pool.id), \(position))
                ON CONFLICT (pool_id) DO UPDATE SET position = excluded.position
                """)
        }
        return change.steps.map(\.pool)
    }

    private func insert(
        _ pool: AllocationPool, of subnetID: ID<Subnet>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO ipallocationpools (id, subnet_id, first_ip, last_ip)
            VALUES (\(pool.id), \(subnetID), \(pool.range.first), \(pool.range.last))
            """)
        for stretch in try unallocated(in: pool.range, of: subnetID, in: transaction) {
            try insert(stretch, pool.id, in: transaction)
        }
    }

    /// Moves the ends of a pool that keeps some of its addresses.
    private func move(
        _ pool: AllocationPool, from before: AddressRange, of subnetID: ID<Subnet>,
        in transaction: borrowing Transaction
    ) throws {
        guard pool.range != before else { return }
        try transaction.execute(
            """
            UPDATE ipallocationpools SET first_ip = \(pool.range.first), last_ip = \(pool.range.last)
            WHERE id = \(pool.id)
            """)
        try cut(pool, in: transaction)
        for gained in AddressSet([pool.range]).subtracting(AddressSet([before])).ranges {
            for stretch in try unallocated(in: gained, of: subnetID, in: transaction) {
                let isInside = stretch.first != gained.first && stretch.last != gained.last
                if isInside { try insert(stretch, pool.id, in: transaction) }
                if !isInside { try join(stretch, to: pool, in: transaction) }
            }
        }
    }

    /// Takes away what is free beyond the ends of a pool.
    private func cut(_ pool: AllocationPool, in transaction: borrowing Transaction) throws {
        for end in [pool.range.first.predecessor, pool.range.last].compactMap({ $0 }) {
            guard let across = try lastFree(of: pool, upTo: end, in: transaction), across.last > end else { continue }
            try delete(across, pool.id, in: transaction)
            if let inside = across.intersection(pool.range) { try insert(inside, pool.id, in: transaction) }
        }
        try transaction.execute(
            """
            DELETE FROM ipavailabilityranges
            WHERE allocation_pool_id = \(pool.id) AND first_key < \(pool.range.first.key)
            """)
        try transaction.execute(
            """
            DELETE FROM ipavailabilityranges
            WHERE allocation_pool_id = \(pool.id) AND first_key > \(pool.range.last.key)
            """)
    }

    /// What no port has of some addresses, lowest first: walks what is allocated of them once, in order.
    private func unallocated(
        in range: AddressRange, of subnetID: ID<Subnet>, in transaction: borrowing Transaction
    ) throws -> [AddressRange] {
        let used = try transaction.map(
            """
            SELECT address_key FROM ipallocation_keys
            WHERE subnet_id = \(subnetID) AND address_key BETWEEN \(range.first.key) AND \(range.last.key)
            ORDER BY address_key
            """
        ) { row in IPAddress(key: try row[0]) }
        var stretches: [AddressRange] = []
        var rest: AddressRange? = range
        for case let address? in used {
            guard let range = rest else { break }
            if let below = address.predecessor.flatMap({ AddressRange(first: range.first, last: $0) }) {
                stretches.append(below)
            }
            rest = address.successor.flatMap { AddressRange(first: $0, last: range.last) }
        }
        return stretches + [rest].compactMap { $0 }
    }

    /// The first pool of a subnet that has a free address, and its lowest free stretch.
    func lowestFree(
        of subnet: Subnet, in transaction: borrowing Transaction
    ) throws -> (pool: AllocationPool, stretch: AddressRange)? {
        let found = try transaction.first(
            """
            SELECT first_key, last_key, allocation_pool_id FROM ipavailabilityranges
            WHERE allocation_pool_id = (
                SELECT p.id FROM ipallocationpools p JOIN ipallocationpool_positions o ON o.pool_id = p.id
                WHERE p.subnet_id = \(subnet.id)
                    AND EXISTS (SELECT 1 FROM ipavailabilityranges r WHERE r.allocation_pool_id = p.id)
                ORDER BY o.position LIMIT 1)
            ORDER BY first_key LIMIT 1
            """
        ) { row in (try Self.range(row), try row[2] as ID<AllocationPool>) }
        guard let (range, id) = found, let range, let pool = subnet.pools.first(where: { $0.id == id }) else {
            return nil
        }
        return (pool, range)
    }

    /// All free stretches that touch a range, for drawing; at most `limit`.
    func free(
        in pool: AllocationPool, limit: Int, in transaction: borrowing Transaction
    ) throws -> [AddressRange] {
        try transaction.map(
            """
            SELECT first_key, last_key FROM ipavailabilityranges
            WHERE allocation_pool_id = \(pool.id) ORDER BY first_key LIMIT \(limit)
            """, Self.range
        ).compactMap { $0 }
    }

    /// Takes one address out of the free stretch of a pool that it lies in.
    func take(
        _ address: IPAddress, from stretch: AddressRange, of pool: AllocationPool,
        in transaction: borrowing Transaction
    ) throws {
        try delete(stretch, pool.id, in: transaction)
        for rest in stretch.removing(address) { try insert(rest, pool.id, in: transaction) }
    }

    /// Puts one address back; giving back twice changes nothing.
    func giveBack(_ address: IPAddress, to pool: AllocationPool, in transaction: borrowing Transaction) throws {
        let below = try lastFree(of: pool, upTo: address, in: transaction)
        guard below?.contains(address) != true else { return }
        try join(AddressRange(address), to: pool, in: transaction)
    }

    /// Makes addresses of a pool free that were not, in one stretch with their free neighbours.
    private func join(
        _ stretch: AddressRange, to pool: AllocationPool, in transaction: borrowing Transaction
    ) throws {
        var (first, last) = (stretch.first, stretch.last)
        if let below = try lastFree(of: pool, upTo: first, in: transaction), below.last.successor == first {
            first = below.first
            try delete(below, pool.id, in: transaction)
        }
        if let next = last.successor, pool.range.contains(next),
            let above = try lastFree(of: pool, upTo: next, in: transaction), above.first == next
        {
            last = above.last
            try delete(above, pool.id, in: transaction)
        }
        if let range = AddressRange(first: first, last: last) { try insert(range, pool.id, in: transaction) }
    }

    /// The highest free stretch that begins at or below an address: one step in the index.
    func lastFree(
        of pool: AllocationPool, upTo address: IPAddress, in transaction: borrowing Transaction
    ) throws -> AddressRange? {
        try transaction.first(
            """
            SELECT first_key, last_key FROM ipavailabilityranges
            WHERE allocation_pool_id = \(pool.id) AND first_key <= \(address.key) ORDER BY first_key DESC LIMIT 1
            """, Self.range) ?? nil
    }

    private func insert(
        _ range: AddressRange, _ poolID: ID<AllocationPool>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO ipavailabilityranges (allocation_pool_id, first_key, last_key)
            VALUES (\(poolID), \(range.first.key), \(range.last.key))
            """)
    }

    private func delete(
        _ range: AddressRange, _ poolID: ID<AllocationPool>, in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(
            """
            DELETE FROM ipavailabilityranges
            WHERE allocation_pool_id = \(poolID) AND first_key = \(range.first.key)
            """)
    }

    private static func range(_ row: Row) throws -> AddressRange? {
        guard let first = IPAddress(key: try row[0]), let last = IPAddress(key: try row[1]) else { return nil }
        return AddressRange(first: first, last: last)
    }
}
