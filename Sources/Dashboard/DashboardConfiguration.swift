public import ServiceCore

/// What an operator may set about the pages.
public struct DashboardConfiguration: Sendable {
    /// The key under which sessions, messages and pre-login tokens are sealed.
    public var secretKey: [UInt8]
    /// Seconds a session lives without a request (`SESSION_TIMEOUT`); never longer than its token.
    public var sessionTimeout = 3600
    /// Whether the login form asks for a domain (`OPENSTACK_KEYSTONE_MULTIDOMAIN_SUPPORT`).
    public var asksForDomain = true
    /// The domain that is meant when none is asked for (`OPENSTACK_KEYSTONE_DEFAULT_DOMAIN`), a name or an id.
    public var defaultDomain = "Default"
    /// The IANA time zone of times on pages, until a reader chooses another (`TIME_ZONE`).
    public var timeZone = "UTC"
    /// Panels and fields that are switched on (`OPENSTACK_NEUTRON_NETWORK`).
    public var networkFeatures = NetworkFeatures()
    /// Where this cloud's services are, for System Information.
    public var endpoints: [ServiceEndpoint] = []
    /// Shown on every page: what a reader must know about this cloud, such as that its instances are simulated.
    public var banner: Message?
    /// What stands in the way of connecting guests to their networks, in the host's words; nil when nothing does.
    public var missingForBridges: String?
    /// The programs that show consoles, and which comes first.
    public var consoles = ConsoleViewers()
    /// The address of a file of `Public/`, with its content hash.
    public var staticURL: @Sendable (_ path: String) -> String = { "/static/\($0)" }

    /// The defaults under a secret.
    public init(secretKey: [UInt8]) {
        self.secretKey = secretKey
    }
}

/// A service of this cloud and where clients find it.
public struct ServiceEndpoint: Sendable, Hashable {
    /// Its project: keystone, nova, …
    public let name: String
    /// What it is: identity, compute, …
    public let type: String
    /// The region it serves.
    public let region: String
    /// The same for administrators, for the services themselves and for everybody; nil while it has no API of its own.
    public let url: String?

    /// Takes each value as it is.
    public init(name: String, type: String, region: String = "RegionOne", url: String?) {
        self.name = name
        self.type = type
        self.region = region
        self.url = url
    }
}

/// `OPENSTACK_NEUTRON_NETWORK`: which parts of neutron the pages show.
public struct NetworkFeatures: Sendable {
    /// Routers, floating IPs and the topology.
    public var enableRouter = true
    /// Quotas of networks.
    public var enableQuotas = true
    /// The version field and the IPv6 modes of subnets.
    public var enableIPv6 = true

    /// Everything switched on.
    public init() {}
}
