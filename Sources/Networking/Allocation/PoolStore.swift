import Database
import ServiceCore

/// The only SQL for `ipallocationpools`, `ipallocationpool_positions` and `ipavailabilityranges`.
struct PoolStore {
    /// Replaces all pools of a subnet; new rows with new ids, as neutron does it. What is free in them follows from
    /// the addresses that are allocated now.
    func replace(
        with ranges: [AddressRange], of subnetID: ID<Subnet>, in transaction: borrowing Transaction
    ) throws -> [AllocationPool] {
        try transaction.execute("DELETE FROM ipallocationpools WHERE subnet_id = \(subnetID)")
        let pools = ranges.map { AllocationPool(id: .random(), range: $0) }
        for (position, pool) in pools.enumerated() {
            try transaction.execute(
                """
                INSERT INTO ipallocationpools (id, subnet_id, first_ip, last_ip)
                VALUES (\(pool.id), \(subnetID), \(pool.range.first), \(pool.range.last))
                """)
            try transaction.execute(
                "INSERT INTO ipallocationpool_positions (pool_id, position) VALUES (\(pool.id), \(position))")
            try insertFree(of: pool, subnetID, in: transaction)
        }
        return pools
    }

    /// Walks the pool's allocated addresses once, in order.
    private func insertFree(
        of pool: AllocationPool, _ subnetID: ID<Subnet>, in transaction: borrowing Transaction
    ) throws {
        let used = try transaction.map(
            """
            SELECT address_key FROM ipallocation_keys
            WHERE subnet_id = \(subnetID) AND address_key BETWEEN \(pool.range.first.key) AND \(pool.range.last.key)
            ORDER BY address_key
            """
        ) { row in IPAddress(key: try row[0]) }
        var rest: AddressRange? = pool.range
        for case let address? in used {
            guard let range = rest else { break }
            if let below = address.predecessor.flatMap({ AddressRange(first: range.first, last: $0) }) {
                try insert(below, pool.id, in: transaction)
            }
            rest = address.successor.flatMap { AddressRange(first: $0, last: range.last) }
        }
        if let rest { try insert(rest, pool.id, in: transaction) }
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

    /// Puts one address back, joining it with its free neighbours.
    func giveBack(_ address: IPAddress, to pool: AllocationPool, in transaction: borrowing Transaction) throws {
        var (first, last) = (address, address)
        if let below = try lastFree(of: pool, upTo: address, in: transaction) {
            // Already free: giving back twice changes nothing.
            guard !below.contains(address) else { return }
            if below.last.successor == address {
                first = below.first
                try delete(below, pool.id, in: transaction)
            }
        }
        if let next = address.successor, pool.range.contains(next),
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
