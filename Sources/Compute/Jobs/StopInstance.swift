import ComputeHost
import Database
import ServiceCore

/// Asks a guest to shut down, and pulls its cord when it has not done so in time.
struct StopInstance: InstanceJobHandler {
    let kind = InstanceJob.stop.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be shut off.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .poweringOff }

    func perform(_ instance: Instance, _ job: Job) throws {
        let hypervisor = try work.services(of: instance).hypervisor
        if isOff(try hypervisor.status(of: instance.id.text)) { return try stopped(instance, job) }
        if try isOverdue(instance) {
            try hypervisor.powerOff(instance.id.text)
        } else {
            // Pressing the button again does no harm, and some guests need it.
            try hypervisor.shutdown(instance.id.text)
        }
        guard isOff(try hypervisor.status(of: instance.id.text)) else {
            let pause = Duration.milliseconds(work.configuration.shutdownPollMilliseconds)
            throw RetryLater(after: pause, reason: "the guest is shutting down")
        }
        try stopped(instance, job)
    }

    private func stopped(_ instance: Instance, _ job: Job) throws {
        try finish(instance, .powerObserved(.off), job) { $0.powerState = .shutdown }
    }

    private func isOff(_ status: DomainStatus?) -> Bool {
        guard let status else { return true }
        return status.power.observed == .off || status.power.observed == .crashed
    }

    private func isOverdue(_ instance: Instance) throws -> Bool {
        let since = try work.database.read { try work.lifecycle.history.runningSince(instance.id, in: $0) }
        guard let since else { return true }
        return work.clock.now() >= since.adding(seconds: Int64(work.configuration.shutdownSeconds))
    }
}
