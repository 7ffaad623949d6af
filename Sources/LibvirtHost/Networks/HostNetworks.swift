public import ComputeHost

/// Where the networks of this machine's compute hosts are, and what leads out of them.
public struct NetworkConfiguration: Sendable, Hashable {
    /// `HOST_NETWORK`.
    public var setting: HostNetworkSetting
    /// `HOST_NAMESPACE`; nil is the machine's own.
    public var namespace: String?
    /// The interface of each physical network (`PHYSICAL_INTERFACE_MAPPINGS`).
    public var interfaces: [String: String]
    /// The address that VXLAN tunnels start from (`VXLAN_LOCAL_IP`); nil keeps such networks on this machine.
    public var tunnelAddress: String?
    /// An absolute path (`STATE_PATH`); the DHCP servers' files are below it, in `dhcp`, and those of routers in `ra`.
    public var statePath: String

    /// Takes each value as it is.
    public init(
        setting: HostNetworkSetting = .user, namespace: String? = nil, interfaces: [String: String] = [:],
        tunnelAddress: String? = nil, statePath: String
    ) {
        self.setting = setting
        self.namespace = namespace
        self.interfaces = interfaces
        self.tunnelAddress = tunnelAddress
        self.statePath = statePath
    }
}

/// The networks of this machine: one object for all hosts that run on it, since they share the namespace.
public final class HostNetworks: Sendable {
    let configuration: NetworkConfiguration
    let bridges: LinuxBridgeNetworks

    /// Reads or makes the mark of what is ours. Nothing else is made yet.
    /// - Throws: `.failed` when the state path cannot be written.
    public init(_ configuration: NetworkConfiguration) throws(HostError) {
        self.configuration = configuration
        let directory = configuration.statePath + "/dhcp"
        try FileSystem.createDirectory(directory)
        bridges = LinuxBridgeNetworks(
            BridgeConfiguration(
                namespace: configuration.namespace, directory: directory,
                routerDirectory: configuration.statePath + "/ra",
                owner: try Self.owner(directory + "/owner"),
                uplinks: Uplinks(mappings: configuration.interfaces, tunnelAddress: configuration.tunnelAddress)),
            abilities: NetworkAbilities(bridges: true, namespace: configuration.namespace))
    }

    /// What a host plugs its guests into, and why.
    struct Chosen {
        let backend: any NetworkBackend
        let choice: NetworkChoice
    }

    /// What a host gets. With bridges, the namespace is there when it returns.
    /// - Parameter networks: nil, as settings that ask for none, gives each guest the emulator's own.
    /// - Throws: `.failed` when the settings insist on bridges and there can be none.
    static func choose(_ networks: HostNetworks?, for hypervisor: HypervisorChoice) throws(HostError) -> Chosen {
        let configuration = networks?.configuration
        var choice = NetworkChoice.decide(
            setting: configuration?.setting ?? .user, namespace: configuration?.namespace, hypervisor: hypervisor)
        if choice.abilities.bridges, let networks {
            do {
                try networks.prepare()
                return Chosen(backend: networks.bridges, choice: choice)
            } catch {
                choice = choice.without(because: error.reason)
            }
        }
        guard configuration?.setting != .bridge else {
            throw .failed(
                "HOST_NETWORK is \"bridge\", and there can be no bridges. "
                    + choice.abilities.missing.joined(separator: " "),
                remedy: "Cure that, or set HOST_NETWORK to \"auto\".")
        }
        return Chosen(backend: UserModeNetworks(abilities: choice.abilities), choice: choice)
    }

    /// Nothing in a namespace of our own speaks IPv6 by itself: a bridge is not a station.
    func prepare() throws(HostError) {
        try bridges.host.create()
        // A bridge without filters would be open to everybody: then there is none.
        _ = try bridges.filters.design()
        guard configuration.namespace != nil else { return }
        try bridges.host.inside { () throws(HostError) in
            for name in ["default", "all"] { try Sysctl.set("net/ipv6/conf/\(name)/disable_ipv6", to: 1) }
        }
    }

    private static func owner(_ path: String) throws(HostError) -> String {
        if let known = FileSystem.readText(path), InstanceID.isValid(known) { return known }
        let fresh = RandomUUID.make()
        try FileSystem.write(fresh, to: path)
        return fresh
    }
}

extension NetworkChoice {
    /// The same choice without bridges, because they did not work.
    func without(because failure: String) -> NetworkChoice {
        NetworkChoice(
            abilities: NetworkAbilities(bridges: false, missing: [failure]),
            reason: "Each guest is alone on the emulator's own network. " + failure)
    }
}
