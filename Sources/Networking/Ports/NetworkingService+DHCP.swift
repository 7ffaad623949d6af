import ComputeHost
import Database
import ServiceCore

extension NetworkingService {
    /// Makes the network's DHCP port fit its subnets: one port with one address, the lowest free, in every subnet that
    /// has DHCP; no port when none has. What neutron's DHCP agent does a moment later is done in the same transaction.
    /// - Throws: `ServiceError`: conflict `ip_address_generation_failure`.
    func arrangeDHCP(
        on network: Network, without leaving: ID<Subnet>? = nil, _ transaction: borrowing Transaction
    ) throws {
        let all = try subnetStore.list(of: network.id, in: transaction)
        let served = all.filter { $0.enableDHCP && $0.id != leaving }
        let existing = try portStore.dhcpPort(of: network.id, in: transaction)
        guard !served.isEmpty else {
            if let existing { try remove(existing, transaction) }
            return
        }
        let port =
            try existing
            ?? insertOwnPort(
                DeviceOwner.dhcp, of: "dhcp-\(network.id)", on: network, projectID: network.projectID, transaction)
        for fixedIP in port.fixedIPs where !served.contains(where: { $0.id == fixedIP.subnetID }) {
            guard let subnet = all.first(where: { $0.id == fixedIP.subnetID }) else { continue }
            try allocator.release(fixedIP, in: subnet, in: transaction)
        }
        let recipient = AddressAllocator.Recipient(portID: port.id, macAddress: port.macAddress, isDHCP: true)
        for subnet in served where !port.fixedIPs.contains(where: { $0.subnetID == subnet.id }) {
            guard try allocator.allocate(in: subnet, for: recipient, in: transaction) != nil else {
                throw Self.noFreeAddress(in: [subnet])
            }
        }
    }

    /// Stores a port of the cloud's own, still without addresses.
    func insertOwnPort(
        _ owner: String, of device: String, on network: Network, projectID: String,
        _ transaction: borrowing Transaction
    ) throws -> Port {
        let now = clock.now()
        let host = try host(forOwn: owner, of: device, on: network.id, transaction)
        let port = Port(
            id: .random(), networkID: network.id, networkName: network.name, mtu: network.mtu, projectID: projectID,
            name: "", description: "", macAddress: try freeMACAddress(on: network.id, transaction), adminStateUp: true,
            status: host.isEmpty ? .down : .active, deviceID: device, deviceOwner: owner, fixedIPs: [],
            bindingHost: host, vnicType: "normal", portSecurityEnabled: false, nicIndex: nil, revision: 1,
            createdAt: now,
            updatedAt: now)
        try portStore.insert(port, madeForInstance: false, in: transaction)
        return port
    }

    /// Gives a port's addresses back and deletes it; floating IPs that led to it lead nowhere.
    func remove(_ port: Port, _ transaction: borrowing Transaction) throws {
        try disassociate(from: port, .system("remove port"), transaction)
        for fixedIP in port.fixedIPs {
            guard let subnet = try subnetStore.find(fixedIP.subnetID, in: transaction) else { continue }
            try allocator.release(fixedIP, in: subnet, in: transaction)
        }
        try portStore.delete(port.id, in: transaction)
        changed(port, .deleted, transaction)
    }

    /// A random MAC address that no port of the network has.
    func freeMACAddress(on networkID: ID<Network>, _ transaction: borrowing Transaction) throws -> MACAddress {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<64 {
            let address = MACAddress.random(using: &generator)
            if try !portStore.isTaken(address, on: networkID, in: transaction) { return address }
        }
        throw ServiceError.conflict(
            code: "mac_address_generation_failure", "No free MAC address was found on this network.")
    }

    /// Neutron's IpAddressGenerationFailure.
    static func noFreeAddress(in subnets: [Subnet]) -> ServiceError {
        let names = subnets.map { "\($0.displayName) (\($0.cidr))" }.joined(separator: ", ")
        return .conflict(
            code: "ip_address_generation_failure",
            Message(
                "No free IP address is left in the allocation pools of {subnets}. Add a pool or free addresses.",
                ["subnets": names]))
    }
}
