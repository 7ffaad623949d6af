/// The verbs of one host.
public struct HostServices: Sendable {
    public let hypervisor: any Hypervisor
    public let disks: any DiskBackend
    public let networks: any NetworkBackend
    public let images: any ImageInspector

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

    public func services(on host: String) -> HostServices? { services[host] }
}
