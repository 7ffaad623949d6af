import Networking
public import ServiceCore

/// Further addresses of the cards that an instance has. DHCP tells a guest of one address of a card; it may use them all.
extension ComputeService {
    /// Gives an instance one more address on a network that it has a card on, from the first of the network's subnets
    /// that has one left (nova's `addFixedIp`).
    /// - Throws: `ServiceError`: notFound, also for a network without a card of the instance; invalid when the card has as
    ///   many as it may; forbidden; conflict `ip_address_generation_failure` when no subnet has one left.
    public func addFixedIP(to id: ID<Instance>, onNetwork text: String, as context: RequestContext) throws {
        try ServiceError.wrapping {
            _ = try requireAvailable(.attachInterface, on: id, as: context)
            guard let network = ID<Network>(untrusted: text),
                let port = try networking.ports(
                    as: context, filter: PortFilter(networkID: network, deviceID: id.text)
                ).first
            else { throw ServiceError.notFound("Network", text) }
            var refusal = ServiceError.notFound("Network", text)
            for subnet in try networking.subnets(of: network, as: context) {
                do {
                    let addresses = port.fixedIPs.map(\.input) + [FixedIPInput(subnetID: subnet.id)]
                    return try replace(addresses, of: port, context)
                } catch let error as ServiceError where error.code == "ip_address_generation_failure" {
                    refusal = error
                }
            }
            throw refusal
        }
    }

    /// Takes an address from the card that has it (nova's `removeFixedIp`).
    /// - Throws: `ServiceError`: notFound, forbidden, conflict; invalid with a violation on address when no card has it.
    public func removeFixedIP(_ address: String, from id: ID<Instance>, as context: RequestContext) throws {
        try ServiceError.wrapping {
            _ = try requireAvailable(.detachInterface, on: id, as: context)
            let wanted = IPAddress(address)
            let port = try networking.ports(as: context, filter: PortFilter(deviceID: id.text)).first { port in
                port.fixedIPs.contains { $0.address == wanted }
            }
            guard let port else {
                throw ServiceError.invalid([
                    Violation(
                        field: "address", code: "fixed_ip_not_found",
                        message: Message("The instance has no address {value}.", ["value": address]), value: address)
                ])
            }
            try replace(port.fixedIPs.filter { $0.address != wanted }.map(\.input), of: port, context)
        }
    }

    private func replace(_ addresses: [FixedIPInput], of port: Port, _ context: RequestContext) throws {
        var update = PortUpdate()
        update.fixedIPs = addresses
        // Whoever changes them at the same time loses nothing.
        update.revision = port.revision
        _ = try networking.updatePort(port.id, update, as: context)
    }
}

extension FixedIP {
    /// Asks for the address that is there already.
    fileprivate var input: FixedIPInput { FixedIPInput(subnetID: subnetID, address: address.description) }
}
