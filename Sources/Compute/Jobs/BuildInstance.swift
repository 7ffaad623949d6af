import ComputeHost
import Database
import Images
import Logging
import Networking
import ServiceCore

/// Takes an instance from the accepted request to a running guest, phase by phase.
///
/// The row says which phase is due, so a build that was interrupted goes on where it stopped; each phase makes
/// something so and may be repeated. One that fails for good takes everything back and leaves the fault.
struct BuildInstance: JobHandler {
    let kind = InstanceJob.build.rawValue
    let work: InstanceWork
    let placement: Placement
    /// Called when a phase has begun and when it has done its work and not recorded it. Tests stop the worker here.
    var checkpoint: @Sendable (LaunchPhase, Moment) -> Void = { _, _ in }

    /// The moments between which a phase touches the world.
    enum Moment: CaseIterable { case begun, done }

    func run(_ job: Job) throws {
        // The transaction that ends a phase begins the next: each costs a wait for the disk.
        var isBegun = false
        while let instance = try work.instance(of: job), let phase = LaunchPhase(of: instance.state) {
            do {
                if !isBegun { try begin(phase, instance) }
                isBegun = true
                checkpoint(phase, .begun)
                try perform(phase, instance, requestID: job.requestID)
            } catch {
                if error is Superseded { return }
                switch InstanceFailure.classify(error, phase.failureMessage, remedy: phase.remedy) {
                case let failure as InstanceFailure:
                    return try giveUp(instance, phase, failure, requestID: job.requestID)
                case let transient:
                    throw transient
                }
            }
        }
    }

