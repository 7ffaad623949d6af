public import ComputeHost
public import Database
public import Images
import Logging
public import Networking
public import ServiceCore

/// Instances, flavors, keypairs, hosts: the work of OpenStack's nova.
///
/// Methods block; call them on a worker thread. The only error that leaves them is `ServiceError`. What another project
/// owns is `notFound`. Everything that takes time is a job, written in the transaction of the state change it follows.
public final class ComputeService: Sendable {
    let work: InstanceWork
    let flavors = FlavorStore()
    let keypairs = KeypairStore()
    let quotas = ComputeQuotaStore()
    let serviceRecords = ServiceStore()
    let statisticsStore = StatisticsStore()
    let sampler: StatisticsSampler
    let nodes = ComputeNodeStore()
    let aggregates = AggregateStore()
    let groups = ServerGroupStore()
    let consoleTokens = ConsoleTokenStore()
    let consoleSeats = ConsoleSeats()
    private let observer: PowerObserver

    var database: DatabasePool { work.database }
    var lifecycle: InstanceLifecycle { work.lifecycle }
    var networking: NetworkingService { work.networking }
    var images: ImageService { work.images }
    var clock: any WallClock { work.lifecycle.clock }

    /// What the cloud's clock says.
    public var now: Timestamp { clock.now() }

    /// Brings the tables up to date, adds the first flavors, and takes on the jobs of this service.
    /// - Throws: `ServiceError` of kind internalError when the tables cannot be made.
    public convenience init(
        database: DatabasePool, jobs: JobQueue, events: EventBus, clock: any WallClock, hosts: HostDirectory,
        images: ImageService, networking: NetworkingService,
        configuration: ComputeConfiguration = ComputeConfiguration()
    ) throws {
        let work = InstanceWork(
            database: database, lifecycle: InstanceLifecycle(jobs: jobs, events: events, clock: clock), hosts: hosts,
            networking: networking, images: images, configuration: configuration)
        let placement = Placement(work: work, scheduler: Scheduler(ratios: configuration.ratios))
        let build = BuildInstance(work: work, placement: placement)
        try self.init(work, build: build)
    }

    init(_ work: InstanceWork, build: BuildInstance) throws {
        self.work = work
        observer = PowerObserver(PowerSynchronization(work: work))
        sampler = StatisticsSampler(work)
        try ServiceError.wrapping {
            try work.database.migrate(ComputeSchema.migrations)
            try work.database.write { transaction in
                try flavors.seed(in: transaction)
                try registerServices(in: transaction)
            }
        }
        let handlers: [any JobHandler] =
            GuestPowerJob.all(work) + [
                build, StartInstance(work: work), StopInstance(work: work), RebootInstance(work: work),
                RescueInstance(work: work), UnrescueInstance(work: work), RebuildInstance(work: work),
                ResizeInstance(work: work, ratios: build.placement.scheduler.ratios), ConfirmResize(work: work),
                RevertResize(work: work), SnapshotInstance(work: work), ShelveInstance(work: work),
                UnshelveInstance(work: work, placement: build.placement), AttachInterface(work: work),
                DetachInterface(work: work), DeleteInstance(work: work), CleanUpInstance(work: work),
                ReconcileInstances(work: work), RemoveUnusedBases(work: work),
            ] + Heartbeats.all(of: build.placement)
        for handler in handlers { work.lifecycle.jobs.register(handler) }
    }

    /// Begins to follow the hosts' events and to measure. Call it once; `JobQueue.recover()` sees to the rest.
    public func start() {
        observer.start()
        sampler.start()
    }

    /// Stops following the hosts' events, and measuring.
    public func stop() {
        observer.stop()
        sampler.stop()
    }

    /// Whether some host only pretends, which every page must say.
    public var isSimulated: Bool {
        work.hosts.hosts.contains { work.hosts.services(on: $0)?.hypervisor.identity.isSimulated ?? false }
    }

    /// Whether guests can ask a metadata service. Where no host has networks of its own, each gets a config drive.
    public var hasMetadataService: Bool {
        work.hosts.hosts.contains { work.hosts.services(on: $0)?.networks.abilities.bridges ?? false }
    }

    /// The instance, if the caller may see it.
    func visible(
        _ id: ID<Instance>, evenDeleted: Bool = false, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> Instance {
        guard let instance = try lifecycle.instances.find(id, in: transaction),
            evenDeleted || instance.state.vm != .deleted, context.canSee(projectID: instance.projectID)
        else { throw ServiceError.notFound("Instance", id.text) }
        return instance
    }

    /// The instance, if the caller may see it and do to it what the rule is about. Who may not even see it is told that
    /// there is none, as by nova.
    func visible(
        _ id: ID<Instance>, for rule: String, evenDeleted: Bool = false, as context: RequestContext,
        in transaction: borrowing Transaction
    ) throws -> Instance {
        let instance = try visible(id, evenDeleted: evenDeleted, as: context, in: transaction)
        try ComputePolicy.policy.require(rule, context)
        return instance
    }
}
