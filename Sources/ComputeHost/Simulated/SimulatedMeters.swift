import Glibc

/// What simulated guests would have used: curves that are the same for the same instance and time, so that there is
/// something to look at.
struct SimulatedMeters {
    /// Stands in for the machine's clock, in milliseconds since 1970-01-01 UTC.
    var now: Int64?
    private var readings: [String: Reading] = [:]

    private struct Reading {
        var total: DomainStatistics
        /// Bytes and requests are counted in fractions, or slow guests would never do anything.
        var rest: [Double] = Array(repeating: 0, count: 5)
    }

    /// The counters of the domains that run. Those of others are forgotten, as a guest that stops begins anew.
    mutating func read(_ domains: [InMemoryHost.Domain]) -> [DomainStatistics] {
        let now = now ?? Self.time()
        let running = domains.filter { $0.power == .running || $0.power == .paused }
        var kept: [String: Reading] = [:]
        for domain in running {
            let id = domain.spec.instanceID
            var reading = readings[id] ?? Reading(total: Self.start(domain.spec, at: now))
            Self.advance(&reading, domain, to: now)
            kept[id] = reading
        }
        readings = kept
        return running.compactMap { kept[$0.spec.instanceID]?.total }
    }

    private static func time() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func start(_ spec: DomainSpec, at now: Int64) -> DomainStatistics {
        var total = DomainStatistics(instanceID: spec.instanceID, takenAt: now, cpuTime: 0, vcpus: spec.vcpus)
        total.disks = [
            DiskStatistics(name: "vda", readBytes: 0, readRequests: 0, writtenBytes: 0, writeRequests: 0)
        ]
        total.interfaces = spec.interfaces.map {
            InterfaceStatistics(
                name: $0.tapName, receivedBytes: 0, receivedPackets: 0, sentBytes: 0, sentPackets: 0)
        }
        return total
    }

    private static func advance(_ reading: inout Reading, _ domain: InMemoryHost.Domain, to now: Int64) {
        let seconds = Double(max(0, now - reading.total.takenAt)) / 1_000
        let isRunning = domain.power == .running
        let curve = SimulatedCurve(instanceID: domain.spec.instanceID, milliseconds: now)
        let load = isRunning ? curve.load : 0
        reading.total.takenAt = now
        reading.total.cpuTime? += UInt64(load * seconds * Double(domain.spec.vcpus) * 1e9)
        let memory = Double(domain.spec.memoryMiB) * 1_024
        let usable = memory * (0.62 - 0.3 * curve.slow)
        reading.total.memory = MemoryStatistics(
            current: UInt64(memory), available: UInt64(memory * 0.96), usable: UInt64(usable),
            unused: UInt64(usable * 0.7), resident: UInt64(memory * (0.7 + 0.2 * curve.slow) + 30_000))
        func count(_ place: Int, _ rate: Double) -> UInt64 {
            let sum = reading.rest[place] + (isRunning ? rate * seconds : 0)
            reading.rest[place] = sum - sum.rounded(.down)
            return UInt64(sum)
        }
        let reads = count(0, 2 + 40 * curve.burst)
        let writes = count(1, 1 + 18 * load)
        reading.total.disks[0].readRequests += reads
        reading.total.disks[0].readBytes += reads * 16_384
        reading.total.disks[0].writeRequests += writes
        reading.total.disks[0].writtenBytes += writes * 8_192
        let received = count(2, 6 + 90 * load)
        let sent = count(3, 5 + 70 * load)
        for index in reading.total.interfaces.indices {
            reading.total.interfaces[index].receivedPackets += received
            reading.total.interfaces[index].receivedBytes += received * 640
            reading.total.interfaces[index].sentPackets += sent
            reading.total.interfaces[index].sentBytes += sent * 1_100
        }
    }
}

/// Numbers from 0 to 1 that rise and fall with the time of day and the minute, each instance in its own way.
private struct SimulatedCurve {
    let load: Double
    let burst: Double
    let slow: Double

    init(instanceID: String, milliseconds: Int64) {
        // FNV-1a: Swift's own hashes differ from run to run.
        let seed = instanceID.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let phase = Double(seed % 6_283) / 1_000
        let share = 0.08 + Double(seed >> 16 % 30) / 100
        let minutes = Double(milliseconds) / 60_000
        let day = 0.5 + 0.5 * sin(minutes / 1_440 * 2 * .pi + phase)
        let hour = 0.5 + 0.5 * sin(minutes / 17 * 2 * .pi + phase * 3)
        let noise = Self.noise(seed ^ UInt64(bitPattern: milliseconds / 10_000))
        slow = day
        burst = noise > 0.93 ? noise : hour * 0.08
        load = min(1, share * (0.35 + 0.65 * day) * (0.6 + 0.4 * hour) + 0.06 * noise + (noise > 0.97 ? 0.35 : 0))
    }

    /// SplitMix64's last step.
    private static func noise(_ number: UInt64) -> Double {
        var mixed = number &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
