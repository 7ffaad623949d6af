import ComputeHost
import Database
import Networking
public import ServiceCore

extension ComputeService {
    /// What an instance is told about itself. There is no caller whose rights could be checked: whoever calls this has
    /// found out by other means that it is the guest itself that asks.
    /// - Returns: nil when there is no such instance.
    /// - Throws: `ServiceError` of kind internalError.
    public func guestMetadata(_ id: ID<Instance>) throws -> GuestMetadata? {
        try ServiceError.wrapping {
            let found = try database.read { transaction in
                let instance = try lifecycle.instances.find(id, in: transaction)
                guard let instance, instance.state.vm != .deleted,
                    let request = try lifecycle.specs.find(id, in: transaction)
                else { return nil as (Instance, RequestSpec, [String: String])? }
                return (instance, request, try lifecycle.metadata.metadata(of: id, in: transaction))
            }
            guard let (instance, request, metadata) = found else { return nil }
            let plugs = try networking.guestPlugs(ofInstance: id.text)
            // Who reaches the metadata service is plugged into a bridge.
            let interfaces = plugs.ports.map { InterfaceSpec($0.port, mtu: $0.mtu, mode: .bridge) }
            return GuestMetadata(
                instance, request, metadata: metadata, interfaces: interfaces, subnets: plugs.subnets,
                floatingIPs: plugs.floatingIPs)
        }
    }
}

extension GuestMetadata {
    /// What the guest is told, on whichever way.
    init(
        _ instance: Instance, _ request: RequestSpec, metadata: [String: String], interfaces: [InterfaceSpec],
        subnets: [SubnetSpec], floatingIPs: [String]
    ) {
        self.init(
            instanceID: instance.id.text, number: instance.number, name: instance.name,
            hostname: instance.guestHostname, projectID: instance.projectID)
        availabilityZone = instance.availabilityZone
        launchIndex = instance.launchIndex
        reservationID = instance.reservationID
        flavorName = instance.flavor.name
        imageID = instance.imageID.text
        publicKey = request.publicKey.map { PublicKey(name: instance.keyName ?? "key", text: $0) }
        userData = request.userData
        files = request.files
        self.metadata = metadata
        self.interfaces = interfaces
        self.subnets = subnets
        self.floatingIPs = floatingIPs
    }
}
