import ServiceCore

extension NetworkingSchema {
    /// All that lists of instances show of their cards.
    static let changes =
        ServiceCoreSchema.recording(
            "ports", [.insert, .delete, .update("device_id, nic_index, network_id, mac_address")],
            "SELECT row.device_id WHERE row.nic_index IS NOT NULL")
        + ServiceCoreSchema.recording(
            "ipallocations", [.insert, .delete, .update("port_id, ip_address")], devices("id = row.port_id"))
        + ServiceCoreSchema.recording(
            "securitygroupportbindings", [.insert, .delete, .update("")], devices("id = row.port_id"))
        + ServiceCoreSchema.recording(
            "floatingips", [.insert, .delete, .update("floating_ip_address, fixed_port_id")],
            devices("id = row.fixed_port_id"))
        + ServiceCoreSchema.recording("networks", [.update("name")], devices("network_id = row.id"))
        + ServiceCoreSchema.recording(
            "securitygroups", [.update("name")],
            devices("id IN (SELECT port_id FROM securitygroupportbindings WHERE security_group_id = row.id)"))

    private static func devices(_ condition: String) -> String {
        "SELECT device_id FROM ports WHERE \(condition) AND nic_index IS NOT NULL"
    }
}
