import ComputeHost

/// All that is known when it is asked why something is not reached: what is stored, and how the host compares with it.
struct ReachabilityFacts {
    /// One end that is a port of ours.
    struct End {
        var port: PortSpec
        var network: NetworkSpec
        /// What the host says; empty when it was not asked or did not answer.
        var checks: [NetworkCheck] = []
        /// Whether the guest has processors.
        var isRunning = true
        /// How what leaves the network gets on.
        var route = Route()
    }

    /// What lies behind a network's gateway.
    struct Route {
        /// A router of ours has the gateway's address.
        var hasRouter = false
        /// That router leads out of the cloud.
        var hasExternalGateway = false
        /// The networks behind the same router.
        var joined: Set<String> = []
        /// The port can be reached from outside under an address of its own.
        var hasFloatingIP = false
    }

    var here: End
    /// The other instance; nil when none was asked about.
    var there: End?
}

extension ReachabilityFacts.End {
    /// Subnets that the port has an address of, with that address.
    var subnets: [(subnet: SubnetSpec, address: String)] {
        port.fixedIPs.compactMap { fixed in
            network.subnets.first { $0.subnetID == fixed.subnetID }.map { ($0, fixed.address) }
        }
    }

    /// Whether the network ends on a wire of the building, where a gateway may stand that we know nothing of.
    var isPhysical: Bool {
        switch network.segment {
        case .flat, .vlan: true
        case .local, .vxlan: false
        }
    }

    /// The comparison of one thing, when it is not as it should be.
    func wrong(_ subject: NetworkCheck.Subject) -> NetworkCheck? {
        checks.first { $0.subject == subject && !$0.isRight }
    }

    /// Whether a rule of the port's groups lets something through. Answers to what passed pass anyway.
    func allows(_ direction: SecurityGroupRuleSpec.Direction, _ packet: FilteredPacket) -> Bool {
        guard port.portSecurityEnabled else { return true }
        let groups = Dictionary(network.securityGroups.map { ($0.groupID, $0) }) { first, _ in first }
        return port.securityGroupIDs.compactMap { groups[$0] }.contains { group in
            group.rules.contains { rule in
                rule.direction == direction && rule.etherType == (packet.isIPv6 ? .ipv6 : .ipv4)
                    && packet.has(rule) && packet.isFrom(rule.remote, groups)
            }
        }
    }
}

/// A packet as a rule sees it, with its other end.
struct FilteredPacket {
    let isIPv6: Bool
    let protocolNumber: Int
    /// Nil for protocols without ports.
    let port: Int?
    /// The other end; nil stands for everybody.
    let remote: String?

    fileprivate func has(_ rule: SecurityGroupRuleSpec) -> Bool {
        guard let number = rule.ipProtocol else { return true }
        // Some write ICMP for both versions.
        let isICMP = number == 1 && protocolNumber == 58
        guard number == protocolNumber || isICMP else { return false }
        guard let port else {
            // An ICMP type: ping is 8 and, in version 6, 128.
            return rule.portRangeMin.map { $0 == 8 || $0 == 128 } ?? true
        }
        return port >= rule.portRangeMin ?? 0 && port <= rule.portRangeMax ?? rule.portRangeMin ?? 65_535
    }

    fileprivate func isFrom(_ remote: SecurityGroupRuleSpec.Remote, _ groups: [String: SecurityGroupSpec]) -> Bool {
        switch remote {
        case .anybody: return true
        case .prefix(let block):
            // Everybody is only in a block of everybody.
            guard let address = self.remote else { return block.hasSuffix("/0") }
            return AddressText.isInside(address, block)
        case .group(let id): return self.remote.map { groups[id]?.members.contains($0) == true } ?? false
        }
    }
}
