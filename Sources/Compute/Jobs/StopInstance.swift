import ComputeHost
import ServiceCore

/// Shuts a guest down. Memory somebody saved by hand is thrown away: the owner asked for an instance that is off.
struct StopInstance: InstanceJobHandler {
    let kind = InstanceJob.stop.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be shut off.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .poweringOff }

    func perform(_ instance: Instance, _ job: Job) throws {
        try GuestStop(work: work).stop(instance)
        try work.services(of: instance).hypervisor.discardSavedState(instance.id.text)
        try finish(instance, .powerObserved(.off), job) { $0.powerState = .shutdown }
    }
}
