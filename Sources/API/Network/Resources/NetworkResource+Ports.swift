import Networking
import ServiceCore

extension NetworkResource where Item == Port {
    static func ports(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "port", plural: "ports", path: "ports", attributes: attributes, id: \.id.text,
            tagged: { ID(untrusted: $0).map(TaggedResource.port) },
            list: { try networking.ports($0, as: $1) },
            show: { try networking.port(try identifier($0, "Port"), as: $1) },
            create: { bodies, context in try networking.createPorts(try bodies.map(newPort), as: context) },
            update: { id, body, seen, context in
                var update = try portUpdate(body)
                update.revision = seen
                return try networking.updatePort(try identifier(id, "Port"), update, as: context)
            },
            delete: { try networking.deletePort(try identifier($0, "Port"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<Port>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.post, .put]) { $0.name },
            .init("network_id", .required) { $0.networkID.text },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("mac_address", [.post, .put]) { $0.macAddress.description },
            .init("admin_state_up", [.post, .put]) { $0.adminStateUp },
            .init("status") { $0.status.rawValue },
            .init("device_id", [.post, .put]) { $0.deviceID },
            .init("device_owner", [.post, .put]) { $0.deviceOwner },
            .init("fixed_ips", [.post, .put]) { $0.fixedIPs.map(FixedIPDocument.init) },
            .init("allowed_address_pairs", [.post, .put]) { $0.allowedAddressPairs.map(PairDocument.init) },
            .init("extra_dhcp_opts", [.post, .put]) { $0.extraDHCPOptions.map(OptionDocument.init) },
            .init("security_groups", [.post, .put]) { $0.securityGroupIDs.map(\.text) },
            .init("description", [.post, .put]) { $0.description },
            .init("port_security_enabled", [.post, .put]) { $0.portSecurityEnabled },
            .init("binding:vnic_type", [.post, .put]) { $0.vnicType },
            .init("binding:host_id", [.post, .put, .secret]) { $0.bindingHost },
            .init("binding:profile", [.post, .put, .secret]) { $0.raw(Array($1.item.bindingProfile.utf8)) },
            .init("binding:vif_type", .secret) { $0.bindingHost.isEmpty ? "unbound" : "bridge" },
            .init("binding:vif_details", .secret, writing: vifDetails),
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
    }

    /// What nova would need to plug the port in: bridges filter packets, until a port is bound there is nothing to tell.
    @Sendable private static func vifDetails(_ json: inout JSONWriter, _ shown: NetworkShown<Port>) {
        json.object {
            guard !shown.item.bindingHost.isEmpty else { return }
            $0.member("port_filter", true)
            $0.member("connectivity", "l2")
        }
    }
}

/// An address of a port.
struct FixedIPDocument: JSONWritable {
    let fixedIP: FixedIP

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("subnet_id", fixedIP.subnetID.text)
            $0.member("ip_address", fixedIP.address.description)
        }
    }
}

private struct OptionDocument: JSONWritable {
    let option: ExtraDHCPOption

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("opt_name", option.name)
            $0.member("opt_value", option.value)
            $0.member("ip_version", option.version.rawValue)
        }
    }
}

private struct PairDocument: JSONWritable {
    let pair: AddressPair

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("mac_address", pair.macAddress.description)
            $0.member("ip_address", pair.ipAddress)
        }
    }
}

private func newPort(_ body: NetworkBody) throws -> NewPort {
    var new = NewPort(networkID: try body.requiredID("network_id"))
    new.name = try body.text("name") ?? ""
    new.description = try body.text("description") ?? ""
    new.adminStateUp = try body.flag("admin_state_up") ?? true
    new.macAddress = try body.text("mac_address")
    new.fixedIPs = try body.fixedIPs("fixed_ips")
    new.deviceID = try body.text("device_id") ?? ""
    new.deviceOwner = try body.text("device_owner") ?? ""
    new.securityGroups = try body.list("security_groups") { try $0.uuid() }
    new.allowedAddressPairs = try body.pairs() ?? []
    new.portSecurityEnabled = try body.flag("port_security_enabled")
    new.bindingHost = try body.nullableText("binding:host_id") ?? ""
    new.vnicType = try body.vnicType() ?? new.vnicType
    new.projectID = try body.owner()
    new.extraDHCPOptions = try body.dhcpOptions() ?? []
    new.bindingProfile = try body.profile() ?? new.bindingProfile
    return new
}

private func portUpdate(_ body: NetworkBody) throws -> PortUpdate {
    var update = PortUpdate()
    update.name = try body.text("name")
    update.description = try body.text("description")
    update.adminStateUp = try body.flag("admin_state_up")
    update.macAddress = try body.text("mac_address")
    update.fixedIPs = try body.fixedIPs("fixed_ips")
    update.deviceID = try body.text("device_id")
    update.deviceOwner = try body.text("device_owner")
    update.securityGroups = try body.list("security_groups") { try $0.uuid() }
    update.allowedAddressPairs = try body.pairs()
    update.portSecurityEnabled = try body.flag("port_security_enabled")
    if let host = body["binding:host_id"] { update.bindingHost = try host.nullableText(0...255) ?? "" }
    update.vnicType = try body.vnicType()
    update.extraDHCPOptions = try body.dhcpOptions()
    update.bindingProfile = try body.profile()
    return update
}

extension NetworkBody {
    /// The addresses that a port should have.
    func fixedIPs(_ name: String) throws -> [FixedIPInput]? {
        try list(name) { try $0.fixedIP() }
    }

    fileprivate func pairs() throws -> [AddressPairInput]? {
        try list("allowed_address_pairs") { pair in
            try pair.object {
                AddressPairInput(
                    ipAddress: try $0.required("ip_address").text(), macAddress: try $0.nullable("mac_address")?.text())
            }
        }
    }

    fileprivate func vnicType() throws -> String? {
        let kinds = [
            "normal", "direct", "macvtap", "baremetal", "direct-physical", "virtio-forwarder", "smart-nic", "vdpa",
            "accelerator-direct", "accelerator-direct-physical", "remote-managed",
        ]
        return try self["binding:vnic_type"]?.choice(kinds)
    }

    fileprivate func dhcpOptions() throws -> [ExtraDHCPOptionInput]? {
        try list("extra_dhcp_opts") { option in
            try option.object { reader in
                // An identifier that neutron takes, and does not look at.
                _ = try reader.nullable("id")?.uuid()
                return ExtraDHCPOptionInput(
                    name: try reader.required("opt_name").text(), value: try reader.required("opt_value").nullableText(),
                    version: try reader.optional("ip_version")?.typed())
            }
        }
    }

    /// A JSON object, as a text; null is an empty one.
    fileprivate func profile() throws -> String? {
        guard let profile = self["binding:profile"] else { return nil }
        guard !profile.isNull else { return "{}" }
        var json = JSONWriter()
        JSONValue.object(try profile.members()).write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension JSONMember {
    /// An address of a port: a subnet, an address, or both.
    func fixedIP() throws -> FixedIPInput {
        try object {
            FixedIPInput(
                subnetID: try $0.nullable("subnet_id").map { ID(try $0.uuid()) },
                address: try $0.nullable("ip_address")?.text())
        }
    }
}
