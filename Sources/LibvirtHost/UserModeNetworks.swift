import ComputeHost

/// The networks of a host that has no host network: each guest is alone on an emulated one, so there is nothing to
/// make on the host.
final class UserModeNetworks: NetworkBackend {
    let abilities: NetworkAbilities

    init(abilities: NetworkAbilities) { self.abilities = abilities }

    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode { .user }
    func apply(_ network: NetworkSpec) throws(HostError) {}
    func remove(networkID: String) throws(HostError) {}
    func apply(_ router: RouterSpec) throws(HostError) {}
    func remove(routerID: String) throws(HostError) {}
    func removeUnused(keepingNetworks: Set<String>, routers: Set<String>) throws(HostError) {}
    func openMetadataListener(networkID: String) throws(HostError) -> Int32? { nil }
    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] { [] }
}
