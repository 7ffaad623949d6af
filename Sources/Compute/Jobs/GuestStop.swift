import ComputeHost
import Database
import ServiceCore

/// Brings a guest to rest: asks it to shut down, and pulls its cord when it has not done so in time.
struct GuestStop {
    let work: InstanceWork

    /// Returns when the guest is off. Saved memory counts as off.
    /// - Throws: `RetryLater` while it is shutting down; `HostError`.
    func stop(_ instance: Instance) throws {
        let hypervisor = try work.services(of: instance).hypervisor
        let id = instance.id.text
        let status = try hypervisor.status(of: id)
        if isOff(status) { return }
        if try status?.power == .paused || isOverdue(instance) {
            // A paused guest hears no button.
            try hypervisor.powerOff(id)
        } else {
            // Pressing the button again does no harm, and some guests need it.
            try hypervisor.shutdown(id)
        }
        guard isOff(try hypervisor.status(of: id)) else {
            let pause = Duration.milliseconds(work.configuration.shutdownPollMilliseconds)
            throw RetryLater(after: pause, reason: "the guest is shutting down")
        }
    }

    private func isOff(_ status: DomainStatus?) -> Bool {
        switch status?.power {
        case nil, .shutdown, .crashed, .suspended: true
        case .noState, .running, .paused: false
        }
    }

    private func isOverdue(_ instance: Instance) throws -> Bool {
        let since = try work.database.read { try work.lifecycle.history.runningSince(instance.id, in: $0) }
        guard let since else { return true }
        return work.clock.now() >= since.adding(seconds: Int64(work.configuration.shutdownSeconds))
    }
}
