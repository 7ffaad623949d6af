import ComputeHost
import Database
import ServiceCore

/// What the scheduler needs to know of every host, in two steps: what only the hosts can say, and what rows say at the
/// moment of the decision.
struct HostSnapshots {
    let work: InstanceWork
    private let nodes = ComputeNodeStore()
    private let services = ServiceStore()
    private let aggregates = AggregateStore()

    init(work: InstanceWork) { self.work = work }

    /// One snapshot for each host, nothing promised yet. A host that was heard of lately is not asked again: a launch
    /// must not wait for a hundred of them. One that does not answer is down. May block.
    func read() throws -> [HostSnapshot] {
        let known = try work.database.read { try nodes.all(in: $0) }
        let oldest = work.clock.now().adding(seconds: -Int64(ServiceRecord.heartbeatSeconds * 3 / 2))
        return work.hosts.hosts.compactMap { name in
            guard let hypervisor = work.hosts.services(on: name)?.hypervisor else { return nil }
            var snapshot = HostSnapshot(
                name: name, availabilityZone: work.configuration.availabilityZone, isUp: false, total: .none,
                used: .none)
            snapshot.architectures = hypervisor.identity.architectures
            snapshot.hypervisorTypes = hypervisor.identity.hypervisorTypes
            if let node = known[name], node.updatedAt >= oldest {
                snapshot.isUp = true
                snapshot.total = node.total
            } else if let capacity = try? hypervisor.capacity() {
                snapshot.isUp = true
                snapshot.total = HostResources(capacity)
            }
            return snapshot
        }
    }

    /// The same hosts with zone, aggregates, service and promises as the rows have them now.
    func completed(_ hosts: [HostSnapshot], in transaction: borrowing Transaction) throws -> [HostSnapshot] {
        let used = try work.lifecycle.instances.useByHost(in: transaction)
        let disabled = try services.disabledHosts(in: transaction)
        let properties = try aggregates.properties(in: transaction)
        return hosts.map { host in
            var host = host.using(used[host.name])
            host.disabledReason = disabled[host.name]
            if let properties = properties[host.name] {
                host.properties = properties
                if let zone = properties[Aggregate.zoneKey]?.first { host.availabilityZone = zone }
            }
            return host
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

extension HypervisorIdentity {
    /// What can run guests here. kvm's emulator runs guests without kvm too; a host that pretends, pretends to have all.
    var hypervisorTypes: [String] {
        switch domainType {
        case "kvm": ["kvm", "qemu"]
        case "simulated": ["simulated", "qemu", "kvm"]
        default: [domainType]
        }
    }
}

extension HostResources {
    init(_ capacity: HostCapacity) {
        self.init(vcpus: capacity.vcpus, memoryMiB: capacity.memoryMiB, diskGiB: capacity.diskGiB)
    }
}