    func abandoned(_ job: Job, because error: ServiceError) {
        do {
            guard let instance = try work.instance(of: job), let phase = LaunchPhase(of: instance.state) else { return }
            let failure = InstanceFailure(abandoned: error, phase.failureMessage, remedy: phase.remedy)
            try giveUp(instance, phase, failure, requestID: job.requestID)
        } catch {
            work.log.error("a build could not be given up", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    private func begin(_ phase: LaunchPhase, _ instance: Instance) throws {
        try work.commit(instance) { transaction, current in
            try work.lifecycle.history.begin(phase, of: current.id, at: work.clock.now(), in: transaction)
            work.lifecycle.announce(current, .updated, in: transaction)
        }
    }

    private func perform(_ phase: LaunchPhase, _ instance: Instance, requestID: String) throws {
        switch phase {
        case .authenticate, .api: break
        case .schedule: try schedule(instance, requestID: requestID)
        case .image: try fetchImage(instance, requestID: requestID)
        case .network: try bindPorts(instance, requestID: requestID)
        case .blockDevice: try createDisks(instance, requestID: requestID)
        case .spawn: try spawn(instance, requestID: requestID)
        }
    }

    /// Takes everything back, then records the failure. What cannot be taken back now is left to a job of its own.
    private func giveUp(
        _ instance: Instance, _ phase: LaunchPhase, _ failure: InstanceFailure, requestID: String
    ) throws {
        var isClean = true
        do {
            try work.removeTraces(of: instance)
        } catch {
            isClean = false
            work.log.warning(
                "what a failed build left is removed later",
                metadata: ["instance": "\(instance.id)", "cause": "\(error)"])
        }
        try work.fail(instance, because: failure, phase: phase, requestID: requestID) { transaction, _ in
            try work.lifecycle.history.end(
                phase, of: instance.id, .error, detail: failure.message, at: work.clock.now(), in: transaction)
            if !isClean {
                try work.lifecycle.enqueue(.cleanUp, for: instance.id, requestID: requestID, in: transaction)
            }
        }
    }
}

extension BuildInstance {
    /// Chooses a host and claims its room in one transaction, so that two launches never get the same room.
    private func schedule(_ instance: Instance, requestID: String) throws {
        let hosts = try placement.hosts()
        checkpoint(.schedule, .done)
        var decision = SchedulingDecision(chosen: nil, verdicts: [])
        try work.commit(instance) { transaction, current in
            let specs = work.lifecycle.specs
            decision = try placement.decide(
                current, size: current.flavor, spec: try specs.find(current.id, in: transaction), among: hosts,
                in: transaction)
            try specs.setDecision(decision, of: current.id, in: transaction)
            guard let host = decision.chosen else { return }
            let zone = try placement.zone(of: host, in: transaction)
            try finish(.schedule, current, Message("{host}", ["host": host]), requestID, in: transaction) {
                $0.host = host
                $0.availabilityZone = zone
            }
        }
        guard decision.chosen == nil else { return }
        throw InstanceFailure(
            LaunchPhase.schedule.failureMessage, code: 409, remedy: LaunchPhase.schedule.remedy,
            details: decision.details)
    }

    private func fetchImage(_ instance: Instance, requestID: String) throws {
        let base = try work.deployment(of: instance).fetchImage()
        checkpoint(.image, .done)
        try work.commit(instance) { transaction, current in
            let detail = Message("Base file {name}", ["name": base.name])
            try finish(.image, current, detail, requestID, in: transaction)
        }
    }

    private func bindPorts(_ instance: Instance, requestID: String) throws {
        let request = try work.deployment(of: instance).request
        let binding = InstanceBinding(
            instanceID: instance.id.text, projectID: instance.projectID, host: instance.host ?? "",
            cards: request.cards, securityGroups: request.securityGroups)
        let ports = try work.networking.bindPorts(binding, as: .system("compute"))
        try work.deployment(of: instance).connect()
        checkpoint(.network, .done)
        try work.commit(instance) { transaction, current in
            let addresses = ports.flatMap(\.fixedIPs).map { "\($0.address)" }.joined(separator: ", ")
            try finish(
                .network, current, Message("{addresses}", ["addresses": addresses]), requestID, in: transaction)
        }
    }

    private func createDisks(_ instance: Instance, requestID: String) throws {
        try work.deployment(of: instance).createDisks(adminPassword: work.adminPassword(of: instance))
        checkpoint(.blockDevice, .done)
        try work.commit(instance) { transaction, current in
            let detail = Message("Root disk of {size} GB", ["size": "\(current.flavor.diskGiB)"])
            try finish(.blockDevice, current, detail, requestID, in: transaction)
        }
    }

    private func spawn(_ instance: Instance, requestID: String) throws {
        let deployment = try work.deployment(of: instance)
        let domain = try deployment.domain()
        try work.commit(instance) { transaction, current in
            try work.lifecycle.specs.setDomain(domain, of: current.id, in: transaction)
        }
        try deployment.host.hypervisor.define(domain)
        let status = try deployment.host.hypervisor.start(instance.id.text)
        guard status.power == .running else {
            throw InstanceFailure(
                LaunchPhase.spawn.failureMessage, remedy: LaunchPhase.spawn.remedy,
                details: "the domain is \(status.power) right after its start" + (status.note.map { ": \($0)" } ?? ""))
        }
        checkpoint(.spawn, .done)
        try work.commit(instance) { transaction, current in
            let detail = Message("{domain} runs", ["domain": current.domainName])
            try finish(.spawn, current, detail, requestID, in: transaction) { $0.take(status) }
        }
    }

    /// Records the end of a phase, moves on and begins the next, in one transaction.
    private func finish(
        _ phase: LaunchPhase, _ instance: Instance, _ detail: Message, _ requestID: String,
        in transaction: borrowing Transaction, _ change: (inout Instance) -> Void = { _ in }
    ) throws {
        try work.lifecycle.history.end(
            phase, of: instance.id, .success, detail: detail, at: work.clock.now(), in: transaction)
        guard let event = phase.completion else { return }
        let next = try work.lifecycle.apply(event, to: instance, requestID: requestID, in: transaction, change)
        guard let following = LaunchPhase(of: next.state) else { return }
        try work.lifecycle.history.begin(following, of: instance.id, at: work.clock.now(), in: transaction)
    }
}

extension Instance {
    /// What a host said about the domain.
    mutating func take(_ status: DomainStatus) {
        powerState = status.power
        domainType = status.domainType
        note = status.note.map { Message($0) }
    }
}

extension RequestSpec {
    /// What each card is plugged into.
    var cards: [InstanceBinding.Card] { interfaces.map(\.card) }
}

extension LaunchInterface {
    /// As Networking knows it.
    var card: InstanceBinding.Card {
        switch self {
        case .network(let id, let address?): .address(ID(id), address)
        case .network(let id, nil): .network(ID(id))
        case .port(let id): .port(ID(id))
        }
    }
}
