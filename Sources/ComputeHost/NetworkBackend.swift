/// Connects guests on one host to their networks.
public protocol NetworkBackend: Sendable {
    /// How a guest's interface is to be attached for this port.
    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode

    /// Makes the host's part of the network equal to `network`. Older generations than the last one seen are ignored.
    func apply(_ network: NetworkSpec) throws(HostError)

    /// Removes the host's part of the network. Absent is a success.
    func remove(networkID: String) throws(HostError)
}
