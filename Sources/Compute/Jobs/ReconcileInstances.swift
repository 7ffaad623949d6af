import ComputeHost
import Database
import Logging
import Networking
import ServiceCore

/// Compares rows with hosts, at start and every minute, and mends what differs: work nobody is doing gets its job
/// again, power states are observed, and what a host has of ours without a row is removed. Foreign domains are never
/// listed by a host, so they are never touched.
struct ReconcileInstances: JobHandler {
    let kind = "compute.reconcile"
    let period: Duration? = .seconds(60)
    let work: InstanceWork

    func run(_ job: Job) throws {
        try resumeWork()
        try markStranded()
        for host in work.hosts.hosts {
            guard let services = work.hosts.services(on: host) else { continue }
            do {
                try reconcile(host, services)
            } catch {
                work.log.warning("a host could not be compared", metadata: ["host": "\(host)", "error": "\(error)"])
            }
        }
    }

    /// Gives every instance that is between two states a job, when it has none.
    private func resumeWork() throws {
        let unsettled = try work.database.read { try work.lifecycle.instances.unsettled(in: $0) }
        for instance in unsettled {
            let resource = InstanceLifecycle.resource(instance.id)
            guard let job = instance.state.job, try work.lifecycle.jobs.pending(resource: resource).isEmpty else {
                continue
            }
            work.log.notice(
                "work on an instance is resumed", metadata: ["instance": "\(instance.id)", "job": "\(job.rawValue)"])
            try work.database.write { transaction in
                try work.lifecycle.enqueue(
                    job, for: instance.id, requestID: RequestContext.newRequestID(), in: transaction)
            }
        }
    }

    /// Says so on instances whose host is no longer configured: nobody knows what they do.
    private func markStranded() throws {
        let used = try work.database.read { try work.lifecycle.instances.useByHost(in: $0) }
        for host in used.keys.sorted() where work.hosts.services(on: host) == nil {
            try work.database.write { transaction in
                for instance in try work.lifecycle.instances.onHost(host, in: transaction)
                where instance.powerState != .noState {
                    try work.lifecycle.update(instance, in: transaction) {
                        $0.powerState = .noState
                        $0.note = Message("The instance's host is not part of this cloud any more.")
                    }
                }
            }
        }
    }

    private func reconcile(_ host: String, _ services: HostServices) throws {
        // The host before the rows: whatever the host has now had its row before.
        let domains = try services.hypervisor.domains()
        let directories = try services.disks.instances()
        let rows = try work.database.read { try work.lifecycle.instances.onHost(host, in: $0) }
        let statuses = Dictionary(domains.map { ($0.instanceID, $0) }) { first, _ in first }
        let power = PowerSynchronization(work: work)
        for row in rows {
            if let status = statuses[row.id.text] {
                _ = try power.apply(status, to: row, isSimulated: services.hypervisor.identity.isSimulated)
            } else {
                // A list may miss a domain that could not be read for a moment; its absence must be certain.
                try power.synchronize(row.id)
            }
        }
        for id in Set(statuses.keys).union(directories).sorted() where try isLeftOver(ID(id), on: host) {
            work.log.notice(
                "something without an instance is removed", metadata: ["instance": "\(id)", "host": "\(host)"])
            try services.hypervisor.undefine(id)
            try services.disks.deleteInstance(id)
            if try !isElsewhere(ID(id)) { try work.networking.releasePorts(instanceID: id) }
        }
    }

    /// Nothing of a deleted instance, of a failed build, or of an instance that lives on another host, or shelved on
    /// none, should be here. A row names its host before anything is made there.
    private func isLeftOver(_ id: ID<Instance>, on host: String) throws -> Bool {
        guard let instance = try find(id) else { return true }
        return isGone(instance) || instance.host != host
    }

    /// Whether the instance exists all the same, so that its addresses are its own.
    private func isElsewhere(_ id: ID<Instance>) throws -> Bool { try find(id).map { !isGone($0) } ?? false }

    private func isGone(_ instance: Instance) -> Bool {
        instance.state.vm == .deleted || instance.state == InstanceState(.error) && instance.launchedAt == nil
    }

    private func find(_ id: ID<Instance>) throws -> Instance? {
        try work.database.read { try work.lifecycle.instances.find(id, in: $0) }
    }
}

extension InstanceState {
    /// The work that leads out of this state; nil when it is settled.
    var job: InstanceJob? {
        switch task {
        case .deleting: .delete
        case _ where vm == .building: .build
        case .poweringOn: .start
        case .poweringOff: .stop
        case .rebooting, .rebootingHard: .reboot
        case .pausing: .pause
        case .unpausing: .unpause
        case .suspending: .suspend
        case .resuming: .resume
        case .rescuing: .rescue
        case .unrescuing: .unrescue
        case .resizePrep, .resizeMigrating, .resizeFinish: .resize
        case .resizeConfirming: .confirmResize
        case .resizeReverting: .revertResize
        case .rebuilding, .rebuildBlockDeviceMapping, .rebuildSpawning: .rebuild
        case .imageSnapshot, .imageUploading: .snapshot
        case .shelving, .shelvingImageUploading, .shelvingOffloading: .shelve
        case .unshelving, .spawning: .unshelve
        case nil, .scheduling, .networking, .blockDeviceMapping: nil
        }
    }
}
