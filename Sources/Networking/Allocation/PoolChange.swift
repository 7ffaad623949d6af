import ServiceCore

/// What turns the pools of a subnet into others: which rows stay, with which ends, which are new and which go.
struct PoolChange {
    /// A pool that is to be.
    struct Step {
        let pool: AllocationPool
        /// The addresses its row has now; nil for a new row.
        let before: AddressRange?
    }

    /// In the order the pools are to have.
    let steps: [Step]
    /// Rows nothing is made of.
    let gone: [AllocationPool]

    /// A range takes the row of the pool it has most addresses in common with, so that of what is known about free
    /// addresses as much as possible stays; a row is taken once.
    init(from current: [AllocationPool], to ranges: [AddressRange]) {
        let heirs = Self.heirs(of: current, among: ranges)
        steps = ranges.enumerated().map { index, range in
            guard let pool = heirs[index].map({ current[$0] }) else {
                return Step(pool: AllocationPool(id: .random(), range: range), before: nil)
            }
            return Step(pool: AllocationPool(id: pool.id, range: range), before: pool.range)
        }
        let kept = Set(heirs.values)
        gone = current.indices.filter { !kept.contains($0) }.map { current[$0] }
    }

    /// Which pool's row each range takes, by their indices.
    private static func heirs(of current: [AllocationPool], among ranges: [AddressRange]) -> [Int: Int] {
        var pairs: [(shared: UInt128, range: Int, pool: Int)] = []
        for (range, wanted) in ranges.enumerated() {
            for (pool, present) in current.enumerated() {
                guard let shared = wanted.intersection(present.range)?.count else { continue }
                pairs.append((shared, range, pool))
            }
        }
        pairs.sort { ($1.shared, $0.range, $0.pool) < ($0.shared, $1.range, $1.pool) }
        var (heirs, taken) = ([Int: Int](), Set<Int>())
        for pair in pairs where heirs[pair.range] == nil && taken.insert(pair.pool).inserted {
            heirs[pair.range] = pair.pool
        }
        return heirs
    }
}
