import ComputeHost
import Database
import Images
import Logging
import Networking
import ServiceCore

/// What the jobs on instances share: the way to the row, to the host and to the ports.
struct InstanceWork: Sendable {
    let database: DatabasePool
    let lifecycle: InstanceLifecycle
    let hosts: HostDirectory
    let networking: NetworkingService
    let images: ImageService
    let configuration: ComputeConfiguration
    let log = Logger(label: "daybreak.compute")

    var clock: any WallClock { lifecycle.clock }
    var passwordSeal: PasswordSeal { PasswordSeal(secretKey: configuration.secretKey) }

    /// The instance a job is about; nil when there is no such row.
    func instance(of job: Job) throws -> Instance? {
        let payload: [String: String] = try job.decode()
        guard let id = payload["instance"] else { return nil }
        return try database.read { try lifecycle.instances.find(ID(id), in: $0) }
    }

    /// The host of an instance.
    /// - Throws: `InstanceFailure` when the host is not part of this cloud.
    func services(of instance: Instance) throws -> HostServices {
        guard let host = instance.host, let services = hosts.services(on: host) else {
            throw InstanceFailure(
                Message("The instance's host is not part of this cloud any more."),
                remedy: Message("Bring the host back, or delete the instance."),
                details: "no host \(instance.host ?? "") in the directory")
        }
        return services
    }

    /// Runs `body` on the instance as it is now, provided that it still is in the state it was read in.
    /// - Throws: `Superseded` when it is not: somebody asked for something else meanwhile.
    func commit(
        _ instance: Instance, _ body: (borrowing Transaction, Instance) throws -> Void
    ) throws {
        try database.write { transaction in
            guard let current = try lifecycle.instances.find(instance.id, in: transaction),
                current.state == instance.state
            else { throw Superseded() }
            try body(transaction, current)
        }
    }

    /// What the work on an instance remembers.
    func extra(of instance: Instance) throws -> InstanceExtra {
        try database.read { try lifecycle.extras.find(instance.id, in: $0) }
    }

    /// What the guest's first user shall have as a password; nil when nobody said so.
    func adminPassword(of instance: Instance) throws -> String? {
        passwordSeal.open(try extra(of: instance).adminPassword)
    }

    /// The instance on its host.
    /// - Throws: `InstanceFailure` when the host is not part of this cloud, or nothing is known of the launch.
    func deployment(of instance: Instance) throws -> InstanceDeployment {
        let (request, metadata) = try database.read { transaction in
            (
                try lifecycle.specs.find(instance.id, in: transaction),
                try lifecycle.metadata.metadata(of: instance.id, in: transaction)
            )
        }
        guard let request else {
            throw InstanceFailure(Message("The launch request is missing."), details: "no row in request_specs")
        }
        return InstanceDeployment(
            instance: instance, request: request, host: try services(of: instance), networking: networking,
            metadata: metadata)
    }

    /// Takes away everything an instance has outside of its row: domain, files, ports. Repeatable.
    func removeTraces(of instance: Instance) throws {
        try clearHost(of: instance)
        try networking.releasePorts(instanceID: instance.id.text)
    }

    /// Takes everything of an instance off its host. Repeatable. What was on a host that is no longer known is given up,
    /// as nova's local delete does.
    func clearHost(of instance: Instance) throws {
        guard let host = instance.host, let services = hosts.services(on: host) else { return }
        try services.hypervisor.undefine(instance.id.text)
        try services.disks.deleteInstance(instance.id.text)
    }

    /// Gives up what is being done to an instance, with the fault recorded beside it. Quiet when it is over already.
    func fail(
        _ instance: Instance, because failure: InstanceFailure, phase: LaunchPhase? = nil,
        event: InstanceEvent = .failed, requestID: String,
        alsoIn body: (borrowing Transaction, inout Instance) throws -> Void = { _, _ in }
    ) throws {
        let fault = failure.fault(in: phase, at: clock.now())
        log.error(
            "an action on an instance failed",
            metadata: [
                "instance": "\(instance.id)", "state": "\(instance.state)", "phase": "\(phase?.rawValue ?? "-")",
                "cause": "\(failure.details)", "request": "\(requestID)",
            ])
        do {
            try commit(instance) { transaction, current in
                var row = current
                try body(transaction, &row)
                try lifecycle.fail(row, fault, event, requestID: requestID, in: transaction)
            }
        } catch {
            guard error is Superseded else { throw error }
        }
    }
}

/// The instance is no longer in the state the job began with: whoever moved it has enqueued what must happen next.
struct Superseded: Error {}

/// Why something could not be done, for the owner of the instance and for operators.
struct InstanceFailure: Error {
    /// nova's fault code.
    var code = 500
    let message: Message
    let remedy: Message?
    let details: String

    init(_ message: Message, code: Int = 500, remedy: Message? = nil, details: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.details = details
    }

    /// Classifies an error: what may pass by itself becomes `ServiceError` of kind unavailable, so that the job is
    /// tried again; anything else is a failure, said in `message` unless the error has better words.
    static func classify(_ error: any Error, _ message: Message, remedy: Message? = nil) -> any Error {
        switch error {
        case let error as InstanceFailure: return error
        case let error as HostError where error.isTransient:
            return ServiceError.unavailable(Message("The host does not answer: {reason}", ["reason": error.reason]))
        case let error as HostError:
            return InstanceFailure(
                message, remedy: error.remedy.map { Message($0) } ?? remedy, details: error.reason)
        default:
            let error = ServiceError(wrapping: error)
            guard error.kind != .unavailable else { return error }
            return InstanceFailure(
                error.kind == .internalError ? message : error.message, remedy: remedy, details: "\(error)")
        }
    }

    /// What is recorded of it.
    func fault(in phase: LaunchPhase? = nil, at now: Timestamp) -> InstanceFault {
        InstanceFault(
            code: code, phase: phase, message: message, remedy: remedy, details: details, createdAt: now)
    }

    /// What a job that is not tried any more leaves.
    init(abandoned error: ServiceError, _ message: Message, remedy: Message? = nil) {
        self.init(message, remedy: remedy, details: error.message.english)
    }
}
