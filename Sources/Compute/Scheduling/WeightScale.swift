/// How much each weigher counts (nova: ram_weight_multiplier and its sisters).
public struct WeightMultipliers: Hashable, Sendable {
    /// Free memory; positive spreads instances, negative stacks them.
    public var memory: Double
    /// Free processors.
    public var cpu: Double
    /// Free disk.
    public var disk: Double
    /// Members of a group with a soft policy. More than all the others together: whoever asks for such a policy means it.
    /// nova's value of 1 lets any difference in free memory, processors and disk outweigh it.
    public var softAffinity: Double

    /// Makes multipliers.
    public init(memory: Double = 1, cpu: Double = 1, disk: Double = 1, softAffinity: Double = 10) {
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.softAffinity = softAffinity
    }
}

/// Weighs the hosts that were accepted. Each weigher's values are spread over 0…1, so that megabytes do not outweigh
/// processors; when all are equal the weigher says nothing.
struct WeightScale {
    private let group: GroupRequirement?
    private var memory = Values()
    private var cpu = Values()
    private var disk = Values()
    private var soft = Values()

    init(_ group: GroupRequirement?) {
        self.group = group.flatMap { $0.policy.isSoft ? $0 : nil }
    }

    mutating func add(_ room: HostResources, _ host: String) {
        memory.add(room.memoryMiB)
        cpu.add(room.vcpus)
        disk.add(room.diskGiB)
        guard let group else { return }
        let members = group.members[host] ?? 0
        soft.add(group.policy == .softAffinity ? members : -members)
    }

    /// The weight of the host that was added as the `index`th, once all have been added.
    func weight(_ index: Int, _ multipliers: WeightMultipliers) -> Double {
        var weight = memory.share(index) * multipliers.memory
        weight += cpu.share(index) * multipliers.cpu
        weight += disk.share(index) * multipliers.disk
        if group != nil { weight += soft.share(index) * multipliers.softAffinity }
        return weight
    }

    private struct Values {
        private var values: [Int] = []
        private var least = Int.max
        private var most = Int.min

        mutating func add(_ value: Int) {
            values.append(value)
            least = min(least, value)
            most = max(most, value)
        }

        func share(_ index: Int) -> Double {
            most > least ? Double(values[index] - least) / Double(most - least) : 0
        }
    }
}
