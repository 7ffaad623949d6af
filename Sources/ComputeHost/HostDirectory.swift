/// The verbs of one host.
public struct HostServices: Sendable {
    /// Runs guests.
    public let hypervisor: any Hypervisor
    /// Keeps their files.
    public let disks: any DiskBackend
    /// Connects them.
    public let networks: any NetworkBackend
    /// Looks at images.
    public let images: any ImageInspector

    /// Takes each value as it is.
    public init(
        hypervisor: any Hypervisor, disks: any DiskBackend, networks: any NetworkBackend, images: any ImageInspector
    ) {
        self.hypervisor = hypervisor
        self.disks = disks
        self.networks = networks
        self.images = images
    }
}

/// The compute hosts known to this program, by name. A host on another machine is one more entry.
public struct HostDirectory: Sendable {
    /// The names, in the order in which they were configured.
    public let hosts: [String]
    private let services: [String: HostServices]

    /// A name given twice keeps its first services.
    public init(_ entries: [(name: String, services: HostServices)]) {
        hosts = entries.map(\.name)
        services = Dictionary(entries.map { ($0.name, $0.services) }, uniquingKeysWith: { first, _ in first })
    }

    /// A directory of one host, under the host's own name.
    public init(_ services: HostServices) {
        self.init([(services.hypervisor.identity.hostname, services)])
    }

    /// Each network backend once, under the name of the first host that has it.
    public var networkBackends: [(host: String, networks: any NetworkBackend)] {
        var seen: Set<ObjectIdentifier> = []
        return hosts.compactMap { host in
            guard let networks = services[host]?.networks, seen.insert(ObjectIdentifier(networks)).inserted else {
                return nil
            }
            return (host, networks)
        }
    }

    /// The host with what a cloud has in one place, as neutron's network node: routers, and the ports of the cloud's own.
    /// By design the first that has bridges; the first of all where none has.
    public var networkNode: String? {
        hosts.first { services[$0]?.networks.abilities.bridges == true } ?? hosts.first
    }

    /// The verbs of a host, or nil when no host has that name.
    public func services(on host: String) -> HostServices? { services[host] }
}
