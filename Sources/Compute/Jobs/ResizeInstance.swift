import ComputeHost
import Database
import ServiceCore

/// Gives a guest another size on its host and keeps the disk as it was, until the owner has decided.
struct ResizeInstance: InstanceJobHandler {
    let kind = InstanceJob.resize.rawValue
    let work: InstanceWork
    let ratios: AllocationRatios

    var failureMessage: Message { Message("The instance could not be resized.") }

    func isWanted(in state: InstanceState) -> Bool {
        switch state.task {
        case .resizePrep, .resizeMigrating, .resizeFinish: true
        default: false
        }
    }

    func perform(_ instance: Instance, _ job: Job) throws {
        let disks = try work.services(of: instance).disks
        switch instance.state.task {
        case .resizePrep:
            try requireRoom(instance)
            // A copy from an earlier resize that went wrong must not be mistaken for this one's.
            try disks.dropKeptDisk(of: instance.id.text)
            try finish(instance, .resizePrepared, job) { _ in }
        case .resizeMigrating:
            try GuestStop(work: work).stop(instance)
            try disks.keepDisk(of: instance.id.text)
            try finish(instance, .diskKept, job) { $0.powerState = .shutdown }
        default:
            try grow(instance, disks, job)
        }
    }

    /// The request has claimed what the new size needs; the host may not have it.
    private func requireRoom(_ instance: Instance) throws {
        guard let host = instance.host,
            let snapshot = try HostSnapshots(work: work).read().first(where: { $0.name == host }), snapshot.isUp
        else { throw ServiceError.unavailable(Message("The host does not answer.")) }
        let used = try work.database.read { try work.lifecycle.instances.useByHost(in: $0) }
        let missing = snapshot.using(used[host]).shortage(ratios, ofGrowing: instance.flavor.claim, to: instance.claim)
        guard !missing.isEmpty else { return }
        throw InstanceFailure(
            Message("The host has no room for the new size."), code: 409,
            remedy: Message("Choose a smaller flavor, or delete instances that are no longer needed."),
            details: "\(host): " + missing.joined(separator: ", "))
    }

    private func grow(_ instance: Instance, _ disks: any DiskBackend, _ job: Job) throws {
        let extra = try work.extra(of: instance)
        guard let flavor = extra.newFlavor else {
            throw InstanceFailure(failureMessage, details: "no flavor was chosen")
        }
        var resized = instance
        resized.flavor = flavor
        let isOn = try work.services(of: instance).hypervisor.status(of: instance.id.text)?.power == .running
        if !isOn {
            try disks.keepDisk(of: instance.id.text)
            if flavor.diskGiB > instance.flavor.diskGiB {
                try disks.growDisk(of: instance.id.text, toGiB: flavor.diskGiB)
            }
        }
        let status = try GuestStart(work: work).resume(resized, wasRunning: extra.wasRunning)
        try finish(instance, .resized, job) {
            $0.flavor = flavor
            if let status { $0.take(status) }
        }
    }

    /// Back to the old size, with the disk as it was.
    func takeBack(_ instance: Instance) throws {
        guard instance.state.task != .resizePrep else { return }
        let host = try work.services(of: instance)
        if instance.state.task == .resizeFinish {
            try host.hypervisor.powerOff(instance.id.text)
            try host.disks.restoreKeptDisk(of: instance.id.text)
        }
        let wasRunning = try work.extra(of: instance).wasRunning
        _ = try GuestStart(work: work).resume(instance, wasRunning: wasRunning)
    }

    func forget(_ extra: inout InstanceExtra) { extra.forgetResize() }

    func settle(_ instance: inout Instance, _ extra: InstanceExtra) { instance.claim = instance.flavor.claim }
}

