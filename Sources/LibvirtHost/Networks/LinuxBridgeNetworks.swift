import ComputeHost
import Foundation
import Logging
import Synchronization

/// Where the host's networks are, and which interfaces lead out of it.
struct BridgeConfiguration: Sendable {
    /// The namespace of bridges and taps; nil for the machine's own.
    var namespace: String?
    /// Where the DHCP servers' files are, a directory for each network.
    var directory: String
    /// Where the files of routers are that advertise themselves, a directory for each.
    var routerDirectory: String
    /// Tells what this installation made from what others did.
    var owner: String
    var uplinks: Uplinks
}

/// Networks as neutron's Linux bridge and DHCP agents make them: a bridge for each, with a cable to a namespace that has
/// dnsmasq and the metadata address.
///
/// Everything is made by comparing: the kernel is asked what there is, a plan says what to change, and only that is done.
/// So an apply may be repeated, and mends what somebody broke. What is ours bears a mark (`alias daybreak:<owner>`), a
/// network's namespace is ours when the network has a directory; the mark comes first, so that whatever happens in between
/// nothing is left that nobody removes.
final class LinuxBridgeNetworks: NetworkBackend {
    let abilities: NetworkAbilities
    let configuration: BridgeConfiguration
    let host: NetworkNamespace
    let filters: PortFilters
    let routers: Routers
    /// One change at a time. What was applied last, by id.
    let state = Mutex<[String: NetworkSpec]>([:])
    let log = Logger(label: "daybreak.networks")

    init(_ configuration: BridgeConfiguration, abilities: NetworkAbilities) {
        self.configuration = configuration
        self.abilities = abilities
        host = NetworkNamespace(configuration.namespace)
        filters = PortFilters(namespace: host)
        routers = Routers(
            namespace: host, mark: "daybreak:" + configuration.owner, directory: configuration.routerDirectory)
    }

    var mark: String { "daybreak:" + configuration.owner }
    var plan: BridgePlan { BridgePlan(mark: mark, uplinks: configuration.uplinks) }

    func attachment(for port: PortSpec) throws(HostError) -> InterfaceMode { .bridge }

    func apply(_ network: NetworkSpec) throws(HostError) {
        try network.check()
        try state.withLock { applied throws(HostError) in
            if let known = applied[network.networkID], known.generation > network.generation { return }
            let done = try make(network)
            if !done.isEmpty {
                let isMended = applied[network.networkID] == network
                log.log(
                    level: isMended ? .notice : .info, isMended ? "a network was mended" : "a network was changed",
                    metadata: ["network": "\(network.networkID)", "done": "\(done.joined(separator: "; "))"])
            }
            applied[network.networkID] = network
        }
    }

    func remove(networkID: String) throws(HostError) {
        try NetworkSpec.checkID(networkID)
        try state.withLock { applied throws(HostError) in
            try takeAway(networkID)
            applied[networkID] = nil
        }
    }

    func apply(_ router: RouterSpec) throws(HostError) {
        try state.withLock { _ throws(HostError) in
            let done = try routers.apply(router)
            guard !done.isEmpty else { return }
            log.info(
                "a router was changed",
                metadata: ["router": "\(router.routerID)", "done": "\(done.joined(separator: "; "))"])
        }
    }

    func remove(routerID: String) throws(HostError) {
        try state.withLock { _ throws(HostError) in try routers.remove(routerID: routerID) }
    }

    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] {
        try NetworkInspection(
            host: host, filters: filters, uplinks: configuration.uplinks, server: server(network.networkID)
        ).inspect(network, port: port)
    }
}

extension LinuxBridgeNetworks {
    func server(_ networkID: String) -> DnsmasqServer {
        DnsmasqServer(
            directory: configuration.directory + "/" + networkID, namespace: NetworkNamespace("qdhcp-" + networkID))
    }

    /// Makes the host's part of a network so, and says what had to be done.
    private func make(_ network: NetworkSpec) throws(HostError) -> [String] {
        // The directory says that what has the network's name is ours.
        try FileSystem.createDirectory(configuration.directory + "/" + network.networkID)
        let links = try host.links()
        var orders = try plan.orders(for: network, in: links)
        try host.change(orders)
        let plugging = plan.tapOrders(for: network, in: links)
        try host.change(plugging, ifThere: true)
        orders += plugging
        let filtered = try filters.apply(network)
        guard let port = network.dhcpPort, network.adminStateUp else {
            return orders + filtered + (try endDHCP(network.networkID))
        }
        return orders + filtered + (try makeNamespace(network, port, links)) + (try serve(network, port))
    }

    /// The namespace on the network, with its addresses.
    private func makeNamespace(
        _ network: NetworkSpec, _ port: PortSpec, _ links: LinkTable
    ) throws(HostError) -> [String] {
        let namespace = NetworkNamespace(network.dhcpNamespace)
        let plan = DHCPPlan(mark: mark)
        var done = try namespace.create() ? ["netns add \(network.dhcpNamespace)"] : []
        var inner = try namespace.links()
        let strangers = plan.strangers(port, inner: inner)
        try namespace.change(strangers)
        let cable = try plan.cable(port, of: network, host: links, inner: inner)
        try host.change(cable)
        done += try setSwitches(network, port, in: namespace)
        if !cable.isEmpty { inner = try namespace.links() }
        let orders = plan.addresses(port, of: network, inner: inner)
        try namespace.change(orders)
        return done + strangers + cable + orders
    }

    /// IPv6 only where the network has it, and then without the second in which an address is not used yet.
    private func setSwitches(
        _ network: NetworkSpec, _ port: PortSpec, in namespace: NetworkNamespace
    ) throws(HostError) -> [String] {
        let hasIPv6 = port.fixedIPs.contains { $0.address.contains(":") }
        let folder = "net/ipv6/conf/\(DHCPPlan.interface(port))/"
        let settings = [("accept_ra", 0), ("accept_dad", 0), ("disable_ipv6", hasIPv6 ? 0 : 1)]
        return try namespace.inside { () throws(HostError) in
            var done: [String] = []
            for (name, value) in settings where try Sysctl.set(folder + name, to: value) {
                done.append("\(folder)\(name) = \(value)")
            }
            return done
        }
    }

    private func serve(_ network: NetworkSpec, _ port: PortSpec) throws(HostError) -> [String] {
        let server = server(network.networkID)
        return try server.make(
            DnsmasqPlan(network, port: port, directory: server.directory, user: server.user))
    }

    /// Takes away what gave addresses; the network's directory stays, for it says whose the bridge is.
    private func endDHCP(_ networkID: String) throws(HostError) -> [String] {
        let server = server(networkID)
        // First: it lives on in a namespace that has lost its name.
        try server.stop()
        guard server.namespace.exists else {
            try server.namespace.delete()
            return []
        }
        let inner = try? server.namespace.links()
        // Both ends of the cable at once, or the other one lingers for a moment.
        try server.namespace.change(
            (inner?.all ?? []).filter { $0.name.hasPrefix("ns-") }.map { "link delete dev \($0.name)" })
        try server.namespace.delete()
        return ["netns delete \(server.namespace.name ?? "")"]
    }

    func takeAway(_ networkID: String) throws(HostError) {
        let directory = configuration.directory + "/" + networkID
        if FileSystem.exists(directory) { _ = try endDHCP(networkID) }
        let bridge = NetworkSpec(networkID: networkID, subnets: []).bridgeName
        try host.change(plan.removal(ofBridge: bridge, in: try host.links()))
        try filters.remove(networkID: networkID)
        try FileSystem.remove(directory)
    }
}
