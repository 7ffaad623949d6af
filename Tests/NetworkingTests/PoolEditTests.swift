import Database
import ServiceCore
import Testing

@testable import Networking

/// What is stored of a subnet's pools after edits that change some of them.
@Suite struct PoolEditTests {
    /// A subnet whose last 64 addresses are edited, with what ports have of it.
    private struct Ground {
        let cloud: TestCloud
        let network: Network
        var subnet: Subnet
        let base: IPAddress
        var ports: [Port] = []

        init(_ cidr: String, base: String, recorder: StatementRecorder? = nil) throws {
            cloud = try TestCloud(recorder: recorder)
            (network, subnet) = try cloud.network(cidr)
            self.base = ip(base)
        }

        func address(_ number: Int) -> String { base.advanced(by: UInt128(number))?.description ?? "" }

        mutating func take(_ number: Int) throws {
            var new = NewPort(networkID: network.id)
            new.fixedIPs = [FixedIPInput(address: address(number))]
            ports.append(try cloud.networking.createPort(new, as: TestCloud.admin))
        }

        mutating func save(_ pools: [ClosedRange<Int>]) throws {
            subnet = try cloud.update(subnet) {
                $0.allocationPools = pools.map {
                    PoolInput(start: address($0.lowerBound), end: address($0.upperBound))
                }
            }
        }

        /// Every row there is of the pools, but for their ids.
        var rows: [String] {
            get throws {
                let (pools, free): ([String], [String]) = (
                    try cloud.column(
                        """
                        SELECT o.position || ' ' || p.first_ip || ' ' || p.last_ip FROM ipallocationpools p
                            JOIN ipallocationpool_positions o ON o.pool_id = p.id
                        """),
                    try cloud.column(
                        """
                        SELECT o.position || ': ' || r.first_key || ' ' || r.last_key FROM ipavailabilityranges r
                            JOIN ipallocationpool_positions o ON o.pool_id = r.allocation_pool_id
                        """)
                )
                return (pools + free).sorted()
            }
        }

        /// The same of pools that are written from nothing: each address looked at.
        func rewritten(_ pools: [ClosedRange<Int>]) -> [String] {
            let used = Set(ports.flatMap(\.fixedIPs).map(\.address.description))
            return pools.enumerated().flatMap { position, pool -> [String] in
                let free = pool.filter { !used.contains(address($0)) }
                let firsts = free.filter { !free.contains($0 - 1) }
                let lasts = free.filter { !free.contains($0 + 1) }
                return ["\(position) \(address(pool.lowerBound)) \(address(pool.upperBound))"]
                    + zip(firsts, lasts).map { "\(position): \(ip(address($0)).key) \(ip(address($1)).key)" }
            }.sorted()
        }
    }

    @Test(arguments: [("10.0.0.0/24", "10.0.0.128"), ("2001:db8::/64", "2001:db8::ff80"), ("0.0.0.0/1", "0.0.0.2")])
    func `any edits leave what pools written from nothing would have`(_ cidr: String, _ base: String) throws {
        var ground = try Ground(cidr, base: base)
        var generator = SeededGenerator(state: UInt64(cidr.count))
        var pools = [5...40]
        try ground.save(pools)
        for step in 0..<400 {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: try? ground.take(Int.random(in: 0..<64, using: &generator))
            case 1 where !ground.ports.isEmpty:
                let port = ground.ports.remove(at: Int.random(in: 0..<ground.ports.count, using: &generator))
                try ground.cloud.networking.deletePort(port.id, as: TestCloud.admin)
            default:
                let before = pools
                pools = Self.edited(pools, using: &generator)
                try ground.save(pools)
                #expect(try ground.rows == ground.rewritten(pools), "after step \(step), \(before) to \(pools)")
            }
            #expect(try ground.rows == ground.rewritten(pools), "after step \(step)")
        }
        #expect(try ground.subnet == ground.cloud.networking.subnet(ground.subnet.id, as: TestCloud.admin))
    }

    /// Moves ends, splits, joins, swaps, adds or removes; what overlaps then is left out, and something is left.
    private static func edited(
        _ pools: [ClosedRange<Int>], using generator: inout SeededGenerator
    ) -> [ClosedRange<Int>] {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        var changed = pools
        let index = number(0...pools.count - 1)
        let pool = pools[index]
        switch number(0...6) {
        case 0: changed[index] = number(0...pool.upperBound)...pool.upperBound
        case 1: changed[index] = pool.lowerBound...number(pool.lowerBound...63)
        case 2 where pool.count > 2:
            let middle = number(pool.lowerBound + 1...pool.upperBound - 1)
            changed[index] = middle + number(0...1)...pool.upperBound
            changed.insert(pool.lowerBound...middle - 1, at: number(0...pools.count))
        case 3: changed.shuffle(using: &generator)
        case 4:
            let first = number(0...63)
            changed.append(first...number(first...63))
        case 5: changed.remove(at: index)
        default:
            let first = number(0...63)
            changed = [first...number(first...63)] + pools
        }
        let kept = changed.reduce(into: [ClosedRange<Int>]()) { kept, pool in
            if !kept.contains(where: { $0.overlaps(pool) }) { kept.append(pool) }
        }
        return kept.isEmpty ? [20...30] : kept
    }

    @Test func `a row stays with the pool that keeps most of its addresses`() throws {
        var ground = try Ground("10.0.0.0/24", base: "10.0.0.0")
        try ground.save([10...20, 30...40])
        let (low, high) = (ground.subnet.pools[0].id, ground.subnet.pools[1].id)
        try ground.save([30...40, 10...20])
        #expect(ground.subnet.pools.map(\.id) == [high, low])
        try ground.save([10...13, 14...20, 25...50])
        #expect(ground.subnet.pools[1...].map(\.id) == [low, high])
        #expect(![low, high].contains(ground.subnet.pools[0].id))
        try ground.save([12...42])
        #expect(ground.subnet.pools.map(\.id) == [high])
    }

    @Test func `moving an end takes as many statements whatever ports have of the pool`() throws {
        func statements(ports: Int) throws -> Int {
            let recorder = StatementRecorder()
            var ground = try Ground("10.0.0.0/22", base: "10.0.0.0", recorder: recorder)
            try ground.save([10...600])
            for index in 0..<ports { try ground.take(20 + 2 * index) }
            let before = recorder.runs
            try ground.save([11...601])
            let runs = recorder.runs - before
            #expect(try ground.cloud.database.scans(in: recorder) == [])
            return runs
        }
        #expect(try statements(ports: 200) == statements(ports: 0))
    }
}
