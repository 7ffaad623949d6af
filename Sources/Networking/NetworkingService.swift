public import ComputeHost
public import Database
public import ServiceCore

/// Networks, subnets, ports and addresses: the work of OpenStack's neutron.
///
/// Methods block; call them on a worker thread. The only error that leaves them is `ServiceError`. What another project
/// owns and does not share is `notFound`; what one may see but not change is `forbidden`.
public final class NetworkingService: Sendable {
    let database: DatabasePool
    let jobs: JobQueue
    let events: EventBus
    let clock: any WallClock
    let hosts: HostDirectory
    let configuration: NetworkingConfiguration
    let application: NetworkApplication

    /// Whether there are routers and floating IPs in this cloud.
    public var hasRouters: Bool { configuration.enableRouter }

    let networkStore = NetworkStore()
    let subnetStore = SubnetStore()
    let portStore = PortStore()
    let poolStore = PoolStore()
    let allocationStore = AllocationStore()
    let quotaStore = QuotaStore()
    let groupStore = SecurityGroupStore()
    let portSecurityStore = PortSecurityStore()
    let extraDHCPOptionStore = ExtraDHCPOptionStore()
    let routerStore = RouterStore()
    let floatingIPStore = FloatingIPStore()
    let agentStore = AgentStore()
    let rbacStore = RBACStore()
    let tagStore = TagStore()
    let subnetPoolStore = SubnetPoolStore()
    let allocator = AddressAllocator()

    /// Brings the tables up to date and takes on the jobs of this service.
    /// - Throws: `ServiceError` of kind internalError when the tables cannot be made.
    public init(
        database: DatabasePool, jobs: JobQueue, events: EventBus, clock: any WallClock, hosts: HostDirectory,
        configuration: NetworkingConfiguration = NetworkingConfiguration()
    ) throws {
        self.database = database
        self.jobs = jobs
        self.events = events
        self.clock = clock
        self.hosts = hosts
        self.configuration = configuration
        application = NetworkApplication(database: database, events: events, clock: clock)
        try ServiceError.wrapping { try database.migrate(NetworkingSchema.migrations) }
        jobs.register(ApplyNetwork(application: application, hosts: hosts))
        jobs.register(ApplyRouter(application: application, hosts: hosts))
        jobs.register(ReconcileNetworks(application: application, hosts: hosts))
        for host in hosts.hosts {
            jobs.register(
                AgentHeartbeat(
                    host: host, database: database, hosts: hosts, clock: clock,
                    enableRouter: configuration.enableRouter))
        }
    }
}