/// Keeps the new size and lets the old disk go.
struct ConfirmResize: InstanceJobHandler {
    let kind = InstanceJob.confirmResize.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The resize could not be confirmed.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .resizeConfirming }

    func perform(_ instance: Instance, _ job: Job) throws {
        let host = try work.services(of: instance)
        let status = try host.hypervisor.status(of: instance.id.text)
        // Last: an instance without the copy cannot be reverted any more.
        try host.disks.dropKeptDisk(of: instance.id.text)
        try endResize(instance, .resizeConfirmed, job, status, flavor: instance.flavor)
    }
}

/// Takes the old size and the old disk back. What the guest wrote since the resize is lost.
struct RevertResize: InstanceJobHandler {
    let kind = InstanceJob.revertResize.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The resize could not be reverted.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .resizeReverting }

    func perform(_ instance: Instance, _ job: Job) throws {
        let host = try work.services(of: instance)
        let extra = try work.extra(of: instance)
        var reverted = instance
        reverted.flavor = extra.oldFlavor ?? instance.flavor
        try host.hypervisor.powerOff(instance.id.text)
        try GuestStart(work: work).define(reverted)
        try host.disks.restoreKeptDisk(of: instance.id.text)
        // The old disk is back: a guest that does not start now is one that is shut off, not one to revert.
        var status: DomainStatus?
        var fault: InstanceFailure?
        if extra.wasRunning == true {
            do {
                status = try host.hypervisor.start(instance.id.text)
            } catch {
                let failure = InstanceFailure.classify(error, Message("The instance could not be started."))
                guard let failure = failure as? InstanceFailure else { throw failure }
                fault = failure
            }
        }
        try endResize(instance, .resizeReverted, job, status, flavor: reverted.flavor, fault: fault)
    }
}

extension InstanceJobHandler {
    /// The instance has one size again, and runs or not.
    fileprivate func endResize(
        _ instance: Instance, _ event: InstanceEvent, _ job: Job, _ status: DomainStatus?, flavor: InstanceFlavor,
        fault: InstanceFailure? = nil
    ) throws {
        let isOn = status.map { !$0.power.isOff } ?? false
        try work.commit(instance) { transaction, current in
            let lifecycle = work.lifecycle
            try lifecycle.extras.update(current.id, in: transaction) { $0.forgetResize() }
            let active = try lifecycle.apply(event, to: current, requestID: job.requestID, in: transaction) {
                $0.flavor = flavor
                $0.claim = flavor.claim
                $0.powerState = .shutdown
                if let status { $0.take(status) }
            }
            if !isOn {
                try lifecycle.apply(.powerObserved(.off), to: active, requestID: job.requestID, in: transaction)
            }
            if let fault {
                try lifecycle.instances.setFault(
                    fault.fault(at: work.clock.now()), of: current.id, in: transaction)
            }
        }
    }
}

extension InstanceExtra {
    fileprivate mutating func forgetResize() {
        oldFlavor = nil
        newFlavor = nil
        wasRunning = nil
    }
}

extension GuestStart {
    /// Defines a guest and starts it, when it ran before.
    fileprivate func resume(_ instance: Instance, wasRunning: Bool?) throws -> DomainStatus? {
        if wasRunning == true { return try start(instance) }
        try define(instance)
        return nil
    }
}

extension HostSnapshot {
    /// What the host is short of, its promises being what they are; what did not grow is nobody's fault now.
    fileprivate func shortage(
        _ ratios: AllocationRatios, ofGrowing old: HostResources, to new: HostResources
    ) -> [String] {
        func missing(_ what: String, _ path: KeyPath<HostResources, Int>, _ ratio: Double) -> String? {
            let all = Int(Double(total[keyPath: path]) * ratio)
            guard new[keyPath: path] > old[keyPath: path], used[keyPath: path] > all else { return nil }
            return "\(what): promised \(used[keyPath: path]) of \(all)"
        }
        return [
            missing("vCPUs", \.vcpus, ratios.cpu), missing("MB of memory", \.memoryMiB, ratios.memory),
            missing("GB of disk", \.diskGiB, ratios.disk),
        ].compactMap(\.self)
    }
}
