import Foundation

extension SettingKey {
    /// Every setting there is, in the order they are printed. A key that is not in this table stops the start.
    static let all: [SettingKey] =
        service + security + sessions + identity + apiVersions + neutronNetwork + hostNetworks + images + consoles

    private static let service: [SettingKey] = [
        SettingKey(
            "LISTEN", \.listen,
            .list(of: .listenEntry, called: "a list of at least one \"address:port\"", mayBeEmpty: false),
            "Addresses the dashboard listens on; port 0 picks a free one. For TLS an entry is an object: "
                + #"{"address": "0.0.0.0:443", "certificate": "cert.pem", "key": "key.pem"}, "#
                + "PEM files with paths relative to this file; when they change they are read again. "
                + #"{"address": "127.0.0.1:5000", "service": "identity"} is a port of one of OpenStack's services, "#
                + "whose paths need no prefix there."),
        SettingKey(
            "ALLOWED_HOSTS", \.allowedHosts, .list(of: .hostPattern, called: "a list of host names"),
            "Host names a browser may ask for; \".example.com\" includes sub-domains, \"*\" is any, an empty list only "
                + "this machine. Others get 400."),
        SettingKey(
            "MAX_CONNECTIONS", \.maxConnections, .whole(16...1_000_000, unit: "connections"),
            "Open connections at once, fewer where the limit of open files is lower. For one more an idle one is closed; "
                + "when none is idle it gets 503."),
        SettingKey(
            "MAX_CONNECTIONS_PER_CLIENT", \.maxConnectionsPerClient, .whole(8...1_000_000, unit: "connections"),
            "Open connections at once of one IPv4 address or one IPv6 /64 network; this machine's own are not counted."),
        SettingKey(
            "STATE_PATH", \.statePath, .text("a folder's path") { !$0.isEmpty && !$0.contains("\0") },
            "Folder of the database, images, instances and private sockets; relative to this file."),
        SettingKey(
            "LIBVIRT_URI", \.libvirtURI, .libvirtURI,
            "The hypervisor: \"auto\" chooses (see daybreak doctor), \"private\" is a libvirtd of our own, \"simulated\" "
                + "runs no guests, else a libvirt URI."),
        SettingKey(
            "COMPUTE_HOSTS", \.computeHosts, .computeHosts,
            "Several compute hosts instead of the one of LIBVIRT_URI, such as "
                + #"[{"name": "linux-node1", "uri": "private"}, {"name": "linux-node2", "uri": "private"}]. "#
                + "Each keeps its instances in STATE_PATH/hosts/<name>, or in its \"path\"; the first bears the controllers."
        ),
        SettingKey(
            "TIME_ZONE", \.timeZone, .timeZone,
            "Zone of the times shown, unless a user chose another."),
        SettingKey(
            "SECRET_KEY", \.secretKey,
            .optional(.text("a text of at least 32 characters") { $0.utf8.count >= 32 }, absent: "null"), secret: true,
            "Key that signs tokens; left out, one is generated into STATE_PATH/secret_key on the first start."),
    ]

    private static let sessions: [SettingKey] = [
        SettingKey(
            "SESSION_ENGINE", \.sessionEngine,
            .oneOf(SessionEngine.self, expected: "\"\(SessionEngine.cache.rawValue)\", the engine there is"),
            "Where sessions live: in the cache named below."),
        SettingKey(
            "SESSION_TIMEOUT", \.sessionTimeout, .whole(60...2_592_000, unit: "seconds"),
            "A session ends this long after it was last used."),
        SettingKey(
            "CACHES.default.BACKEND", \.cache.backend,
            .oneOf(CacheBackend.self, expected: "the name of one of Django's memcached or LocMemCache backends"),
            "The cache: memcached, or the memory of this process (sessions end with it)."),
        SettingKey(
            "CACHES.default.LOCATION", \.cache.locations,
            .list(
                of: .cacheLocation, called: "\"host:port\" or \"unix:path\", or a list of them", acceptsOne: true,
                mayBeEmpty: true),
            "Where memcached answers. A socket's relative path starts at STATE_PATH; it is started when none answers."),
    ]

