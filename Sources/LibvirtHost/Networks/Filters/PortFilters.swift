import ComputeHost

/// What guests may send and get: security groups and the guard against borrowed addresses.
struct PortFilters: Sendable {
    /// The namespace that has the bridges.
    let namespace: NetworkNamespace

    /// Makes the kernel's rules for a network's ports what the specification says. The taps need not be there.
    /// - Returns: what had to be done.
    func apply(_ network: NetworkSpec) throws(HostError) -> [String] { [] }

    /// Removes the rules of a network. Absent is a success.
    func remove(networkID: String) throws(HostError) {}
}
