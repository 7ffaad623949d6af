import ComputeHost
import Database
import ServiceCore

/// Starts a stopped instance with its present definition.
struct StartInstance: InstanceJobHandler {
    let kind = InstanceJob.start.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The instance could not be started.") }

    func isWanted(in state: InstanceState) -> Bool { state.task == .poweringOn }

    func perform(_ instance: Instance, _ job: Job) throws {
        let status = try GuestStart(work: work).start(instance)
        try finish(instance, .powerObserved(.running), job) { $0.take(status) }
    }
}

/// Defines a guest anew and starts it, for whatever work ends with a guest that runs.
struct GuestStart {
    let work: InstanceWork

    /// - Parameter rescue: the image it boots from, with its own disk as the second one; nil boots its own disk.
    /// - Throws: `HostError`, `InstanceFailure`, `Superseded`.
    func start(_ instance: Instance, rescue: String? = nil) throws -> DomainStatus {
        let host = try define(instance, rescue: rescue)
        let status = try host.hypervisor.start(instance.id.text)
        guard status.power == .running else {
            throw InstanceFailure(
                Message("The instance could not be started."),
                details: "the domain is \(status.power) right after its start" + (status.note.map { ": \($0)" } ?? ""))
        }
        return status
    }

    /// Makes the definition what the row says, for the next start.
    @discardableResult
    func define(_ instance: Instance, rescue: String? = nil) throws -> HostServices {
        let deployment = try work.deployment(of: instance)
        guard deployment.request.domain != nil else {
            throw InstanceFailure(
                Message("The instance was never built."), remedy: Message("Delete it and launch it again."),
                details: "no domain in request_specs")
        }
        try restoreFiles(deployment)
        try deployment.connect()
        let domain = try deployment.domain(rescue: rescue)
        try work.commit(instance) { transaction, current in
            try work.lifecycle.specs.setDomain(domain, of: current.id, in: transaction)
        }
        try deployment.host.hypervisor.define(domain)
        return deployment.host
    }

    /// A simulated host forgets its files with the program. A real one never gets new disks here: they would be empty.
    func restoreFiles(_ deployment: InstanceDeployment) throws {
        guard deployment.host.hypervisor.identity.isSimulated,
            try deployment.host.disks.diskInformation(of: deployment.instance.id.text) == nil
        else { return }
        _ = try deployment.fetchImage()
        try deployment.createDisks()
    }
}
