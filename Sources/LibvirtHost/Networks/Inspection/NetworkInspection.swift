import ComputeHost

/// Holds what the kernel and the network's services have against a network's specification. It changes nothing.
struct NetworkInspection: Sendable {
    /// The namespace that has the bridges.
    let host: NetworkNamespace
    let filters: PortFilters
    let uplinks: Uplinks
    /// The network's DHCP server.
    let server: DnsmasqServer

    /// All that there is to compare, from the guest outwards.
    ///
    /// - Parameter port: the guest's; nil leaves out what concerns one guest.
    func inspect(_ network: NetworkSpec, port: PortSpec?) throws(HostError) -> [NetworkCheck] {
        try network.check()
        let links = try host.links()
        var checks: [NetworkCheck] = []
        if let port {
            try UserNetwork.checkPortID(port.portID)
            checks.append(tap(port, network, links))
        }
        checks += rules(network, port: port)
        checks += [bridge(network, links)] + uplink(network, links)
        checks += services(network, port: port)
        if let port { checks += gateways(network, port, links) }
        return checks
    }

    // MARK: Interfaces

    private func tap(_ port: PortSpec, _ network: NetworkSpec, _ links: LinkTable) -> NetworkCheck {
        let isUp = port.adminStateUp
        let expected = "\(isUp ? "up" : "down"), in \(network.bridgeName)"
        let link = links[port.tapName]
        let found = link.map { "\($0.isUp ? "up" : "down"), in \($0.master ?? "no bridge")" }
        let evidence = Evidence(host)
        return NetworkCheck(
            .tap, name: port.tapName, expected: expected, found: found, isRight: found == expected,
            evidence: evidence.of("ip", ["-details", "link", "show", "dev", port.tapName])
                + (link == nil ? [] : evidence.of("bridge", ["link", "show", "dev", port.tapName])))
    }

    private func bridge(_ network: NetworkSpec, _ links: LinkTable) -> NetworkCheck {
        let expected = "\(network.adminStateUp ? "up" : "down"), MTU \(network.mtu)"
        let link = links[network.bridgeName].flatMap { $0.kind == "bridge" ? $0 : nil }
        let found = link.map { "\($0.isUp ? "up" : "down"), MTU \($0.mtu)" }
        let evidence = Evidence(host)
        return NetworkCheck(
            .bridge, name: network.bridgeName, expected: expected, found: found, isRight: found == expected,
            evidence: evidence.of("ip", ["-details", "link", "show", "dev", network.bridgeName])
                + evidence.of("ip", ["link", "show", "master", network.bridgeName]))
    }

    /// Nothing for a network that ends at the host.
    private func uplink(_ network: NetworkSpec, _ links: LinkTable) -> [NetworkCheck] {
        let wanted: Uplinks.Uplink?
        do throws(HostError) {
            wanted = try uplinks.wanted(for: network, in: links)
        } catch {
            return [NetworkCheck(.uplink, name: "", expected: error.reason, found: nil, isRight: false)]
        }
        guard let uplink = wanted else { return [] }
        func words(_ kind: String?, _ id: Int?, _ isUp: Bool, _ master: String?) -> String {
            let number = id.map { " \($0)" } ?? ""
            return (kind.map { "\($0)\(number), " } ?? "") + "\(isUp ? "up" : "down"), in \(master ?? "no bridge")"
        }
        let expected = words(uplink.kind, uplink.segmentID, true, network.bridgeName)
        let found = links[uplink.name].map { link in
            words(
                uplink.kind == nil ? nil : link.kind, uplink.kind == nil ? nil : link.segmentID, link.isUp, link.master)
        }
        return [
            NetworkCheck(
                .uplink, name: uplink.name, expected: expected, found: found, isRight: found == expected,
                evidence: Evidence(host).of("ip", ["-details", "link", "show", "dev", uplink.name]))
        ]
    }

    // MARK: Gateways

    /// Whether the guest's way out is at a router of this host. Where the network goes on beyond the host, so may its
    /// gateway: then only one that is here is told of.
    private func gateways(_ network: NetworkSpec, _ port: PortSpec, _ links: LinkTable) -> [NetworkCheck] {
        var isOnHost = true
        if case .flat = network.segment { isOnHost = false }
        if case .vlan = network.segment { isOnHost = false }
        return port.fixedIPs.compactMap { fixed in
            guard let gateway = fixed.gateway else { return nil }
            let expected = "\(gateway)/\(fixed.prefixLength) at a router on \(network.bridgeName)"
            guard let (router, interface) = router(with: "\(gateway)/\(fixed.prefixLength)", on: network, links) else {
                return isOnHost
                    ? NetworkCheck(.gateway, name: gateway, expected: expected, found: nil, isRight: false) : nil
            }
            let found =
                "\(gateway)/\(fixed.prefixLength) at \(interface.name) of \(router.name ?? ""), "
                + (interface.isUp ? "up" : "down")
            return NetworkCheck(
                .gateway, name: gateway, expected: expected, found: found, isRight: interface.isUp,
                evidence: Evidence(router).of("ip", ["address", "show", "dev", interface.name])
                    + Evidence(router).of("ip", ["route", "show"]))
        }
    }

    private func router(
        with address: String, on network: NetworkSpec, _ links: LinkTable
    ) -> (NetworkNamespace, Link)? {
        // Equal addresses may be on other networks: the cable's other end must be in this one's bridge.
        let cables = Set(links.ports(of: network.bridgeName).filter { $0.kind == "veth" }.map { $0.name.dropFirst(3) })
        for name in NetworkNamespace.names where name.hasPrefix("qrouter-") {
            let namespace = NetworkNamespace(name)
            for link in (try? namespace.links())?.all ?? []
            where link.addresses.contains(address) && cables.contains(link.name.dropFirst(3)) {
                return (namespace, link)
            }
        }
        return nil
    }
}

/// What programs print, for people to see with their own eyes.
struct Evidence {
    private let namespace: NetworkNamespace
    private static let longest = 200

    init(_ namespace: NetworkNamespace) { self.namespace = namespace }

    /// The command as it would be typed, then what it prints, or why it does not.
    func of(_ program: String, _ arguments: [String], keeping: (String) -> Bool = { _ in true }) -> [String] {
        let place = namespace.name.map { "ip netns exec \($0) " } ?? ""
        let command = place + ([program] + arguments).joined(separator: " ")
        let lines: [String]
        do throws(HostError) {
            let result = try CommandRunner().run(namespace.command(program, arguments))
            let text = String(decoding: result.succeeded ? result.output : result.errorOutput, as: UTF8.self)
            lines = text.split(separator: "\n").map(String.init).filter(keeping)
        } catch {
            lines = [error.reason]
        }
        return [command] + lines.prefix(Self.longest).map { String($0.prefix(500)) }
            + (lines.count > Self.longest ? ["… \(lines.count - Self.longest) lines more"] : [])
    }
}
