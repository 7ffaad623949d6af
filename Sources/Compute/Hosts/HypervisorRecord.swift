public import ComputeHost

/// One line of the hypervisors' page.
public struct HypervisorRecord: Sendable {
    /// As in `Instance.host`.
    public let host: String
    /// What runs there, and why that.
    public let identity: HypervisorIdentity
    /// Nil when the host does not answer.
    public let capacity: HostCapacity?
    /// What the instances that exist were promised, whether they run or not.
    public let promised: HostResources
}
