import Database
import ServiceCore

/// Finds the addresses a port asks for. What is asked is checked as a whole before anything is taken.
struct PortAddressing {
    /// Neutron's `max_fixed_ips_per_port`.
    static let limit = 5

    let allocator: AddressAllocator
    let subnets: [Subnet]

    /// An address as it is wanted, once it has been read.
    private enum Wish {
        case any(Subnet)
        case exact(IPAddress, Subnet)
    }

    /// One address of each version the network has, of the first subnet of the version with a free one; and of every
    /// subnet where guests make their own, that one, as in neutron.
    /// - Throws: `ServiceError`: conflict `ip_address_generation_failure`.
    func allocateDefault(
        for recipient: AddressAllocator.Recipient, in transaction: borrowing Transaction
    ) throws -> [FixedIP] {
        var fixedIPs: [FixedIP] = []
        for version in [IPVersion.v4, .v6] {
            let candidates = subnets.filter { $0.version == version && $0.ipv6Mode?.isSelfConfigured != true }
            guard !candidates.isEmpty else { continue }
            var found: FixedIP?
            for subnet in candidates where found == nil {
                found = try allocator.allocate(in: subnet, for: recipient, in: transaction)
            }
            guard let found else { throw NetworkingService.noFreeAddress(in: candidates) }
            fixedIPs.append(found)
        }
        for subnet in subnets where subnet.ipv6Mode?.isSelfConfigured == true {
            guard let found = try allocator.allocate(in: subnet, for: recipient, in: transaction) else {
                throw NetworkingService.noFreeAddress(in: [subnet])
            }
            fixedIPs.append(found)
        }
        return fixedIPs.sorted { $0.address < $1.address }
    }

    /// The addresses that are asked for; those of `present` that are asked for again are kept, the others given back.
    /// - Throws: `ServiceError`: invalid, conflict `ip_address_in_use`, `ip_address_generation_failure`.
    func allocate(
        _ inputs: [FixedIPInput], present: [FixedIP] = [], for recipient: AddressAllocator.Recipient,
        in transaction: borrowing Transaction
    ) throws -> [FixedIP] {
        let wishes = try wishes(inputs)
        var leaving = present
        var kept: [Int: FixedIP] = [:]
        // Exact wishes first: "any of the subnet" must not keep the address that another wish names.
        for (index, wish) in wishes.enumerated() {
            guard case .exact(let address, _) = wish,
                let place = leaving.firstIndex(where: { $0.address == address })
            else { continue }
            kept[index] = leaving.remove(at: place)
        }
        for (index, wish) in wishes.enumerated() {
            guard case .any(let subnet) = wish, let place = leaving.firstIndex(where: { $0.subnetID == subnet.id })
            else { continue }
            kept[index] = leaving.remove(at: place)
        }
        for fixedIP in leaving {
            guard let subnet = subnets.first(where: { $0.id == fixedIP.subnetID }) else { continue }
            try allocator.release(fixedIP, in: subnet, in: transaction)
        }
        var fixedIPs: [FixedIP] = []
        for (index, wish) in wishes.enumerated() {
            try fixedIPs.append(kept[index] ?? fulfil(wish, recipient, transaction))
        }
        return fixedIPs
    }

    private func fulfil(
        _ wish: Wish, _ recipient: AddressAllocator.Recipient, _ transaction: borrowing Transaction
    ) throws -> FixedIP {
        switch wish {
        case .exact(let address, let subnet):
            return try allocator.allocate(address, in: subnet, for: recipient.portID, in: transaction)
        case .any(let subnet):
            guard let found = try allocator.allocate(in: subnet, for: recipient, in: transaction) else {
                throw NetworkingService.noFreeAddress(in: [subnet])
            }
            return found
        }
    }

    private func wishes(_ inputs: [FixedIPInput]) throws -> [Wish] {
        var faults = Faults()
        if inputs.count > Self.limit {
            faults.add(
                Place("fixed_ips"), "too_many_fixed_ips", "There are {value} entries; at most {limit} are allowed.",
                value: String(inputs.count), ["limit": String(Self.limit)])
        }
        let wishes = inputs.prefix(Self.limit).enumerated().compactMap { index, input in
            wish(input, Place("fixed_ips[\(index)]"), &faults)
        }
        try faults.throwIfAny()
        return wishes
    }

    private func wish(_ input: FixedIPInput, _ place: Place, _ faults: inout Faults) -> Wish? {
        let named = input.subnetID.flatMap { id in subnets.first { $0.id == id } }
        if let subnetID = input.subnetID, named == nil {
            faults.add(
                place.part("subnet_id"), "subnet_not_on_network", "The subnet {value} is not on this network.",
                value: subnetID.text)
            return nil
        }
        guard let text = input.address, !text.isEmpty else {
            if named == nil {
                faults.add(place, "fixed_ip_missing", "A subnet or an IP address is needed.", value: "")
            }
            return named.map(Wish.any)
        }
        guard let address = faults.address(text, place.part("ip_address")) else { return nil }
        guard let subnet = named ?? subnets.first(where: { $0.cidr.contains(address) }),
            subnet.cidr.usable.contains(address)
        else {
            faults.add(
                place.part("ip_address"), "invalid_ip_for_subnet",
                "{value} is not a usable address of a subnet of this network.", value: text)
            return nil
        }
        return .exact(address, subnet)
    }
}
