/// What the scheduler knows of a host when it decides.
public struct HostSnapshot: Hashable, Sendable {
    /// As in `Instance.host`.
    public var name: String
    /// The zone the host belongs to.
    public var availabilityZone: String
    /// Whether it answers.
    public var isUp: Bool
    /// Why an administrator took it out of service, empty when they did not say; nil when it is in service.
    public var disabledReason: String?
    /// What it has.
    public var total: HostResources
    /// Promised to instances, whether they run or not.
    public var used: HostResources
    /// The metadata of all aggregates the host is in.
    public var properties: [String: Set<String>] = [:]
    /// What guests see as their processor.
    public var architectures: [String] = ["x86_64", "i686"]
    /// What can run guests here: kvm, qemu, …
    public var hypervisorTypes: [String] = ["qemu"]

    /// Makes a snapshot; unless said otherwise, of a host in service.
    public init(
        name: String, availabilityZone: String = "nova", isUp: Bool = true, disabledReason: String? = nil,
        total: HostResources, used: HostResources
    ) {
        self.name = name
        self.availabilityZone = availabilityZone
        self.isUp = isUp
        self.disabledReason = disabledReason
        self.total = total
        self.used = used
    }

    /// What may still be promised; negative when more was promised than may be.
    func room(_ ratios: AllocationRatios) -> HostResources {
        HostResources(
            vcpus: Int(Double(total.vcpus) * ratios.cpu) - used.vcpus,
            memoryMiB: Int(Double(total.memoryMiB) * ratios.memory) - used.memoryMiB,
            diskGiB: Int(Double(total.diskGiB) * ratios.disk) - used.diskGiB)
    }
}

/// How far a host may be promised away beyond what it has (nova: cpu_allocation_ratio and its sisters, with the values
/// nova had before placement).
public struct AllocationRatios: Hashable, Sendable {
    /// Virtual processors for each processor.
    public var cpu: Double
    /// Promised memory for each MiB.
    public var memory: Double
    /// Promised disk for each GiB.
    public var disk: Double

    /// Makes ratios; the default values are nova's.
    public init(cpu: Double = 16, memory: Double = 1.5, disk: Double = 1) {
        self.cpu = cpu
        self.memory = memory
        self.disk = disk
    }
}

/// Processors, memory and disk of a host, in all or in use.
public struct HostResources: Hashable, Sendable {
    /// Processors.
    public var vcpus: Int
    /// Memory in MiB.
    public var memoryMiB: Int
    /// Disk in GiB.
    public var diskGiB: Int

    /// Makes an amount.
    public init(vcpus: Int, memoryMiB: Int, diskGiB: Int) {
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
    }

    /// Nothing.
    public static let none = HostResources(vcpus: 0, memoryMiB: 0, diskGiB: 0)
}
