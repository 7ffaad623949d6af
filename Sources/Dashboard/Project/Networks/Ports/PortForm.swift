import HTTP
import Networking
import ServiceCore

/// What was typed about a port, under Horizon's field names.
struct PortForm: Sendable {
    let input: FormData

    init(input: FormData) { self.input = input }

    /// An empty form; the port would have the default group.
    init(on network: Network, _ groups: [SecurityGroup]) {
        var pairs = [("admin_state", "on"), ("binding__vnic_type", "normal")]
        pairs += groups.filter(\.isDefault).map { ("groups", $0.id.text) }
        if network.portSecurityEnabled { pairs.append(("port_security_enabled", "on")) }
        input = FormData(pairs)
    }

    /// The form of a port as it is stored: saving it unchanged changes nothing.
    init(_ port: Port) {
        var pairs = [
            ("name", port.name), ("device_id", port.deviceID), ("device_owner", port.deviceOwner),
            ("mac_address", port.macAddress.description), ("binding__vnic_type", port.vnicType),
            ("binding__host_id", port.bindingHost), ("revision_number", String(port.revision)),
        ]
        if port.adminStateUp { pairs.append(("admin_state", "on")) }
        if port.portSecurityEnabled { pairs.append(("port_security_enabled", "on")) }
        input = FormData(pairs)
    }

    /// - Parameter area: administrators may name the host.
    func newPort(on network: Network, _ area: Area) -> NewPort {
        var new = NewPort(networkID: network.id)
        new.name = input["name"] ?? ""
        new.adminStateUp = input.isTicked("admin_state")
        new.deviceID = input["device_id"] ?? ""
        new.deviceOwner = input["device_owner"] ?? ""
        new.macAddress = input["mac_address"]
        new.portSecurityEnabled = input.isTicked("port_security_enabled")
        // An unguarded port has no groups; as in Horizon, they go with the guard.
        new.securityGroups = new.portSecurityEnabled == true ? input.values("groups") : []
        new.vnicType = input["binding__vnic_type"] ?? new.vnicType
        switch input["specify_ip"] {
        case "subnet_id": new.fixedIPs = [FixedIPInput(subnetID: input["subnet_id"].flatMap { ID(untrusted: $0) })]
        case "fixed_ip": new.fixedIPs = [FixedIPInput(address: input["fixed_ip"] ?? "")]
        default: break
        }
        guard area == .admin else { return new }
        new.bindingHost = input["binding__host_id"] ?? ""
        // Who administers a project's network makes the project's ports.
        new.projectID = network.projectID
        return new
    }

    /// Only what differs, so that nobody needs a right for what they leave as it is.
    func update(of port: Port, _ area: Area) -> PortUpdate {
        func changed(_ name: String, _ stored: String) -> String? {
            input[name].flatMap { $0 == stored ? nil : $0 }
        }
        var update = PortUpdate()
        update.name = input["name"] ?? ""
        update.adminStateUp = input.isTicked("admin_state")
        update.vnicType = changed("binding__vnic_type", port.vnicType)
        let isGuarded = input.isTicked("port_security_enabled")
        update.portSecurityEnabled = isGuarded == port.portSecurityEnabled ? nil : isGuarded
        // An unguarded port has no groups; as in Horizon, they go with the guard.
        if update.portSecurityEnabled == false { update.securityGroups = [] }
        update.revision = input["revision_number"].flatMap { Int($0) }
        guard area == .admin else { return update }
        update.deviceID = changed("device_id", port.deviceID)
        update.deviceOwner = changed("device_owner", port.deviceOwner)
        update.macAddress = changed("mac_address", port.macAddress.description)
        update.bindingHost = changed("binding__host_id", port.bindingHost)
        return update
    }

    static func createFields(_ fields: FormFields, _ subnets: [Subnet], _ area: Area) -> [FormField] {
        var list = nameFields(fields) + deviceFields(fields) + addressFields(fields, subnets)
        list.append(
            fields.text(
                "mac_address", Message("MAC Address"),
                help: Message("Left empty, a free address that begins with fa:16:3e is made up.")))
        list += shapeFields(fields)
        if area == .admin { list.append(hostField(fields)) }
        return list
    }

    /// Device and MAC address of a port are an administrator's matter, as in Horizon.
    static func updateFields(_ fields: FormFields, _ area: Area) -> [FormField] {
        guard area == .admin else { return nameFields(fields) + shapeFields(fields) }
        return nameFields(fields) + deviceFields(fields)
            + [fields.text("mac_address", Message("MAC Address"))] + shapeFields(fields) + [hostField(fields)]
    }

    private static func nameFields(_ fields: FormFields) -> [FormField] {
        [
            fields.text("name", Message("Name")),
            fields.checkbox(
                "admin_state", Message("Enable Admin State"), help: Message("A port that is down forwards nothing.")),
        ]
    }

    private static func deviceFields(_ fields: FormFields) -> [FormField] {
        [
            fields.text("device_id", Message("Device ID"), help: Message("The device that is attached to the port.")),
            fields.text(
                "device_owner", Message("Device Owner"),
                help: Message("What the device is, such as compute:nova. Left empty, the port is free.")),
        ]
    }

    private static func addressFields(_ fields: FormFields, _ subnets: [Subnet]) -> [FormField] {
        guard !subnets.isEmpty else { return [] }
        let wording = fields.wording
        // A rule that is broken by either says which address it means: `fixed_ips[0].ip_address`.
        var subnet = fields.select(
            "subnet_id", Message("Subnet"),
            [Choice(value: "", title: wording(Message("Select a subnet")))]
                + subnets.map { Choice(value: $0.id.text, title: "\($0.displayName) · \($0.cidr)") },
            violation: fields.input["specify_ip"] == "subnet_id" ? "fixed_ips" : nil)
        subnet.group = "by-subnet"
        var address = fields.text(
            "fixed_ip", Message("Fixed IP Address"),
            help: Message("An address of one of the network's subnets, inside its allocation pools or not."),
            violation: fields.input["specify_ip"] == "fixed_ip" ? "fixed_ips" : nil)
        address.group = "by-address"
        let ways = fields.select(
            "specify_ip", Message("Specify IP address or subnet"),
            [
                Choice(value: "", title: wording(Message("Unspecified"))),
                Choice(value: "subnet_id", title: wording(Message("Subnet"))),
                Choice(value: "fixed_ip", title: wording(Message("Fixed IP Address"))),
            ], help: Message("Unspecified: one address of each IP version the network has."))
        return [ways, subnet, address]
    }

    private static func shapeFields(_ fields: FormFields) -> [FormField] {
        [
            fields.checkbox(
                "port_security_enabled", Message("Port Security"),
                help: Message("Packets with other addresses than the port's are dropped, and security groups apply.")),
            fields.select(
                "binding__vnic_type", Message("VNIC Type"), vnicTypes, violation: "binding:vnic_type"),
        ]
    }

    private static func hostField(_ fields: FormFields) -> FormField {
        fields.text(
            "binding__host_id", Message("Binding: Host"),
            help: Message("The host the port is on. Left empty, the host of its instance."),
            violation: "binding:host_id")
    }

    /// Neutron's names; this cloud's own cards are `normal`.
    private static let vnicTypes = [
        "normal", "direct", "direct-physical", "macvtap", "baremetal", "virtio-forwarder",
    ].map { Choice(value: $0, title: $0) }
}
