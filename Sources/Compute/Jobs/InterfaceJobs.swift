import ComputeHost
import Database
import Logging
import Networking
import ServiceCore

/// Plugs an interface into a guest, whose port the request has bound already.
struct AttachInterface: InterfaceJobHandler {
    let kind = InstanceJob.attachInterface.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The interface could not be attached.") }

    func perform(_ port: ID<Port>, _ deployment: InstanceDeployment, _ interfaces: [InterfaceSpec]) throws {
        guard let interface = interfaces.first(where: { $0.portID == port.text }) else {
            throw InstanceFailure(failureMessage, details: "the port is gone")
        }
        let (hypervisor, id) = (deployment.host.hypervisor, deployment.instance.id.text)
        // A domain the host does not know gets all its interfaces when it is defined the next time.
        guard try hypervisor.status(of: id) != nil else { return }
        try deployment.connect()
        try hypervisor.attachInterface(interface, to: id)
        try deployment.writeConfigDrive()
    }

    /// Whatever the guest has of it goes first: an address must not be somebody else's while a guest uses it.
    func takeBack(_ instance: Instance, _ port: ID<Port>) throws {
        if let host = instance.host, let services = work.hosts.services(on: host) {
            try services.hypervisor.detachInterface(portID: port.text, from: instance.id.text)
        }
        try work.networking.releasePort(port, instanceID: instance.id.text)
    }
}

/// Takes an interface out of a guest, then its port from the instance.
struct DetachInterface: InterfaceJobHandler {
    let kind = InstanceJob.detachInterface.rawValue
    let work: InstanceWork

    var failureMessage: Message { Message("The interface could not be detached.") }

    func perform(_ port: ID<Port>, _ deployment: InstanceDeployment, _ interfaces: [InterfaceSpec]) throws {
        let id = deployment.instance.id.text
        try deployment.host.hypervisor.detachInterface(portID: port.text, from: id)
        try work.networking.releasePort(port, instanceID: id)
        if try deployment.host.hypervisor.status(of: id) != nil { try deployment.writeConfigDrive() }
    }

    func takeBack(_ instance: Instance, _ port: ID<Port>) {}
}

/// Work on one interface. It has no task of its own in nova: the instance stays as it is, and only the line in its
/// action log says how far it is.
protocol InterfaceJobHandler: JobHandler {
    var work: InstanceWork { get }
    /// What a failure means to the owner.
    var failureMessage: Message { get }
    /// Does it; `interfaces` are those that the instance has ports for now. Repeatable.
    func perform(_ port: ID<Port>, _ deployment: InstanceDeployment, _ interfaces: [InterfaceSpec]) throws
    /// Undoes what the request did, after a failure. Repeatable.
    func takeBack(_ instance: Instance, _ port: ID<Port>) throws
}

extension InterfaceJobHandler {
    func run(_ job: Job) throws {
        let target = try target(of: job)
        guard let instance = target.instance else { return }
        do {
            let deployment = try work.deployment(of: instance)
            let interfaces = try deployment.interfaces()
            try perform(target.port, deployment, interfaces)
            try remember(interfaces, deployment)
        } catch {
            if error is Superseded { throw RetryLater(after: .milliseconds(50), reason: "the instance has changed") }
            switch InstanceFailure.classify(error, failureMessage) {
            case let failure as InstanceFailure: return try giveUp(instance, target, failure, job)
            case let transient: throw transient
            }
        }
        try work.database.write { transaction in
            try work.lifecycle.history.endAction(target.line, .success, at: work.clock.now(), in: transaction)
            work.lifecycle.announce(instance, .updated, in: transaction)
        }
    }

    func abandoned(_ job: Job, because error: ServiceError) throws {
        let target = try target(of: job)
        guard let instance = target.instance else { return }
        try giveUp(instance, target, InstanceFailure(abandoned: error, failureMessage), job)
    }

    private func giveUp(
        _ instance: Instance, _ target: InterfaceTarget, _ failure: InstanceFailure, _ job: Job
    ) throws {
        work.log.error(
            "an interface could not be changed",
            metadata: [
                "instance": "\(instance.id)", "port": "\(target.port)", "cause": "\(failure.details)",
                "request": "\(job.requestID)",
            ])
        try takeBack(instance, target.port)
        try work.database.write { transaction in
            let lifecycle = work.lifecycle
            let fault = failure.fault(at: work.clock.now())
            try lifecycle.history.endAction(
                target.line, .error, message: failure.message, at: work.clock.now(), in: transaction)
            guard let current = try lifecycle.instances.find(instance.id, in: transaction) else { return }
            if current.state.isSettled { try lifecycle.instances.setFault(fault, of: current.id, in: transaction) }
            lifecycle.announce(current, .updated, in: transaction)
        }
    }

    /// What the host runs now is what it was asked to run.
    private func remember(_ interfaces: [InterfaceSpec], _ deployment: InstanceDeployment) throws {
        guard var domain = deployment.request.domain else { return }
        let present = Set(try work.networking.portSpecs(instanceID: deployment.instance.id.text).map(\.portID))
        domain.interfaces = interfaces.filter { present.contains($0.portID) }
        try work.commit(deployment.instance) { transaction, current in
            try work.lifecycle.specs.setDomain(domain, of: current.id, in: transaction)
        }
    }

    /// Nothing is to be done to an instance that is gone or going: its interfaces go with it.
    private func target(of job: Job) throws -> InterfaceTarget {
        let payload: [String: String] = try job.decode()
        let instance = try work.instance(of: job)
        let isThere = instance.map { $0.state.vm != .deleted && $0.state.task != .deleting && $0.host != nil } ?? false
        return InterfaceTarget(
            instance: isThere ? instance : nil, port: ID(payload["port"] ?? ""),
            line: Int64(payload["action"] ?? "") ?? 0)
    }
}

/// What a job on an interface is about.
struct InterfaceTarget {
    let instance: Instance?
    let port: ID<Port>
    /// The line in the action log.
    let line: Int64
}
