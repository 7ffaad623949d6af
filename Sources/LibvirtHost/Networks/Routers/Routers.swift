import ComputeHost

/// The host's routers, each a namespace.
struct Routers: Sendable {
    /// The namespace that has the bridges.
    let namespace: NetworkNamespace
    /// The alias of what is ours.
    let mark: String

    /// Makes a router what the specification says.
    /// - Returns: what had to be done.
    func apply(_ router: RouterSpec) throws(HostError) -> [String] { [] }

    /// Removes a router. Absent is a success.
    func remove(routerID: String) throws(HostError) {}

    /// Removes the routers of ours that are not named.
    func removeUnused(keeping routers: Set<String>) throws(HostError) {}
}
