/// Everything that can be configured. The stored values below are the defaults; which key of `local_settings.json`
/// fills which of them is said once, in `SettingKey.all`.
struct Settings: Sendable, Equatable {
    var openStackHost = "127.0.0.1"
    var sessionEngine = SessionEngine.cache
    var allowedHosts = ["localhost", "127.0.0.1", "[::1]"]
    var cache = CacheSettings()
    /// `%s` stands for `openStackHost`, as in the Python file this one is modelled on.
    var keystoneURLTemplate = "http://%s:8000/identity/v3"
    var keystoneMultidomainSupport = true
    var apiVersions = APIVersions()
    var keystoneDefaultDomain = "default"
    var keystoneDefaultRole = "member"
    var neutronNetwork = NeutronNetworkFlags()
    var hostNetworks = HostNetworkSettings()
    var consoles = ConsoleSettings()
    var images = ImageSettings()
    var timeZone = "UTC"
    /// At least one.
    var listen = [ListenEntry("127.0.0.1:8000")]
    var transportSecurity = TransportSecurity()
    var maxConnections = 16_384
    var maxConnectionsPerClient = 1_000
    /// Relative to the folder of the settings file.
    var statePath = "var"
    var libvirtURI = "auto"
    /// Empty: the one host of `libvirtURI`.
    var computeHosts: [ComputeHostEntry] = []
    /// `nil`: generated on the first start into the state directory.
    var secretKey: String?
    /// Seconds.
    var sessionTimeout = 3600

    var keystoneURL: String {
        keystoneURLTemplate.split(separator: "%s", omittingEmptySubsequences: false).joined(separator: openStackHost)
    }
}

/// Where sessions live. The other engines Django names keep them in a database, in files or in the cookie itself.
enum SessionEngine: String, Sendable, CaseIterable {
    case cache = "django.contrib.sessions.backends.cache"
}

/// `CACHES["default"]`.
struct CacheSettings: Sendable, Equatable {
    var backend = CacheBackend.pyMemcache
    /// `host:port`, or `unix:` and the path of a socket; a relative path starts at `STATE_PATH`.
    var locations = ["unix:memcached/memcached.sock"]
}

/// Django's names for the caches: three clients of memcached, and a dictionary inside the process.
enum CacheBackend: String, Sendable, CaseIterable {
    case pyMemcache = "django.core.cache.backends.memcached.PyMemcacheCache"
    case memcached = "django.core.cache.backends.memcached.MemcachedCache"
    case pyLibMC = "django.core.cache.backends.memcached.PyLibMCCache"
    case localMemory = "django.core.cache.backends.locmem.LocMemCache"

    var isMemcached: Bool { self != .localMemory }
}

/// `OPENSTACK_API_VERSIONS`.
struct APIVersions: Sendable, Equatable {
    var identity = 3.0
    var image = 2.0
    var volume = 3.0
    var compute = 2.0
    var dataProcessing = 1.1
}

/// `OPENSTACK_NEUTRON_NETWORK`: which network features the pages offer.
struct NeutronNetworkFlags: Sendable, Equatable {
    var enableRouter = true
    var enableQuotas = true
    var enableIPv6 = true
    var enableDistributedRouter = false
    var enableHARouter = false
    var enableLoadBalancer = false
    var enableFirewall = false
    var enableVPN = false
    var enableFloatingIPTopologyCheck = true
}
