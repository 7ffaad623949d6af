import ServiceCore

/// What a subnet is made of, once every rule has been kept.
struct SubnetContent: Equatable {
    var name: String
    var description: String
    let cidr: CIDR
    var gateway: IPAddress?
    var enableDHCP: Bool
    let ipv6Mode: IPv6AddressMode?
    var pools: [AddressRange]
    var dnsNameservers: [IPAddress]
    var hostRoutes: [HostRoute]
}

/// Turns what was typed into a subnet's content; creating and editing go through the same rules.
struct SubnetRules {
    let configuration: NetworkingConfiguration

    /// The content of a new subnet; to be used only when no fault was added, and nil only when one was.
    func content(of new: NewSubnet, siblings: [SubnetSummary], _ faults: inout Faults) -> SubnetContent? {
        faults.checkLength(new.name, "name")
        faults.checkLength(new.description, "description")
        let cidr = SubnetAddressRules.cidr(new.cidr, expected: new.version, siblings: siblings, &faults)
        let gateway = SubnetAddressRules.gateway(new.gateway, cidr: cidr, &faults)
        if let cidr {
            if new.enableDHCP { SubnetAddressRules.dhcp(cidr, &faults) }
            SubnetAddressRules.ipv6Mode(new.ipv6Mode, cidr: cidr, dhcp: new.enableDHCP, &faults)
        }
        let pools = poolRules(cidr, gateway).check(new.allocationPools, &faults)
        let lists = SubnetListRules(cidr: cidr, configuration: configuration)
        let dnsNameservers = lists.dnsNameservers(new.dnsNameservers, &faults)
        let hostRoutes = lists.hostRoutes(new.hostRoutes, &faults)
        guard let cidr else { return nil }
        return SubnetContent(
            name: new.name, description: new.description, cidr: cidr, gateway: gateway, enableDHCP: new.enableDHCP,
            ipv6Mode: new.ipv6Mode,
            pools: new.allocationPools.isEmpty ? cidr.defaultPools(gateway: gateway) : pools,
            dnsNameservers: dnsNameservers, hostRoutes: hostRoutes)
    }

    /// The content of a subnet after an edit; to be used only when no fault was added.
    func content(of subnet: Subnet, applying update: SubnetUpdate, _ faults: inout Faults) -> SubnetContent {
        var content = SubnetContent(subnet)
        faults.checkLength(update.name, "name")
        faults.checkLength(update.description, "description")
        content.name = update.name ?? content.name
        content.description = update.description ?? content.description
        if let gateway = update.gateway {
            content.gateway = SubnetAddressRules.gateway(gateway, cidr: content.cidr, &faults)
        }
        if let enableDHCP = update.enableDHCP {
            content.enableDHCP = enableDHCP
            if enableDHCP { SubnetAddressRules.dhcp(content.cidr, &faults) }
            SubnetAddressRules.ipv6Mode(content.ipv6Mode, cidr: content.cidr, dhcp: enableDHCP, &faults)
        }
        applyPools(update, to: &content, &faults)
        let lists = SubnetListRules(cidr: content.cidr, configuration: configuration)
        if let inputs = update.dnsNameservers { content.dnsNameservers = lists.dnsNameservers(inputs, &faults) }
        if let inputs = update.hostRoutes { content.hostRoutes = lists.hostRoutes(inputs, &faults) }
        return content
    }

    /// Pools and gateway are looked at together: either may be new, and the other stays as it is.
    private func applyPools(_ update: SubnetUpdate, to content: inout SubnetContent, _ faults: inout Faults) {
        switch update.allocationPools {
        case nil:
            guard let input = update.gateway, let gateway = content.gateway else { return }
            var typed = gateway.description
            if case .address(let text) = input { typed = text }
            AllocationPoolRules.checkGateway(gateway, typed: typed, in: content.pools, &faults)
        case let inputs? where inputs.isEmpty:
            content.pools = content.cidr.defaultPools(gateway: content.gateway)
        case let inputs?:
            content.pools = poolRules(content.cidr, content.gateway).check(inputs, &faults)
        }
    }

    private func poolRules(_ cidr: CIDR?, _ gateway: IPAddress?) -> AllocationPoolRules {
        AllocationPoolRules(cidr: cidr, gateway: gateway, limit: configuration.maxAllocationPools)
    }
}

extension SubnetContent {
    init(_ subnet: Subnet) {
        self.init(
            name: subnet.name, description: subnet.description, cidr: subnet.cidr, gateway: subnet.gateway,
            enableDHCP: subnet.enableDHCP, ipv6Mode: subnet.ipv6Mode, pools: subnet.pools.map(\.range),
            dnsNameservers: subnet.dnsNameservers, hostRoutes: subnet.hostRoutes)
    }
}
