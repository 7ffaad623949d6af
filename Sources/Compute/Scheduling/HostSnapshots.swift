import ComputeHost
import ServiceCore

/// What the scheduler needs to know of every host, asked from the hosts themselves.
struct HostSnapshots {
    let work: InstanceWork

    /// One snapshot for each host, nothing promised yet. A host that does not answer is down.
    func read() -> [HostSnapshot] {
        work.hosts.hosts.map { name in
            var snapshot = HostSnapshot(
                name: name, availabilityZone: work.configuration.availabilityZone, isUp: false,
                total: HostResources(vcpus: 0, memoryMiB: 0, diskGiB: 0),
                used: HostResources(vcpus: 0, memoryMiB: 0, diskGiB: 0))
            if let capacity = try? work.hosts.services(on: name)?.hypervisor.capacity() {
                snapshot.isUp = true
                snapshot.total = HostResources(
                    vcpus: capacity.vcpus, memoryMiB: capacity.memoryMiB, diskGiB: capacity.diskGiB)
            }
            return snapshot
        }
    }
}

extension HostSnapshot {
    /// The host with what the rows say it has promised.
    func using(_ used: HostResources?) -> HostSnapshot {
        var snapshot = self
        if let used { snapshot.used = used }
        return snapshot
    }
}
