/// Deadlines, cheaply: a ring of slots, each a short stretch of time (Varghese and Lauck, 1987). Pure: it is told the
/// time.
///
/// A deadline is moved by leaving its entry where it is: when the entry comes up, the owner looks whether its deadline
/// has really passed and puts it back if not. So a connection that is busy all the time costs the wheel nothing.
struct TimerWheel<Element> {
    /// Milliseconds a slot stands for.
    let resolution: UInt64
    private var slots: [[Element]]
    /// The tick up to which everything was handed out.
    private var tick: UInt64
    /// No slot before this tick holds anything: where the search for the next one may begin.
    private var earliest: UInt64
    private(set) var count = 0

    init(now: UInt64, resolution: UInt64 = 20, slots: Int = 512) {
        self.resolution = resolution
        self.slots = Array(repeating: [], count: slots)
        tick = now / resolution
        earliest = tick
    }

    /// Hands `element` out once `time` (milliseconds) has passed; earlier when it lies beyond the ring.
    /// - Returns: when it will be handed out, at the earliest.
    @discardableResult
    mutating func schedule(_ element: Element, at time: UInt64) -> UInt64 {
        let wanted = (time + resolution - 1) / resolution
        let due = min(max(wanted, tick + 1), tick + UInt64(slots.count) - 1)
        slots[Int(due % UInt64(slots.count))].append(element)
        earliest = count == 0 ? due : min(earliest, due)
        count += 1
        return due * resolution
    }

    /// What came up since the last call.
    mutating func advance(to now: UInt64) -> [Element] {
        let target = now / resolution
        guard target > tick else { return [] }
        guard count > 0 else {
            tick = target
            return []
        }
        var due: [Element] = []
        // More than one turn behind: every slot once is everything.
        for step in 1...min(target - tick, UInt64(slots.count)) {
            let slot = Int((tick + step) % UInt64(slots.count))
            guard !slots[slot].isEmpty else { continue }
            due += slots[slot]
            // A crowd that came at once leaves its room behind.
            slots[slot].removeAll(keepingCapacity: slots[slot].count <= 64)
        }
        tick = target
        count -= due.count
        return due
    }

    /// Milliseconds until something can come up; nil when the wheel is empty.
    mutating func timeToNext(now: UInt64) -> UInt64? {
        guard count > 0 else { return nil }
        earliest = max(earliest, tick + 1)
        while slots[Int(earliest % UInt64(slots.count))].isEmpty { earliest += 1 }
        let due = earliest * resolution
        return due > now ? due - now : 0
    }
}
