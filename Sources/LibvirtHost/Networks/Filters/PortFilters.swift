import ComputeHost
import Synchronization

/// What guests may send and get, in the kernel: security groups and the guard against borrowed addresses. There is one
/// table a network in each family, named after its bridge, so that one network never disturbs another.
final class PortFilters: Sendable {
    /// The namespace that has the bridges.
    let namespace: NetworkNamespace
    let tables = NftTables()
    private let known = Mutex<FilterDesign?>(nil)

    init(namespace: NetworkNamespace) { self.namespace = namespace }

    /// Which way of filtering the kernel has, asked once.
    ///
    /// - Throws: what `FilterDesign.detect` throws, and it is asked again the next time.
    func design() throws(HostError) -> FilterDesign {
        if let design = known.withLock({ $0 }) { return design }
        let design = try FilterDesign.detect(in: namespace)
        known.withLock { $0 = design }
        return design
    }

    /// Makes the kernel's rules for a network's ports what the specification says, in one step.
    ///
    /// The network's bridge must be there. The taps need not be: rules are loaded before a guest starts.
    /// - Returns: what had to be done.
    @discardableResult
    func apply(_ network: NetworkSpec) throws(HostError) -> [String] {
        let switched = try design() == .bridgeNetfilter ? BridgeNetfilter.switchOn(in: namespace) : []
        let ruleset = try ruleset(for: network)
        let isChanged = try tables.make(ruleset.tables, from: ruleset.text(), in: namespace)
        return switched + (isChanged ? ["nft rules of \(network.bridgeName)"] : [])
    }

    /// Removes the rules of a network. Absent is a success.
    func remove(networkID: String) throws(HostError) {
        guard FilterRuleset.isIdentifier(networkID) else { return }
        let name = NetworkSpec(networkID: networkID, subnets: []).bridgeName
        try tables.remove(["bridge", "ip", "ip6"].map { NftTables.Name(family: $0, name: name) }, in: namespace)
    }

    /// What the network's rules are to be made of, with what the kernel says of its bridge.
    ///
    /// - Throws: `.unavailable` when there is no bridge yet.
    func ruleset(for network: NetworkSpec) throws(HostError) -> FilterRuleset {
        let links = try namespace.links()
        guard let bridge = links[network.bridgeName] else {
            throw .unavailable("there is no bridge \(network.bridgeName) yet")
        }
        let known = Set(network.ports.map(\.tapName))
        // A guest's device (tun(4)), unlike the cables to DHCP servers and routers.
        let strangers = links.ports(of: network.bridgeName).filter { $0.kind == "tun" && !known.contains($0.name) }
        return FilterRuleset(
            network: network, design: try design(), zone: max(1, bridge.index & 0xffff),
            strangers: strangers.map(\.name))
    }
}
