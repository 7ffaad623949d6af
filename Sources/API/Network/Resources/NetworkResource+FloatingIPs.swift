import HTTP
import Networking
import ServiceCore

extension NetworkResource where Item == FloatingIP {
    static func floatingIPs(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "floatingip", plural: "floatingips", path: "floatingips", attributes: attributes, id: \.id.text,
            tagged: { ID(untrusted: $0).map(TaggedResource.floatingIP) },
            list: { try networking.floatingIPs($0, as: $1) },
            show: { try networking.floatingIP(try identifier($0, "Floating IP"), as: $1) },
            create: { bodies, context in try networking.createFloatingIPs(try bodies.map(newFloatingIP), as: context) },
            update: { id, body, seen, context in
                var update = FloatingIPUpdate()
                update.description = try body.text("description")
                update.target = try body.target()
                update.revision = seen
                return try networking.updateFloatingIP(try identifier(id, "Floating IP"), update, as: context)
            },
            delete: { try networking.releaseFloatingIP(try identifier($0, "Floating IP"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<FloatingIP>] {
        [.init("id") { $0.id.text }] + NetworkAttribute.owner { $0.projectID } + [
            .init("floating_ip_address", .post) { $0.address.description },
            .init("floating_network_id", .required) { $0.networkID.text },
            .init("router_id") { $0.association?.routerID.text },
            .init("port_id", [.post, .put]) { $0.association?.portID.text },
            .init("fixed_ip_address", [.post, .put]) { $0.association?.fixedAddress.description },
            .init("subnet_id", .post, writing: nil),
            .init("status") { $0.status.rawValue },
            .init("description", [.post, .put]) { $0.description },
            .init("port_details") { $0.association.map(PortDetailsDocument.init) },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
    }
}

private struct PortDetailsDocument: JSONWritable {
    let port: FloatingIP.Association

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("name", port.name)
            $0.member("network_id", port.networkID.text)
            $0.member("mac_address", port.macAddress.description)
            $0.member("admin_state_up", port.adminStateUp)
            $0.member("status", port.status.rawValue)
            $0.member("device_id", port.deviceID)
            $0.member("device_owner", port.deviceOwner)
        }
    }
}

private func newFloatingIP(_ body: NetworkBody) throws -> NewFloatingIP {
    var new = NewFloatingIP(networkID: try body.requiredID("floating_network_id"))
    new.portID = try body.id("port_id")
    new.fixedIP = try body.nullableText("fixed_ip_address")
    new.address = try body.nullableText("floating_ip_address")
    new.subnetID = try body.id("subnet_id")
    new.description = try body.text("description") ?? ""
    new.projectID = try body.owner()
    if new.portID == nil, new.fixedIP != nil {
        throw APIError(
            .badRequest, "Bad floatingip request: fixed_ip_address cannot be specified without a port_id.",
            type: "BadRequest")
    }
    return new
}

extension NetworkBody {
    /// Where a floating IP is to lead; nil leaves that alone.
    fileprivate func target() throws -> FloatingIPUpdate.Target? {
        let fixedIP = try nullableText("fixed_ip_address")
        guard has("port_id") else { return fixedIP.map(FloatingIPUpdate.Target.address) }
        if let portID: ID<Port> = try id("port_id") { return .port(portID, fixedIP: fixedIP) }
        guard fixedIP == nil else {
            throw APIError(
                .badRequest, "Bad floatingip request: fixed_ip_address cannot be specified without a port_id.",
                type: "BadRequest")
        }
        return .nowhere
    }
}
