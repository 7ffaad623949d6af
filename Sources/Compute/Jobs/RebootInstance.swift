import ComputeHost
import Logging
import ServiceCore

/// Reboots a guest: softly by asking it, hard by pulling its cord and starting it with its present definition.
struct RebootInstance: InstanceJobHandler {
    let kind = InstanceJob.reboot.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be rebooted.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .rebooting || state.task == .rebootingHard }

    func perform(_ instance: Instance, _ job: Job) throws {
        let hypervisor = try work.services(of: instance).hypervisor
        if instance.state.task == .rebooting, try askGuest(instance, hypervisor) {
            let status = try hypervisor.status(of: instance.id.text)
            return try finish(instance, .rebooted, job) { $0.powerState = status?.power ?? .running }
        }
        try hypervisor.powerOff(instance.id.text)
        try hypervisor.discardSavedState(instance.id.text)
        let status = try GuestStart(work: work).start(instance)
        try finish(instance, .rebooted, job) { $0.take(status) }
    }

    /// - Returns: false when the guest cannot be asked; then nova, too, reboots it hard.
    private func askGuest(_ instance: Instance, _ hypervisor: any Hypervisor) throws -> Bool {
        do {
            try hypervisor.reboot(instance.id.text, hard: false)
            return true
        } catch {
            guard !error.isTransient else { throw error }
            work.log.notice(
                "a soft reboot becomes a hard one",
                metadata: ["instance": "\(instance.id)", "reason": "\(error.reason)"])
            return false
        }
    }
}
