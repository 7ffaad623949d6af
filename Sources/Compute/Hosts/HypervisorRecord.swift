public import ComputeHost

/// One line of the hypervisors' page.
public struct HypervisorRecord: Sendable {
    public let host: String
    public let identity: HypervisorIdentity
    /// Nil when the host does not answer.
    public let capacity: HostCapacity?
    /// What the instances that exist were promised, whether they run or not.
    public let promised: HostResources
}
