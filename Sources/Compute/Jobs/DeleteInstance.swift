import ComputeHost
import Database
import Images
import Logging
import Networking
import ServiceCore

/// Takes away everything of an instance: domain, files, ports, images that were only its own; then the row is marked and
/// its quota is free.
struct DeleteInstance: InstanceJobHandler {
    let kind = InstanceJob.delete.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be deleted.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .deleting }

    func perform(_ instance: Instance, _ job: Job) throws {
        let extra = try work.extra(of: instance)
        do {
            try work.clearHost(of: instance)
        } catch {
            guard extra.isForced == true else { throw error }
            // The reconciler removes what has no instance, as soon as the host can be asked.
            work.log.warning(
                "a forced delete leaves something on its host",
                metadata: ["instance": "\(instance.id)", "host": "\(instance.host ?? "")", "cause": "\(error)"])
        }
        try work.networking.releasePorts(instanceID: instance.id.text)
        try DiskSnapshot(work: work, instance: instance).discard()
        if let image = extra.shelvedImageID { try work.images.removeSnapshot(ID(image)) }
        try finish(instance, .domainGone, job) { $0.powerState = .noState }
    }
}

/// Takes away what was left: of a failed build, because the host did not answer then; the image of an instance that has
/// been unshelved.
struct CleanUpInstance: JobHandler {
    let kind = InstanceJob.cleanUp.rawValue
    let work: InstanceWork

    func run(_ job: Job) throws {
        guard let instance = try work.instance(of: job) else { return }
        do {
            try removeShelvedImage(of: instance)
            guard instance.state == InstanceState(.error), instance.launchedAt == nil else { return }
            try work.removeTraces(of: instance)
        } catch {
            throw InstanceFailure.classify(error, Message("What a failed build left could not be removed."))
        }
    }

    private func removeShelvedImage(of instance: Instance) throws {
        switch instance.state.vm {
        case .shelved, .shelvedOffloaded, .deleted: return
        default: break
        }
        guard let image = try work.extra(of: instance).shelvedImageID else { return }
        try work.images.removeSnapshot(ID(image))
        try work.database.write { transaction in
            try work.lifecycle.extras.update(instance.id, in: transaction) { $0.shelvedImageID = nil }
        }
    }
}
