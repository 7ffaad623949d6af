/// Who a hypervisor is and why it was chosen.
public struct HypervisorIdentity: Codable, Hashable, Sendable {
    /// The name under which the host appears in the services and in `Instance.host`.
    public var hostname: String
    /// The address it is reached by, such as `qemu:///system`; `simulated` for the in-memory host.
    public var uri: String
    /// `qemu`, `test` or `simulated`.
    public var driver: String
    /// The type new domains get: `kvm`, `qemu`, `test` or `simulated`.
    public var domainType: String
    /// One sentence: why this hypervisor and this type.
    public var reason: String
    /// What guests can have as their processor: `x86_64`, … The emulator that is used is that of one.
    public var architectures = ["x86_64", "i686"]
    /// Nothing runs: instances are only pretended.
    public var isSimulated: Bool { driver == "simulated" }

    /// Takes each value as it is.
    public init(hostname: String, uri: String, driver: String, domainType: String, reason: String) {
        self.hostname = hostname
        self.uri = uri
        self.driver = driver
        self.domainType = domainType
        self.reason = reason
    }
}

/// What a host has and how much of it is in use, with the units of nova's compute node table.
public struct HostCapacity: Codable, Hashable, Sendable {
    /// Processors of the host.
    public var vcpus: Int
    /// Virtual processors of the guests that run.
    public var vcpusUsed: Int
    /// Memory of the host.
    public var memoryMiB: Int
    /// Memory of the guests that run.
    public var memoryMiBUsed: Int
    /// Size of the file system that holds the instances.
    public var diskGiB: Int
    /// What of it is in use, by anything.
    public var diskGiBUsed: Int
    /// Guests that run.
    public var runningDomains: Int
    /// `QEMU`, `test` or `simulated`.
    public var hypervisorType: String
    /// major × 1,000,000 + minor × 1,000 + release, as libvirt counts.
    public var hypervisorVersion: Int

    /// Takes each value as it is.
    public init(
        vcpus: Int, vcpusUsed: Int, memoryMiB: Int, memoryMiBUsed: Int, diskGiB: Int, diskGiBUsed: Int,
        runningDomains: Int, hypervisorType: String, hypervisorVersion: Int
    ) {
        self.vcpus = vcpus
        self.vcpusUsed = vcpusUsed
        self.memoryMiB = memoryMiB
        self.memoryMiBUsed = memoryMiBUsed
        self.diskGiB = diskGiB
        self.diskGiBUsed = diskGiBUsed
        self.runningDomains = runningDomains
        self.hypervisorType = hypervisorType
        self.hypervisorVersion = hypervisorVersion
    }
}
