public import ComputeHost
import Database
public import ServiceCore

/// What a host must know of a router, made of the stored rows.
struct RouterSpecBuilder {
    private let routers = RouterStore()
    private let ports = PortStore()
    private let subnets = SubnetStore()
    private let floatingIPs = FloatingIPStore()

    /// Nil when there is no such router.
    func spec(of id: ID<NetworkRouter>, in transaction: borrowing Transaction) throws -> RouterSpec? {
        guard let router = try routers.find(id, in: transaction) else { return nil }
        let all = try ports.list(PortFilter(deviceID: id.text), visibleTo: nil, in: transaction)
            .filter { !$0.bindingHost.isEmpty }
        let joined = try Set(all.map(\.networkID)).flatMap { try subnets.list(of: $0, in: transaction) }
        let gateway = all.first { $0.id == router.gateway?.portID }
        let inside = all.filter { $0.deviceOwner == DeviceOwner.routerInterface }.sorted { $0.id.text < $1.id.text }
        var spec = RouterSpec(
            routerID: id.text, interfaces: inside.map { PortSpec($0, joined) },
            gateway: gateway.map { PortSpec($0, joined) }, generation: router.revision)
        spec.adminStateUp = router.adminStateUp
        let insideIDs = Set(inside.flatMap(\.fixedIPs).map(\.subnetID))
        spec.advertisedSubnets = joined.filter {
            insideIDs.contains($0.id) && $0.ipv6Mode?.routerAdvertisement != nil
        }.sorted { $0.id.text < $1.id.text }.map(SubnetSpec.init)
        spec.enableSNAT = router.gateway?.enableSNAT ?? true
        spec.routes = router.routes.map {
            RouteSpec(destination: $0.destination.description, nextHop: $0.nextHop.description)
        }
        // They need the way out, which may wait for a host.
        guard gateway != nil else { return spec }
        spec.floatingIPs = try floatingIPs.list(ofRouter: id, in: transaction).compactMap { floatingIP in
            floatingIP.association.map {
                RouterSpec.FloatingIP(
                    floatingIPID: floatingIP.id.text, floatingAddress: floatingIP.address.description,
                    fixedAddress: $0.fixedAddress.description)
            }
        }
        return spec
    }
}

/// What this program's own parts ask, in nobody's name.
extension NetworkingService {
    /// What a host must know of a router; nil when there is none of this name.
    /// - Throws: `ServiceError`.
    public func routerSpec(_ id: ID<NetworkRouter>) throws -> RouterSpec? {
        try read { try RouterSpecBuilder().spec(of: id, in: $0) }
    }
}
