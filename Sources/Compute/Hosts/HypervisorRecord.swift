public import ComputeHost

/// One line of the hypervisors' page.
public struct HypervisorRecord: Sendable {
    /// As in `Instance.host`.
    public let host: String
    /// What runs there, and why that.
    public let identity: HypervisorIdentity
    /// Its service, with zone, status and state.
    public let service: ServiceRecord
    /// What the host last said of itself; nil when it has never answered.
    public let capacity: HostCapacity?
    /// What the instances that exist were promised, whether they run or not.
    public let promised: HostResources
    /// How far it may be promised away.
    public let ratios: AllocationRatios
}

extension HypervisorRecord {
    /// `kvm`, `qemu`, `test` or `simulated`.
    public var domainType: String { identity.domainType }
    /// Why this hypervisor was chosen, for administrators.
    public var reason: String { identity.reason }
    /// What the host has; nil when it has never answered.
    public var total: HostResources? { capacity.map { HostResources($0) } }
    /// Guests that ran there when the host last answered; nil when it has never answered.
    public var runningGuests: Int? { capacity?.runningDomains }
    /// What may be promised of it, with the ratios; nil when it has never answered.
    public var limit: HostResources? {
        total.map { total in
            HostResources(
                vcpus: Int(Double(total.vcpus) * ratios.cpu), memoryMiB: Int(Double(total.memoryMiB) * ratios.memory),
                diskGiB: Int(Double(total.diskGiB) * ratios.disk))
        }
    }
}
