public import ComputeHost
import Database
public import ServiceCore

/// What hosts must know of a network, made of the stored rows.
struct NetworkSpecBuilder {
    private let networks = NetworkStore()
    private let subnets = SubnetStore()
    private let ports = PortStore()
    private let groups = SecurityGroupSpecs()

    /// Nil when there is no such network.
    func spec(of id: ID<Network>, in transaction: borrowing Transaction) throws -> NetworkSpec? {
        guard let network = try networks.find(id, in: transaction) else { return nil }
        let subnets = try subnets.list(of: id, in: transaction)
        let ports = try ports.list(PortFilter(networkID: id), visibleTo: nil, in: transaction)
        let guests = ports.filter { $0.nicIndex != nil }
        var spec = NetworkSpec(
            networkID: id.text, mtu: network.mtu, subnets: subnets.map(SubnetSpec.init),
            ports: guests.map { PortSpec($0, subnets) }, generation: network.revision)
        spec.adminStateUp = network.adminStateUp
        spec.segment = SegmentSpec(network.provider)
        spec.dhcpPort = ports.first { $0.deviceOwner == DeviceOwner.dhcp && !$0.bindingHost.isEmpty }.map {
            PortSpec($0, subnets)
        }
        spec.securityGroups = try groups.specs(of: guests, in: transaction)
        return spec
    }
}

/// What this program's own parts ask, in nobody's name.
extension NetworkingService {
    /// What hosts must know of a network; nil when there is none of this name.
    /// - Throws: `ServiceError`.
    public func networkSpec(_ id: ID<Network>) throws -> NetworkSpec? {
        try read { try NetworkSpecBuilder().spec(of: id, in: $0) }
    }
}
