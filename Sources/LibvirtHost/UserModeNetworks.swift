import ComputeHost

/// The networks of a host that has no host network: each guest is alone on an emulated one, so there is nothing to
/// make on the host.
struct UserModeNetworks: NetworkBackend {
    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode { .user }
    func apply(_ network: NetworkSpec) throws(HostError) {}
    func remove(networkID: String) throws(HostError) {}
}
