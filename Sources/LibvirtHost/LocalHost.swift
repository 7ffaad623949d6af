public import ComputeHost

/// Where the local host keeps things, and how it reaches libvirt.
public struct LibvirtConfiguration: Sendable, Hashable {
    /// `auto`, `private`, `simulated`, or an address of libvirt's (`LIBVIRT_URI`).
    public var uri: String
    /// An absolute path (`STATE_PATH`).
    public var statePath: String
    /// Where the images' files are, named by id; an absolute path.
    public var imagesDirectory: String
    /// The host's name in the services; nil takes the machine's.
    public var hostname: String?
    /// Whether a hypervisor that does not work is simulated. One of several hosts rather waits for its own: what is
    /// launched there would run nowhere, and the others would not tell.
    public var simulatesFailing = true
    /// The namespace that a private libvirtd and its guests are in (`HOST_NAMESPACE`); nil is the machine's own.
    public var namespace: String?

    /// Takes each value as it is.
    public init(uri: String = "auto", statePath: String, imagesDirectory: String? = nil, hostname: String? = nil) {
        self.uri = uri
        self.statePath = statePath
        self.imagesDirectory = imagesDirectory ?? statePath + "/images"
        self.hostname = hostname
    }

    var files: InstanceFiles { InstanceFiles(root: statePath + "/instances") }
    /// What is used on this machine, and why. Starts nothing.
    public var choice: HypervisorChoice { HypervisorChoice.decide(setting: effectiveURI, disks: files.root) }
    var daemon: PrivateLibvirtd { PrivateLibvirtd(statePath: statePath, namespace: namespace) }
    /// In a namespace of its own only a libvirtd of our own plugs guests in.
    private var effectiveURI: String { namespace != nil && ["auto", ""].contains(uri) ? "private" : uri }
}

/// The compute host on this machine.
public struct LocalHost: Sendable {
    /// The host's verbs.
    public let services: HostServices
    /// What was chosen, and why.
    public let choice: HypervisorChoice
    /// What the guests' networks are made of, and why.
    public let networkChoice: NetworkChoice
    private let hypervisor: LibvirtHypervisor?
    private let keeper: ConsoleLogKeeper?

    /// Chooses a hypervisor, starts what it needs and connects to it.
    ///
    /// It always succeeds when the state path can be written. Where no hypervisor works, the host is simulated and
    /// `choice` says why; unless there are instances on disk, whose host then answers `.unavailable` until libvirt is
    /// back.
    ///
    /// - Parameter networks: those of this machine; nil gives each guest the emulator's own.
    /// - Throws: `.failed` when the state path cannot be written, or the settings insist on bridges that cannot be.
    public static func open(
        _ configuration: LibvirtConfiguration, networks: HostNetworks? = nil
    ) throws(HostError) -> LocalHost {
        try configuration.files.prepare()
        var choice = configuration.choice
        let networks = try HostNetworks.choose(networks, for: choice)
        guard choice.mode != .simulated else { return simulated(choice, configuration, networks) }
        do {
            if choice.mode == .privateDaemon {
                let daemon = configuration.daemon
                choice.uri = daemon.uri
                _ = try daemon.start()
            }
            let host = try connecting(choice, configuration, networks)
            try host.hypervisor?.begin()
            host.keeper?.start()
            return host
        } catch {
            // To simulate now would show the instances that are here as vanished. They are only out of reach.
            let hasInstances = FileSystem.names(in: configuration.files.root).contains(where: InstanceID.isValid)
            if hasInstances || !configuration.simulatesFailing {
                let host = try connecting(choice.waiting(because: error.reason), configuration, networks)
                host.hypervisor?.keepTrying()
                host.keeper?.start()
                return host
            }
            return simulated(choice.simulated(because: error.reason), configuration, networks)
        }
    }

    /// The name of this machine, which its host has unless the settings say otherwise.
    public static var machineName: String { HostFacts.hostname() }

    /// Closes the connection. Guests, and a daemon that was started for them, go on.
    public func close() {
        keeper?.stop()
        hypervisor?.close()
    }

    private static func connecting(
        _ choice: HypervisorChoice, _ configuration: LibvirtConfiguration, _ networks: HostNetworks.Chosen
    ) throws(HostError) -> LocalHost {
        let files = configuration.files
        let identity = HypervisorIdentity(
            hostname: configuration.hostname ?? HostFacts.hostname(), uri: choice.uri,
            driver: choice.domainType == "test" ? "test" : "qemu", domainType: choice.domainType, reason: choice.reason)
        // A daemon of our own that died is started again; nobody else does.
        let daemon = choice.mode == .privateDaemon ? configuration.daemon : nil
        let hypervisor = LibvirtHypervisor(identity: identity, files: files, owner: try ownerID(files)) {
            _ = try? daemon?.start()
        }
        try ComputeNodes.record(hypervisor.identity.hostname, in: files)
        let disks = QemuDiskBackend(
            files: files, imagesDirectory: configuration.imagesDirectory, runner: CommandRunner(), guests: hypervisor)
        let services = HostServices(
            hypervisor: hypervisor, disks: disks,
            networks: networks.backend,
            images: QemuImg(runner: CommandRunner())
        )
        return LocalHost(
            services: services, choice: choice, networkChoice: networks.choice, hypervisor: hypervisor,
            keeper: ConsoleLogKeeper(ConsoleLogs(files: files)))
    }

    private static func simulated(
        _ choice: HypervisorChoice, _ configuration: LibvirtConfiguration, _ networks: HostNetworks.Chosen
    ) -> LocalHost {
        let host = InMemoryHost(
            hostname: configuration.hostname ?? HostFacts.hostname(), reason: choice.reason,
            imagesDirectory: configuration.imagesDirectory)
        var images = host.services.images
        if CommandRunner.find("qemu-img") != nil { images = QemuImg(runner: CommandRunner()) }
        let services = HostServices(hypervisor: host, disks: host, networks: host, images: images)
        return LocalHost(
            services: services, choice: choice, networkChoice: networks.choice, hypervisor: nil, keeper: nil)
    }

    /// Tells our domains from those of another installation on the same libvirt.
    private static func ownerID(_ files: InstanceFiles) throws(HostError) -> String {
        if let known = FileSystem.readText(files.ownerFile), InstanceID.isValid(known) { return known }
        let fresh = RandomUUID.make()
        try FileSystem.write(fresh, to: files.ownerFile)
        return fresh
    }
}
