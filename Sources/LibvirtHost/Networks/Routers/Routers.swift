import ComputeHost
import Foundation

/// The host's routers, each a namespace with an interface on every network that it joins.
final class Routers: Sendable {
    /// The namespace that has the bridges.
    let namespace: NetworkNamespace
    /// The alias of what is ours: of the cables, and of the loopback interface of a router's namespace.
    let mark: String
    /// Where the files of those that advertise themselves are.
    let directory: String
    let tables = NftTables()

    init(namespace: NetworkNamespace, mark: String, directory: String) {
        self.namespace = namespace
        self.mark = mark
        self.directory = directory
    }

    /// Makes a router what the specification says.
    /// - Returns: what had to be done.
    @discardableResult
    func apply(_ router: RouterSpec) throws(HostError) -> [String] {
        try router.check()
        guard router.adminStateUp else {
            try remove(routerID: router.routerID)
            return []
        }
        let plan = RouterPlan(router: router, mark: mark)
        let inside = NetworkNamespace(router.namespace)
        var done = try makeNamespace(inside)
        let links = try inside.links()
        let strangers = plan.strangers(inner: links)
        // While there is somebody to tell.
        done += try leave(plan.unadvertised(inner: links), of: router.routerID)
        try inside.change(strangers)
        let cables = try plan.cables(host: try namespace.links(), inner: try inside.links())
        try namespace.change(cables)
        done += strangers + cables
        // Before there is an address to be reached by.
        if try tables.make(RouterRules.tables, from: RouterRules.text(router), in: inside) {
            done.append("nft rules of \(router.namespace)")
        }
        done += try setSwitches(plan, in: inside)
        let inner = try inside.links()
        let addresses = plan.addresses(inner: inner)
        try inside.change(addresses)
        done += addresses
        let routes = plan.routeOrders(present: try Self.routes(in: inside))
        try inside.change(routes)
        for (interface, addresses) in plan.newAddresses(inner: inner) where interface.port.adminStateUp {
            try NeighborNews.announce(addresses, on: interface.name, mac: interface.port.macAddress, in: inside)
        }
        return done + routes + (try advertise(router, try inside.links()))
    }

    /// Removes a router. Absent is a success.
    func remove(routerID: String) throws(HostError) {
        try NetworkSpec.checkID(routerID)
        let inside = NetworkNamespace(RouterSpec(routerID: routerID, interfaces: []).namespace)
        _ = try endAdvertising(routerID)
        guard inside.exists else { return }
        let links = try inside.links()
        guard isOurs(links) else { return }
        // Both ends of the cables at once, or the other ones linger for a moment.
        try inside.change(links.all.filter(RouterPlan.isInterface).map { "link delete dev \($0.name)" })
        try inside.delete()
    }

    /// Removes the routers of ours that are not named.
    func removeUnused(keeping routers: Set<String>) throws(HostError) {
        for name in NetworkNamespace.names where name.hasPrefix("qrouter-") {
            let id = String(name.dropFirst("qrouter-".count))
            guard !routers.contains(id), InstanceID.isValid(id) else { continue }
            try remove(routerID: id)
        }
        try removeAdvertisers(keeping: routers)
    }

    private func isOurs(_ links: LinkTable) -> Bool { links["lo"]?.alias == mark }

    /// - Throws: `.failed` when somebody else's namespace has the name.
    private func makeNamespace(_ inside: NetworkNamespace) throws(HostError) -> [String] {
        let isNew = try inside.create()
        let links = try inside.links()
        if isOurs(links) { return [] }
        guard isNew || links.all.allSatisfy({ $0.name == "lo" }) else {
            throw .failed(
                "there is a namespace \(inside.name ?? "") that is not Daybreak's",
                remedy: "If nothing needs it: ip netns delete \(inside.name ?? "")")
        }
        try inside.change(["link set dev lo alias \(mark)"])
        return ["netns add \(inside.name ?? "")"]
    }

    /// It forwards, answers ARP on each interface for that interface's addresses only, and listens to no other router.
    private func setSwitches(_ plan: RouterPlan, in inside: NetworkNamespace) throws(HostError) -> [String] {
        var settings = [
            ("net/ipv4/conf/all/arp_ignore", 1), ("net/ipv4/conf/all/arp_announce", 2), ("net/ipv4/ip_forward", 1),
            ("net/ipv6/conf/all/forwarding", 1),
        ]
        for interface in plan.interfaces {
            let folder = "net/ipv6/conf/\(interface.name)/"
            let hasIPv6 = interface.addresses.contains { $0.contains(":") }
            settings += [
                (folder + "accept_ra", 0), (folder + "accept_dad", 0), (folder + "disable_ipv6", hasIPv6 ? 0 : 1),
            ]
        }
        let wanted = settings
        return try inside.inside { () throws(HostError) in
            var done: [String] = []
            for (name, value) in wanted where try Sysctl.set(name, to: value) { done.append("\(name) = \(value)") }
            return done
        }
    }

    /// The namespace's routes, of both protocols.
    static func routes(in namespace: NetworkNamespace) throws(HostError) -> [RouterPlan.Route] {
        var routes: [RouterPlan.Route] = []
        for family in ["-4", "-6"] {
            let output = try CommandRunner().succeed(namespace.command("ip", ["-json", family, "route", "show"]))
            do {
                routes += try JSONDecoder().decode([RouterPlan.Route].self, from: Data(output))
            } catch {
                throw .failed("what ip says of the routes is not understood: \(error)", remedy: nil)
            }
        }
        return routes
    }
}
