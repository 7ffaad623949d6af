import ComputeHost

/// What must be said to iproute2 for a host to have a network's bridge, with its uplink, its cable to the DHCP server
/// and its guests: a decision on what is there. Nothing needs to be said when all is right.
///
/// What this program makes bears its mark as an alias. What has no mark, or another's, is never changed, except for the
/// interfaces of the settings (plugged into bridges) and the guests' own.
struct BridgePlan: Sendable {
    /// The alias of what is ours.
    let mark: String
    let uplinks: Uplinks

    /// - Throws: `.failed` when something else has a name that is needed, or the uplink cannot be.
    func orders(for network: NetworkSpec, in links: LinkTable) throws(HostError) -> [String] {
        var orders = try bridge(network, links)
        if let uplink = try uplinks.wanted(for: network, in: links) {
            orders += try self.uplink(uplink, network, links)
        }
        return orders
    }

    /// The orders for what is plugged in, as long as it is there.
    func tapOrders(for network: NetworkSpec, in links: LinkTable) -> [String] {
        (network.ports + [network.dhcpPort].compactMap { $0 }).flatMap { tap($0, network, links) }
    }

    /// The orders that take a bridge and all that is only for it away.
    func removal(ofBridge name: String, in links: LinkTable) -> [String] {
        var orders: [String] = []
        for port in links.ports(of: name) where links[name]?.alias == mark {
            if port.alias == mark {
                orders.append("link delete dev \(port.name)")
            } else if uplinks.interfaces.contains(port.name) {
                orders.append("link set dev \(port.name) nomaster")
            }
        }
        if links[name]?.alias == mark { orders.append("link delete dev \(name)") }
        return orders
    }

    private func bridge(_ network: NetworkSpec, _ links: LinkTable) throws(HostError) -> [String] {
        let name = network.bridgeName
        guard let bridge = links[name] else {
            // The address is made up by the kernel for no reason but that a bridge has one: nobody speaks with it.
            return [
                "link add name \(name) type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                "link set dev \(name) alias \(mark) addrgenmode none mtu \(network.mtu)",
                "link set dev \(name) \(Self.state(network.adminStateUp))",
            ]
        }
        try requireOurs(bridge, kind: "bridge")
        var orders: [String] = []
        if !bridge.forwardsAtOnce {
            // One after the other: with a spanning tree there must be a delay.
            orders += ["stp_state 0", "forward_delay 0"].map { "link set dev \(name) type bridge \($0)" }
        }
        return orders + Self.properties(of: bridge, mtu: network.mtu, isUp: network.adminStateUp)
    }

    private func uplink(
        _ uplink: Uplinks.Uplink, _ network: NetworkSpec, _ links: LinkTable
    ) throws(HostError) -> [String] {
        var orders: [String] = []
        let present = links[uplink.name]
        if let kind = uplink.kind, let making = uplink.making {
            if let present { try requireOurs(present, kind: kind) }
            let isRight = present.map { $0.segmentID == uplink.segmentID && $0.link == uplink.parent } ?? false
            if !isRight {
                if present != nil { orders.append("link delete dev \(uplink.name)") }
                return orders + [
                    making, "link set dev \(uplink.name) alias \(mark) addrgenmode none",
                    "link set dev \(uplink.name) master \(network.bridgeName) up",
                ] + parentUp(uplink, links)
            }
        } else if let master = present?.master, master != network.bridgeName, links[master]?.alias != mark {
            throw .failed(
                "\(uplink.name) is in \(master), which is not Daybreak's",
                remedy: "Take it out, or name another interface in PHYSICAL_INTERFACE_MAPPINGS.")
        } else if let address = present?.addresses.first, present?.master != network.bridgeName {
            throw .failed(
                "\(uplink.name) has the address \(address), which would not answer any more in a bridge",
                remedy: "Name an interface without addresses in PHYSICAL_INTERFACE_MAPPINGS.")
        }
        guard let present else { return orders }
        orders += Self.plug(present, into: network.bridgeName)
        if !present.isUp { orders.append("link set dev \(present.name) up") }
        return orders + parentUp(uplink, links)
    }

    private func parentUp(_ uplink: Uplinks.Uplink, _ links: LinkTable) -> [String] {
        guard let parent = uplink.parent, links[parent]?.isUp == false else { return [] }
        return ["link set dev \(parent) up"]
    }

    /// The host's end of a port, once it is there: libvirt makes those of guests, and puts them in the bridge.
    private func tap(_ port: PortSpec, _ network: NetworkSpec, _ links: LinkTable) -> [String] {
        guard let tap = links[port.tapName] else { return [] }
        return Self.plug(tap, into: network.bridgeName)
            + Self.properties(of: tap, mtu: network.mtu, isUp: port.adminStateUp)
    }

    private func requireOurs(_ link: Link, kind: String) throws(HostError) {
        guard link.kind == kind, link.alias == mark else {
            throw .failed(
                "there is an interface \(link.name) that is not Daybreak's",
                remedy: "If nothing needs it: ip link delete \(link.name)")
        }
    }

    private static func plug(_ link: Link, into bridge: String) -> [String] {
        link.master == bridge ? [] : ["link set dev \(link.name) master \(bridge)"]
    }

    static func properties(of link: Link, mtu: Int, isUp: Bool) -> [String] {
        var orders: [String] = []
        if link.mtu != mtu { orders.append("link set dev \(link.name) mtu \(mtu)") }
        if link.isUp != isUp { orders.append("link set dev \(link.name) \(state(isUp))") }
        return orders
    }

    private static func state(_ isUp: Bool) -> String { isUp ? "up" : "down" }
}
