public import ComputeHost

/// One line of the hypervisors' page.
public struct HypervisorRecord: Sendable {
    /// As in `Instance.host`.
    public let host: String
    /// What runs there, and why that.
    public let identity: HypervisorIdentity
    /// Nil when the host does not answer.
    public let capacity: HostCapacity?
    /// What the instances that exist were promised, whether they run or not.
    public let promised: HostResources
}

extension HypervisorRecord {
    /// `kvm`, `qemu`, `test` or `simulated`.
    public var domainType: String { identity.domainType }
    /// Why this hypervisor was chosen, for administrators.
    public var reason: String { identity.reason }
    /// What the host has; nil when it does not answer.
    public var total: HostResources? {
        capacity.map { HostResources(vcpus: $0.vcpus, memoryMiB: $0.memoryMiB, diskGiB: $0.diskGiB) }
    }
}
