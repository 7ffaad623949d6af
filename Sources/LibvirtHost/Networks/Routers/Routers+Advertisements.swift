import ComputeHost

/// What a router tells guests of itself.
extension Routers {
    /// The router's dnsmasq, `STATE_PATH/ra/<router id>`.
    func advertiser(_ routerID: String) -> DnsmasqServer {
        DnsmasqServer(
            directory: directory + "/" + routerID,
            namespace: NetworkNamespace(RouterSpec(routerID: routerID, interfaces: []).namespace))
    }

    /// Has the router tell what it should, once its addresses are there.
    func advertise(_ router: RouterSpec, _ inner: LinkTable) throws(HostError) -> [String] {
        guard router.isAdvertised else { return try endAdvertising(router.routerID) }
        let server = advertiser(router.routerID)
        // Whom it can run as depends on where its files are.
        try FileSystem.createDirectory(server.directory)
        guard let plan = DnsmasqPlan(router, inner: inner, directory: server.directory, user: server.user) else {
            return try endAdvertising(router.routerID)
        }
        return try server.make(plan)
    }

    /// Says goodbye on interfaces that the router is about to lose, or not to be the way out on any more. What is left is
    /// for ``advertise(_:_:)``.
    func leave(_ interfaces: Set<String>, of routerID: String) throws(HostError) -> [String] {
        let server = advertiser(routerID)
        let left = Self.spoken(by: server).intersection(interfaces)
        guard !left.isEmpty else { return [] }
        // First, or it would answer the next question.
        try server.stop()
        return try sayGoodbye(on: left, server.namespace)
    }

    /// Ends all advertisements of a router. None is a success.
    func endAdvertising(_ routerID: String) throws(HostError) -> [String] {
        let server = advertiser(routerID)
        guard FileSystem.exists(server.directory) else { return [] }
        let done = try leave(Self.spoken(by: server), of: routerID)
        // One that lives on in a namespace that has lost its name.
        try server.stop()
        try FileSystem.remove(server.directory)
        return done
    }

    /// Ends what advertises routers that are not named.
    func removeAdvertisers(keeping routers: Set<String>) throws(HostError) {
        for id in FileSystem.names(in: directory) where InstanceID.isValid(id) && !routers.contains(id) {
            _ = try endAdvertising(id)
        }
    }

    private static func spoken(by server: DnsmasqServer) -> Set<String> {
        DnsmasqPlan.interfaces(server.runningArguments ?? [])
    }

    private func sayGoodbye(on interfaces: Set<String>, _ inside: NetworkNamespace) throws(HostError) -> [String] {
        let inner = try inside.links()
        for name in interfaces.sorted() {
            guard let link = inner[name], link.isUp, let mac = link.address else { continue }
            try NeighborNews.farewell(on: name, mac: mac, in: inside)
        }
        return ["no advertisements on \(interfaces.sorted().joined(separator: ", "))"]
    }
}

extension RouterSpec {
    /// Whether it tells guests on any interface that it is their way out.
    var isAdvertised: Bool { interfaces.contains(where: isAdvertised(on:)) }

    /// Whether it tells guests on this port's network that it is their way out.
    func isAdvertised(on port: PortSpec) -> Bool {
        port.adminStateUp
            && port.fixedIPs.contains { fixed in advertisedSubnets.contains { $0.subnetID == fixed.subnetID } }
    }
}
