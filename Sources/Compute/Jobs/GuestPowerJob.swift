import ComputeHost
import ServiceCore

/// Pauses, unpauses, suspends or resumes a guest: one verb of its hypervisor.
struct GuestPowerJob: InstanceJobHandler {
    let kind: String
    let work: InstanceWork
    let failureMessage: Message
    private let task: TaskState
    private let event: InstanceEvent
    private let verb: @Sendable (GuestPowerJob, Instance) throws -> DomainStatus

    private init(
        _ job: InstanceJob, _ work: InstanceWork, _ task: TaskState, _ event: InstanceEvent, _ failure: Message,
        _ verb: @escaping @Sendable (GuestPowerJob, Instance) throws -> DomainStatus
    ) {
        kind = job.rawValue
        self.work = work
        self.task = task
        self.event = event
        failureMessage = failure
        self.verb = verb
    }

    func isWanted(in state: InstanceState) -> Bool { state.task == task }

    func perform(_ instance: Instance, _ job: Job) throws {
        let status = try verb(self, instance)
        try finish(instance, event, job) { $0.absorb(status) }
    }

    static func all(_ work: InstanceWork) -> [GuestPowerJob] {
        [
            GuestPowerJob(
                .pause, work, .pausing, .paused, Message("The instance could not be paused.")
            ) { try $0.make($1, .paused) { try $0.pause($1) } },
            GuestPowerJob(
                .unpause, work, .unpausing, .unpaused, Message("The instance could not be resumed.")
            ) { try $0.make($1, .running) { try $0.unpause($1) } },
            GuestPowerJob(
                .suspend, work, .suspending, .suspended, Message("The instance could not be suspended.")
            ) { try $0.make($1, .suspended) { try $0.suspend($1) } },
            GuestPowerJob(
                .resume, work, .resuming, .resumed, Message("The instance could not be resumed.")
            ) { try $0.resume($1) },
        ]
    }

    /// A verb that goes well leaves the guest in a power state that need not be asked for.
    private func make(
        _ instance: Instance, _ power: PowerState, _ verb: (any Hypervisor, String) throws -> Void
    ) throws -> DomainStatus {
        let hypervisor = try work.services(of: instance).hypervisor
        try verb(hypervisor, instance.id.text)
        return DomainStatus(
            instanceID: instance.id.text, domainName: instance.domainName, power: power,
            domainType: instance.domainType ?? hypervisor.identity.domainType)
    }

    /// What was saved holds the guest as it was, devices and all: it is not defined anew, unless the host lost it.
    private func resume(_ instance: Instance) throws -> DomainStatus {
        let hypervisor = try work.services(of: instance).hypervisor
        guard try hypervisor.status(of: instance.id.text) != nil else {
            return try GuestStart(work: work).start(instance)
        }
        return try hypervisor.start(instance.id.text)
    }
}