    private static let identity: [SettingKey] = [
        SettingKey(
            "OPENSTACK_HOST", \.openStackHost, .hostName, "Host named in the addresses shown to API clients."),
        SettingKey(
            "OPENSTACK_KEYSTONE_URL", \.keystoneURLTemplate,
            .text("a URL that begins with http:// or https://") {
                ($0.hasPrefix("http://") || $0.hasPrefix("https://")) && !$0.contains(" ")
            },
            "Address of the identity service shown to API clients; %s is OPENSTACK_HOST."),
        SettingKey(
            "OPENSTACK_KEYSTONE_MULTIDOMAIN_SUPPORT", \.keystoneMultidomainSupport, .flag,
            "Whether the login page asks for a domain and pages show domains."),
        SettingKey(
            "OPENSTACK_KEYSTONE_DEFAULT_DOMAIN", \.keystoneDefaultDomain,
            .text("a domain's name or id") { !$0.isEmpty },
            "Domain that counts when none was typed."),
        SettingKey(
            "OPENSTACK_KEYSTONE_DEFAULT_ROLE", \.keystoneDefaultRole, .text("a role's name") { !$0.isEmpty },
            "Role a new member of a project gets."),
    ]

    private static let apiVersions: [SettingKey] = [
        SettingKey("OPENSTACK_API_VERSIONS.identity", \.apiVersions.identity, .version(3), "Identity API."),
        SettingKey("OPENSTACK_API_VERSIONS.image", \.apiVersions.image, .version(2), "Image API."),
        SettingKey(
            "OPENSTACK_API_VERSIONS.volume", \.apiVersions.volume, .version(2, 3),
            "Block storage API; 2 is served as 3, which replaced it."),
        SettingKey("OPENSTACK_API_VERSIONS.compute", \.apiVersions.compute, .version(2, 2.1), "Compute API."),
        SettingKey(
            "OPENSTACK_API_VERSIONS.data-processing", \.apiVersions.dataProcessing, .version(1.1),
            "Accepted for the sake of older files; there is no data processing."),
    ]

    private static let neutronNetwork: [SettingKey] = [
        flag("enable_router", \.neutronNetwork.enableRouter, "Routers and floating IPs."),
        flag("enable_quotas", \.neutronNetwork.enableQuotas, "Network quotas on the forms."),
        flag("enable_ipv6", \.neutronNetwork.enableIPv6, "IPv6 subnets."),
        flag("enable_distributed_router", \.neutronNetwork.enableDistributedRouter, "Distributed routers."),
        flag("enable_ha_router", \.neutronNetwork.enableHARouter, "Routers on more than one node."),
        flag("enable_lb", \.neutronNetwork.enableLoadBalancer, "Accepted for the sake of older files; no effect."),
        flag("enable_firewall", \.neutronNetwork.enableFirewall, "Accepted for the sake of older files; no effect."),
        flag("enable_vpn", \.neutronNetwork.enableVPN, "Accepted for the sake of older files; no effect."),
        flag(
            "enable_fip_topology_check", \.neutronNetwork.enableFloatingIPTopologyCheck,
            "Offer a floating IP only to ports a router can reach."),
    ]

    private static func flag(
        _ name: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable, _ summary: String
    ) -> SettingKey {
        SettingKey("OPENSTACK_NEUTRON_NETWORK." + name, path, .flag, summary)
    }
}

extension SettingType where Value == String {
    fileprivate static let hostName = text("a host name or address") { name in
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }

    fileprivate static let hostPattern = text(
        "a host name without scheme and port, \".domain\" or \"*\"", where: HostPattern.isValid)

    static let libvirtURI = text(
        "\"auto\", \"private\", \"simulated\" or a libvirt URI such as \"qemu:///system\"",
        known: { ["auto", "private", "simulated", "qemu:///system", "qemu:///session", "test:///default"] },
        where: { uri in
            ["auto", "private", "simulated"].contains(uri)
                || (uri.contains("://") && !uri.contains(" ") && uri.first != ":")
        })

    fileprivate static let timeZone = text(
        "the name of a time zone such as \"UTC\" or \"Asia/Shanghai\"",
        known: { TimeZone.knownTimeZoneIdentifiers + ["UTC"] },
        where: { $0 == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains($0) })

    fileprivate static let cacheLocation = text("\"host:port\" or \"unix:path\"") { location in
        location.hasPrefix("unix:") ? location.utf8.count > 5 : location.hasPrefix("/") || SocketName(location) != nil
    }
}
