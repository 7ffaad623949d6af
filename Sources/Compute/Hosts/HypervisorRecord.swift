public import ComputeHost
public import ServiceCore

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
    /// The UUID that newer clients know it by (microversion 2.53), and its resource provider in placement. As in nova it
    /// is not that of the service that reports for it; made of that one, it stays for as long.
    public var id: ID<HypervisorRecord> { ID(DerivedIdentifier.uuid(of: "hypervisor", in: service.id.text)) }
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

extension HypervisorRecord {
    /// What a host has and what was promised of it, in nova's units.
    public struct Use: Sendable, Hashable {
        /// Processors.
        public let vcpus: Int
        /// Virtual processors that were promised.
        public let vcpusUsed: Int
        /// Memory in MiB.
        public let memoryMiB: Int
        /// Memory that was promised, in MiB.
        public let memoryMiBUsed: Int
        /// Disk in GiB.
        public let diskGiB: Int
        /// Disk that was promised, in GiB.
        public let diskGiBUsed: Int
        /// Guests that run.
        public let guests: Int
    }

    /// Nothing of a host that has never answered.
    public var use: Use {
        Use(
            vcpus: total?.vcpus ?? 0, vcpusUsed: promised.vcpus, memoryMiB: total?.memoryMiB ?? 0,
            memoryMiBUsed: promised.memoryMiB, diskGiB: total?.diskGiB ?? 0, diskGiBUsed: promised.diskGiB,
            guests: runningGuests ?? 0)
    }

    /// The hypervisor's name and the number of its version.
    public var capacityText: (type: String, version: Int) {
        (capacity?.hypervisorType ?? identity.driver, capacity?.hypervisorVersion ?? 0)
    }

    /// How often each resource may be promised: processors, memory, disk.
    public var allocationRatios: (cpu: Double, memory: Double, disk: Double) {
        (ratios.cpu, ratios.memory, ratios.disk)
    }
}
