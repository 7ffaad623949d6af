import ComputeHost
import ServiceCore

/// Takes away everything of an instance: domain, files, ports; then the row is marked and its quota is free.
struct DeleteInstance: InstanceJobHandler {
    let kind = InstanceJob.delete.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be deleted.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .deleting }

    func perform(_ instance: Instance, _ job: Job) throws {
        try work.removeTraces(of: instance)
        try finish(instance, .domainGone, job) { $0.powerState = .noState }
    }
}

/// Takes away what a failed build left, because the host did not answer then.
struct CleanUpInstance: JobHandler {
    let kind = InstanceJob.cleanUp.rawValue
    let work: InstanceWork

    func run(_ job: Job) throws {
        guard let instance = try work.instance(of: job), instance.state == InstanceState(.error),
            instance.launchedAt == nil
        else { return }
        do {
            try work.removeTraces(of: instance)
        } catch {
            throw InstanceFailure.classify(error, Message("What a failed build left could not be removed."))
        }
    }
}
