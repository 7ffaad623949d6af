import Database
import ServiceCore

/// Keeps the service list honest: the controllers beat as long as the program runs jobs, a compute service beats only
/// while its hypervisor answers.
struct Heartbeat: JobHandler {
    let kind = "compute.heartbeat"
    let period: Duration? = .seconds(ServiceRecord.heartbeatSeconds)
    let work: InstanceWork
    let services = ServiceStore()

    private static let controllers = ["nova-conductor", "nova-consoleauth", "nova-scheduler"]

    func run(_ job: Job) throws {
        let now = work.clock.now()
        let alive = HostSnapshots(work: work).read().filter(\.isUp)
        try work.database.write { transaction in
            for binary in Self.controllers {
                try services.beat(
                    binary, on: work.configuration.controllerName, zone: "internal", at: now, in: transaction)
            }
            for host in alive {
                try services.beat(
                    "nova-compute", on: host.name, zone: host.availabilityZone, at: now, in: transaction)
            }
        }
    }
}
