import ComputeHost
import Database
import Logging
import ServiceCore

/// Keeps the service list honest. Each of these proves what its service is for, every ten seconds, and beats only when
/// it could: nobody beats for another.
enum Heartbeats {
    static func all(of placement: Placement) -> [any JobHandler] {
        let work = placement.work
        return [
            // That a worker took this job is the proof.
            ControllerHeartbeat(binary: "nova-conductor", kind: "compute.heartbeat", work: work) {},
            ControllerHeartbeat(binary: "nova-scheduler", kind: "compute.heartbeat.scheduler", work: work) {
                try placement.rehearse()
            },
            ControllerHeartbeat(binary: "nova-consoleauth", kind: "compute.heartbeat.consoleauth", work: work) {
                try judgeTokens(work)
            },
        ] + work.hosts.hosts.map { ComputeHeartbeat(host: $0, work: work) }
    }

    /// That a token nobody has opens nothing, and that tokens end.
    private static func judgeTokens(_ work: InstanceWork) throws {
        let tokens = ConsoleTokenStore()
        try work.database.write { transaction in
            let now = work.clock.now()
            try tokens.deleteExpired(at: now, in: transaction)
            _ = try tokens.take(RandomIdentifier.hexadecimal(), session: nil, at: now, in: transaction)
        }
    }
}

/// One of the services that run beside the database.
struct ControllerHeartbeat: JobHandler {
    let binary: String
    let kind: String
    let work: InstanceWork
    /// Throws when the service could not do its work now.
    let prove: @Sendable () throws -> Void
    private let services = ServiceStore()

    var period: Duration? { .seconds(ServiceRecord.heartbeatSeconds) }

    init(binary: String, kind: String, work: InstanceWork, prove: @escaping @Sendable () throws -> Void) {
        self.binary = binary
        self.kind = kind
        self.work = work
        self.prove = prove
    }

    func run(_ job: Job) throws {
        do {
            try prove()
        } catch {
            work.log.warning(
                "a service could not prove that it works", metadata: ["service": "\(binary)", "error": "\(error)"])
            return
        }
        try work.database.write { transaction in
            try services.beat(
                binary, on: work.configuration.controllerName, at: work.clock.now(), in: transaction)
        }
    }
}

/// A compute host: it beats while its hypervisor answers, and what it answers is kept for the scheduler.
struct ComputeHeartbeat: JobHandler {
    let host: String
    let work: InstanceWork
    private let services = ServiceStore()
    private let nodes = ComputeNodeStore()

    var kind: String { "compute.heartbeat/" + host }
    var period: Duration? { .seconds(ServiceRecord.heartbeatSeconds) }

    init(host: String, work: InstanceWork) {
        self.host = host
        self.work = work
    }

    func run(_ job: Job) throws {
        guard let capacity = try? work.hosts.services(on: host)?.hypervisor.capacity() else { return }
        try work.database.write { transaction in
            let now = work.clock.now()
            try nodes.record(capacity, of: host, at: now, in: transaction)
            try services.beat(ServiceRecord.compute, on: host, at: now, in: transaction)
        }
    }
}
