public import ComputeHost
import Database
public import ServiceCore

/// The cards of a guest, with what it is told of them.
public struct GuestPlugs: Sendable {
    /// One card.
    public struct Plug: Sendable {
        /// As its host needs it.
        public let port: PortSpec
        /// The largest packet of its network in bytes.
        public let mtu: Int
    }

    /// In the order in which the guest numbers them.
    public let ports: [Plug]
    /// The subnets that their addresses are of.
    public let subnets: [SubnetSpec]
    /// The addresses under which they are reached from outside.
    public let floatingIPs: [String]
}

/// What is asked for in the name of a guest. There is no caller whose rights could be checked: whoever calls these knows
/// by other means who asks.
extension NetworkingService {
    /// Whose an address is on a network; nil when it is nobody's, or no address.
    /// - Throws: `ServiceError` of kind internalError.
    public func port(onNetwork id: ID<Network>, address: String) throws -> Port? {
        guard let address = try? IPAddress(parsing: address) else { return nil }
        return try read { try portStore.find(address: address, on: id, in: $0) }
    }

    /// The cards of an instance.
    /// - Throws: `ServiceError` of kind internalError.
    public func guestPlugs(ofInstance id: String) throws -> GuestPlugs {
        try read { transaction in
            let ports = try portStore.cards(ofInstance: id, in: transaction)
            var networks: [ID<Network>] = []
            for port in ports where !networks.contains(port.networkID) { networks.append(port.networkID) }
            let subnets = try networks.flatMap { try subnetStore.list(of: $0, in: transaction) }
            let used = Set(ports.flatMap(\.fixedIPs).map(\.subnetID))
            let floatingIPs = try ports.flatMap { try FloatingIPStore().list(ofPort: $0.id, in: transaction) }
            return GuestPlugs(
                ports: ports.map { .init(port: PortSpec($0, subnets), mtu: $0.mtu) },
                subnets: subnets.filter { used.contains($0.id) }.map(SubnetSpec.init),
                floatingIPs: floatingIPs.map(\.address.description))
        }
    }

    /// The networks that have a DHCP port, and with it a place for the metadata service.
    /// - Throws: `ServiceError` of kind internalError.
    public func networksWithDHCP() throws -> [ID<Network>] {
        try read { try portStore.networksWithDHCP(in: $0) }
    }
}
