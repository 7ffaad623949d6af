import Database
import ServiceCore

/// Finds a host for an instance. The decision is made on what the rows say in the transaction that also writes it, so
/// two instances never get the same room, and two members of a group never meet by accident.
struct Placement {
    let work: InstanceWork
    let scheduler: Scheduler
    private let snapshots: HostSnapshots
    private let groups = ServerGroupStore()

    init(work: InstanceWork, scheduler: Scheduler) {
        self.work = work
        self.scheduler = scheduler
        snapshots = HostSnapshots(work: work)
    }

    /// What the hosts say of themselves. Outside of any transaction: it may take time.
    func hosts() throws -> [HostSnapshot] { try snapshots.read() }

    /// Judges the hosts for an instance of a size, which may be another than it has now.
    func decide(
        _ instance: Instance, size flavor: InstanceFlavor, spec: RequestSpec?, among hosts: [HostSnapshot],
        in transaction: borrowing Transaction
    ) throws -> SchedulingDecision {
        var request = PlacementRequest(
            vcpus: flavor.vcpus, memoryMiB: flavor.memoryMiB, diskGiB: flavor.diskGiB,
            availabilityZone: spec?.requestedZone)
        if let hints = spec?.placement {
            request.forcedHost = hints.forcedHost
            request.extraSpecs = hints.extraSpecs
            request.image = hints.image
            request.group = try hints.serverGroupID.flatMap { id in
                try groups.requirement(ID(id), without: instance.id, in: transaction)
            }
        }
        return scheduler.decide(request, among: try snapshots.completed(hosts, in: transaction))
    }

    /// A round of the scheduler for nobody: whether a decision can be made at all.
    func rehearse() throws {
        let hosts = try hosts()
        try work.database.read { transaction in
            _ = scheduler.decide(
                PlacementRequest(vcpus: 1, memoryMiB: 1, diskGiB: 0),
                among: try snapshots.completed(hosts, in: transaction))
        }
    }

    /// The zone of a host, as the rows have it now.
    func zone(of host: String, in transaction: borrowing Transaction) throws -> String {
        try AggregateStore().zones(in: transaction)[host] ?? work.configuration.availabilityZone
    }
}

/// What a launch asked of the scheduler beside a size and a zone; kept with the request.
struct PlacementHints: Codable, Sendable {
    var forcedHost: String?
    var serverGroupID: String?
    var image = ImageRequirements()
    /// Those of the flavor, as they were at the launch.
    var extraSpecs: [String: String] = [:]
    /// The hints as they were given, to be shown.
    var hints: [String: [String]]?
    /// Those of the image's properties that say how guests run, to be shown.
    var imageProperties: [String: String]?
}
