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
    /// The pool it was cut from.
    var subnetPoolID: ID<SubnetPool>?
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
            dnsNameservers: dnsNameservers, hostRoutes: hostRoutes, subnetPoolID: new.subnetPoolID)
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
            dnsNameservers: subnet.dnsNameservers, hostRoutes: subnet.hostRoutes, subnetPoolID: subnet.subnetPoolID)
    }
}

/// Every rule of allocation pools, said once for creating and editing. All rows are checked to the end, so that a
/// person sees all mistakes at once.
struct AllocationPoolRules {
    /// Nil when the network address itself is at fault; then only what needs none is checked.
    let cidr: CIDR?
    /// The gateway as it will be: new or current.
    let gateway: IPAddress?
    let limit: Int

    private static let list = "allocation_pools"

    /// A row that makes a range, with where it came from.
    private struct Row {
        let range: AddressRange
        let input: PoolInput
        let place: Place
    }

    /// The ranges of the rows, in their order; complete only when no fault was added.
    func check(_ inputs: [PoolInput], _ faults: inout Faults) -> [AddressRange] {
        guard inputs.count <= limit else {
            faults.add(
                Place(Self.list), "too_many_pools", "There are {value} pools; at most {limit} are allowed.",
                value: String(inputs.count), ["limit": String(limit)])
            return []
        }
        var rows: [Row] = []
        for (index, input) in inputs.enumerated() {
            let place = Place.row(index, of: Self.list, line: input.line)
            guard let range = range(of: input, place, &faults) else { continue }
            markOutside(range, &faults)
            let row = Row(range: range, input: input, place: place)
            checkGateway(row, &faults)
            if let other = rows.first(where: { $0.range.overlaps(range) }) {
                addOverlap(row, other, &faults)
            }
            rows.append(row)
        }
        return rows.map(\.range)
    }

    /// Whether a gateway lies in one of the pools a subnet has: for an edit that leaves the pools alone.
    static func checkGateway(_ gateway: IPAddress, typed: String, in pools: [AddressRange], _ faults: inout Faults) {
        guard let pool = pools.first(where: { $0.contains(gateway) }) else { return }
        faults.add(
            Place("gateway_ip"), "gateway_in_pool", "The gateway {gateway} is inside the allocation pool {pool}.",
            value: typed, ["gateway": gateway.description, "pool": pool.description])
        faults.mark(AddressRange(gateway), "gateway_in_pool")
    }

    private func range(of input: PoolInput, _ place: Place, _ faults: inout Faults) -> AddressRange? {
        guard input.parts.count == 2 else {
            faults.add(
                place, "pool_needs_two_addresses", "'{value}' must be two addresses, start and end, joined by a comma.",
                value: input.text)
            return nil
        }
        let first = end(input.parts[0], place.part("start"), &faults)
        let last = end(input.parts[1], place.part("end"), &faults)
        guard let first, let last else { return nil }
        guard first.version == last.version else {
            // When the subnet is known, the wrong one of the two has been named.
            if cidr == nil {
                faults.add(place, "mixed_ip_versions", "'{value}' mixes IPv4 and IPv6.", value: input.text)
            }
            return nil
        }
        guard let range = AddressRange(first: first, last: last) else {
            faults.add(
                place, "reversed_pool", "The start {start} is larger than the end {end}.", value: input.text,
                ["start": first.description, "end": last.description])
            return nil
        }
        return range
    }

    /// One end of a pool; it is returned even when it lies outside, so that further rules can be checked.
    private func end(_ text: String, _ place: Place, _ faults: inout Faults) -> IPAddress? {
        guard let address = faults.address(text, place) else { return nil }
        guard faults.checkVersion(address.version, of: text, like: cidr, place) else { return address }
        if let cidr, !cidr.usable.contains(address) {
            faults.add(
                place, "pool_out_of_range", "{value} is not one of the usable addresses of {cidr}, {first} to {last}.",
                value: text,
                [
                    "cidr": cidr.description, "first": cidr.usable.first.description,
                    "last": cidr.usable.last.description,
                ])
        }
        return address
    }

    private func checkGateway(_ row: Row, _ faults: inout Faults) {
        guard let gateway, row.range.contains(gateway) else { return }
        faults.add(
            row.place, "gateway_in_pool", "The gateway {gateway} is inside the allocation pool {pool}.",
            value: row.input.text, ["gateway": gateway.description, "pool": row.range.description])
        faults.mark(AddressRange(gateway), "gateway_in_pool")
    }

    /// What ``end(_:_:_:)`` has refused, where it lies.
    private func markOutside(_ range: AddressRange, _ faults: inout Faults) {
        guard let cidr, range.version == cidr.version else { return }
        for part in AddressSet([range]).subtracting(AddressSet([cidr.usable])).ranges {
            faults.mark(part, "pool_out_of_range")
        }
    }

    private func addOverlap(_ row: Row, _ other: Row, _ faults: inout Faults) {
        faults.add(
            row.place, "overlapping_pools", "The allocation pool {pool} overlaps {other} in line {other_line}.",
            value: row.input.text,
            [
                "pool": row.range.description, "other": other.range.description,
                "other_line": other.place.line.map(String.init) ?? "",
            ])
        if let both = row.range.intersection(other.range) { faults.mark(both, "overlapping_pools") }
    }
}
