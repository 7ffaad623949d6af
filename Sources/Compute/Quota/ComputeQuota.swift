/// How many instances, virtual processors and MiB of memory: as a limit, as use, or as what a launch would add.
public struct ComputeResources: Hashable, Sendable {
    /// Instances, whatever they do.
    public var instances: Int
    /// Virtual processors.
    public var cores: Int
    /// Memory in MiB.
    public var memoryMiB: Int

    /// Makes an amount.
    public init(instances: Int, cores: Int, memoryMiB: Int) {
        self.instances = instances
        self.cores = cores
        self.memoryMiB = memoryMiB
    }

    /// nova's defaults (nova/conf/quota.py).
    public static let defaultLimits = ComputeResources(instances: 10, cores: 20, memoryMiB: 51_200)

    /// What `count` instances of a flavor take.
    public init(_ flavor: Flavor, count: Int) {
        self.init(instances: count, cores: flavor.vcpus * count, memoryMiB: flavor.memoryMiB * count)
    }
}

/// A project's limits and what it uses of them now; a limit of −1 is no limit.
public struct ComputeQuota: Hashable, Sendable {
    /// What the project may have.
    public let limits: ComputeResources
    /// What it has.
    public let used: ComputeResources

    /// One resource that a request would take past its limit.
    public struct Excess: Hashable, Sendable {
        /// nova's name: `instances`, `cores`, `ram`.
        public let resource: String
        /// What the project may have.
        public let limit: Int
        /// What it has.
        public let used: Int
        /// What was asked for on top.
        public let requested: Int
    }

    /// Everything that adding `request` would overrun; empty when there is room.
    public func excess(adding request: ComputeResources) -> [Excess] {
        let resources: [(String, KeyPath<ComputeResources, Int>)] = [
            ("instances", \.instances), ("cores", \.cores), ("ram", \.memoryMiB),
        ]
        return resources.compactMap { name, path in
            let limit = limits[keyPath: path]
            guard limit >= 0, used[keyPath: path] + request[keyPath: path] > limit else { return nil }
            return Excess(
                resource: name, limit: limit, used: used[keyPath: path], requested: request[keyPath: path])
        }
    }

    /// How many more instances of a flavor there is room for.
    public func room(for flavor: Flavor) -> Int {
        func left(_ path: KeyPath<ComputeResources, Int>, _ each: Int) -> Int {
            limits[keyPath: path] < 0 || each == 0
                ? Int.max : max(0, limits[keyPath: path] - used[keyPath: path]) / each
        }
        return min(left(\.instances, 1), left(\.cores, flavor.vcpus), left(\.memoryMiB, flavor.memoryMiB))
    }
}
