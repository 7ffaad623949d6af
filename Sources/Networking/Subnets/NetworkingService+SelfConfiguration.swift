import Database
import ServiceCore

/// Addresses that guests make themselves of an advertised prefix come and go with its subnet.
extension NetworkingService {
    /// Guests make themselves an address of a new prefix as soon as they hear of it, so that their ports have it, as in
    /// neutron. Routers and the DHCP server are given theirs otherwise.
    func addSelfConfigured(
        of subnet: Subnet, on network: Network, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        guard subnet.ipv6Mode?.isSelfConfigured == true else { return }
        let others = [DeviceOwner.dhcp, DeviceOwner.routerInterface, DeviceOwner.floatingIP]
        var groups: Set<ID<SecurityGroup>> = []
        for port in try portStore.list(PortFilter(networkID: network.id), visibleTo: nil, in: transaction)
        where !others.contains(port.deviceOwner) {
            let recipient = AddressAllocator.Recipient(portID: port.id, macAddress: port.macAddress, isDHCP: false)
            // An address that somebody has already stays theirs.
            guard let fixedIP = try allocator.allocate(in: subnet, for: recipient, in: transaction) else { continue }
            let port = port.having(port.fixedIPs + [fixedIP], at: clock.now())
            try portStore.update(port, in: transaction)
            changed(port, .updated, transaction)
            groups.formUnion(port.securityGroupIDs)
        }
        try membersChanged(of: Array(groups), but: network.id, context, transaction)
        try applyRouters(on: network.id, context, transaction)
    }

    /// The addresses that guests made themselves of a subnet's prefix go with it.
    func releaseAddresses(of subnet: Subnet, _ transaction: borrowing Transaction) throws {
        for var port in try portStore.list(onSubnet: subnet.id, in: transaction) {
            for fixedIP in port.fixedIPs where fixedIP.subnetID == subnet.id {
                try allocator.release(fixedIP, in: subnet, in: transaction)
            }
            port.revision += 1
            port.updatedAt = clock.now()
            try portStore.update(port, in: transaction)
            changed(port, .updated, transaction)
        }
    }
}
