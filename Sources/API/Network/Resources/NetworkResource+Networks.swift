import HTTP
import Networking
import ServiceCore

extension NetworkResource where Item == Network {
    static func networks(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "network", plural: "networks", path: "networks", attributes: attributes, id: \.id.text,
            tagged: { ID(untrusted: $0).map(TaggedResource.network) },
            list: { try networking.networks($0, as: $1) },
            show: { try networking.network(try identifier($0, "Network"), as: $1) },
            create: { bodies, context in try networking.createNetworks(try bodies.map(newNetwork), as: context) },
            update: { id, body, seen, context in
                var update = try networkUpdate(body)
                update.revision = seen
                return try networking.updateNetwork(try identifier(id, "Network"), update, as: context)
            },
            delete: { try networking.deleteNetwork(try identifier($0, "Network"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<Network>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.post, .put]) { $0.name },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("admin_state_up", [.post, .put]) { $0.adminStateUp },
            .init("mtu", [.post, .put]) { $0.mtu },
            .init("status") { $0.status.rawValue },
            .init("subnets") { $0.subnets.map(\.id.text) },
            .init("shared", [.post, .put]) { $0.shared },
            .init("availability_zone_hints", .post) { $0.availabilityZoneHints },
            .init("availability_zones") { $0.availabilityZones },
            .init("ipv4_address_scope") { $0.addressScopeID(.v4)?.text },
            .init("ipv6_address_scope") { $0.addressScopeID(.v6)?.text },
            .init("router:external", [.post, .put]) { $0.external },
            .init("description", [.post, .put]) { $0.description },
            .init("port_security_enabled", [.post, .put]) { $0.portSecurityEnabled },
            .init("is_default", [.post, .put]) { json, shown in
                // Only a network that leads out can be the default one; none is.
                false.write(to: &json)
            },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
            .init("provider:network_type", [.post, .put, .secret]) { $0.provider?.type.rawValue },
            .init("provider:physical_network", [.post, .put, .secret]) { $0.provider?.physicalNetwork },
            .init("provider:segmentation_id", [.post, .put, .secret]) { $0.provider?.segmentationID },
        ]
    }
}

private func newNetwork(_ body: NetworkBody) throws -> NewNetwork {
    var new = NewNetwork(name: try body.text("name") ?? "")
    new.description = try body.text("description") ?? ""
    new.adminStateUp = try body.flag("admin_state_up") ?? true
    new.shared = try body.flag("shared") ?? false
    new.external = try body.flag("router:external") ?? false
    new.mtu = try body.mtu()
    new.availabilityZoneHints = try body.list("availability_zone_hints") { try $0.text(0...255) } ?? []
    new.portSecurityEnabled = try body.flag("port_security_enabled") ?? true
    new.provider = try body.provider()
    new.projectID = try body.owner()
    try body.refuseDefault()
    return new
}

private func networkUpdate(_ body: NetworkBody) throws -> NetworkUpdate {
    var update = NetworkUpdate()
    update.name = try body.text("name")
    update.description = try body.text("description")
    update.adminStateUp = try body.flag("admin_state_up")
    update.shared = try body.flag("shared")
    update.external = try body.flag("router:external")
    update.mtu = try body.mtu()
    update.portSecurityEnabled = try body.flag("port_security_enabled")
    if let provider = try body.provider() {
        update.provider = provider
    }
    try body.refuseDefault()
    return update
}

extension NetworkBody {
    /// Bytes; 0 and null stand for the configured number.
    fileprivate func mtu() throws -> String? {
        let text = try typed("mtu")
        return text == "0" ? "" : text
    }

    /// How the network is carried, if any of the three attributes says so.
    fileprivate func provider() throws -> ProviderInput? {
        let type = try typed("provider:network_type")
        let physicalNetwork = try typed("provider:physical_network")
        let segmentationID = try typed("provider:segmentation_id")
        guard [type, physicalNetwork, segmentationID].contains(where: { $0?.isEmpty == false }) else { return nil }
        return ProviderInput(
            type: type ?? "", physicalNetwork: physicalNetwork, segmentationID: segmentationID)
    }

    /// No network here is "the default one" for routers made without asking.
    fileprivate func refuseDefault() throws {
        guard try flag("is_default") == true else { return }
        throw APIError(.badRequest, "Invalid input for is_default: there is no default external network here.")
    }
}

/// The identifier in a path.
/// - Throws: `ServiceError` of kind notFound for a text that can be none.
func identifier<Resource>(_ text: String, _ kind: String) throws -> ID<Resource> {
    guard let id = ID<Resource>(untrusted: text) else { throw ServiceError.notFound(kind, text) }
    return id
}
