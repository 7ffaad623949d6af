import Database
import ServiceCore

/// Gives addresses to ports and takes them back, inside the caller's transaction. `UNIQUE (network_id, ip_address)`
/// stands behind it: no two ports of a network ever have one address.
struct AddressAllocator {
    /// Who an address is for.
    struct Recipient {
        let portID: ID<Port>
        let macAddress: MACAddress
        let isDHCP: Bool
    }

    private let pools = PoolStore()
    private let allocations = AllocationStore()

    /// An address of the service's choice; nil when no pool of the subnet has a free one.
    func allocate(
        in subnet: Subnet, for recipient: Recipient, in transaction: borrowing Transaction
    ) throws -> FixedIP? {
        if subnet.ipv6Mode?.isSelfConfigured == true {
            let address = AddressChoice.selfConfigured(subnet.cidr, recipient.macAddress)
            let isTaken = try allocations.isAllocated(address, network: subnet.networkID, in: transaction)
            return isTaken ? nil : try take(address, in: subnet, for: recipient.portID, in: transaction)
        }
        guard let (pool, lowest) = try pools.lowestFree(of: subnet, in: transaction) else { return nil }
        var (address, stretch) = (lowest.first, lowest)
        if !recipient.isDHCP {
            var generator = SystemRandomNumberGenerator()
            address = AddressChoice.place(from: lowest.first, to: pool.range.last, using: &generator)
            if !lowest.contains(address) {
                stretch = try pools.lastFree(of: pool, upTo: address, in: transaction) ?? lowest
                address = min(address, stretch.last)
            }
        }
        let fixedIP = try record(address, in: subnet, for: recipient.portID, in: transaction)
        try pools.take(address, from: stretch, of: pool, in: transaction)
        return fixedIP
    }

    /// A certain address, in a pool or not.
    /// - Throws: `ServiceError` of kind conflict, `ip_address_in_use`.
    func allocate(
        _ address: IPAddress, in subnet: Subnet, for portID: ID<Port>, in transaction: borrowing Transaction
    ) throws -> FixedIP {
        guard try !allocations.isAllocated(address, network: subnet.networkID, in: transaction) else {
            throw ServiceError.conflict(
                code: "ip_address_in_use",
                Message("The address {address} is already in use on this network.", ["address": address.description]))
        }
        return try take(address, in: subnet, for: portID, in: transaction)
    }

    /// Gives an address back to the pool it lies in, when it lies in one.
    func release(_ fixedIP: FixedIP, in subnet: Subnet, in transaction: borrowing Transaction) throws {
        try allocations.delete(fixedIP.address, network: subnet.networkID, in: transaction)
        guard let pool = subnet.pools.first(where: { $0.range.contains(fixedIP.address) }) else { return }
        try pools.giveBack(fixedIP.address, to: pool, in: transaction)
    }

    private func take(
        _ address: IPAddress, in subnet: Subnet, for portID: ID<Port>, in transaction: borrowing Transaction
    ) throws -> FixedIP {
        let fixedIP = try record(address, in: subnet, for: portID, in: transaction)
        if let pool = subnet.pools.first(where: { $0.range.contains(address) }),
            let stretch = try pools.lastFree(of: pool, upTo: address, in: transaction), stretch.contains(address)
        {
            try pools.take(address, from: stretch, of: pool, in: transaction)
        }
        return fixedIP
    }

    private func record(
        _ address: IPAddress, in subnet: Subnet, for portID: ID<Port>, in transaction: borrowing Transaction
    ) throws -> FixedIP {
        let allocation = Allocation(portID: portID, address: address, subnetID: subnet.id)
        try allocations.insert(allocation, network: subnet.networkID, in: transaction)
        return FixedIP(subnetID: subnet.id, address: address)
    }
}
