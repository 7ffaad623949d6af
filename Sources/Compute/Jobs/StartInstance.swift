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

/// Defines a guest anew and starts it, for a start and for a hard reboot.
struct GuestStart {
    let work: InstanceWork

    /// - Throws: `HostError`, `InstanceFailure`.
    func start(_ instance: Instance) throws -> DomainStatus {
        let host = try work.services(of: instance)
        let request = try work.database.read { try work.lifecycle.specs.find(instance.id, in: $0) }
        guard let request, request.domain != nil else {
            throw InstanceFailure(
                Message("The instance was never built."), remedy: Message("Delete it and launch it again."),
                details: "no domain in request_specs")
        }
        let deployment = InstanceDeployment(
            instance: instance, request: request, host: host, networking: work.networking)
        if host.hypervisor.identity.isSimulated { try restoreFiles(deployment) }
        let domain = try deployment.domain()
        try work.commit(instance) { transaction, current in
            try work.lifecycle.specs.setDomain(domain, of: current.id, in: transaction)
        }
        try host.hypervisor.define(domain)
        let status = try host.hypervisor.start(instance.id.text)
        guard status.power == .running else {
            throw InstanceFailure(
                Message("The instance could not be started."),
                details: "the domain is \(status.power) right after its start" + (status.note.map { ": \($0)" } ?? ""))
        }
        return status
    }

    /// A simulated host forgets its files with the program. A real one never gets new disks here: they would be empty.
    private func restoreFiles(_ deployment: InstanceDeployment) throws {
        guard try !deployment.host.disks.instances().contains(deployment.instance.id.text) else { return }
        _ = try deployment.fetchImage()
        try deployment.createDisks()
    }
}
