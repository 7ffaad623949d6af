import Networking
import ServiceCore

/// The ports of one network, with Horizon's columns.
struct PortTable {
    static let id = "ports"

    let site: Site
    let area: Area
    let network: Network
    let visitor: Visitor

    func items() throws -> [Port] {
        try site.services.networking.ports(as: visitor.context, filter: PortFilter(networkID: network.id))
    }

    func item(_ id: String) throws -> Port {
        guard let id = ID<Port>(untrusted: id) else { throw ServiceError.notFound("Port", id) }
        return try site.services.networking.port(id, as: visitor.context)
    }

    func definition() -> TableDefinition<Port> {
        let (area, context, networking, wording) = (area, visitor.context, site.services.networking, visitor.wording)
        var table = TableDefinition<Port>(
            id: Self.id, url: NetworkTab.ports.url(area, network.id),
            columns: [
                Column(name: "name", title: Message("Name")) { .name($0.displayName, .port(area, $0.id.text)) },
                Column(
                    name: "fixed_ips", title: Message("Fixed IPs"),
                    order: { left, right in
                        guard let first = left.fixedIPs.first?.address, let second = right.fixedIPs.first?.address
                        else { return left.fixedIPs.isEmpty && !right.fixedIPs.isEmpty }
                        return first < second
                    }
                ) { .lines($0.fixedIPs.map { Cell.Line(text: $0.address.description) }) },
                Column(name: "mac_address", title: Message("MAC Address"), isMinor: true) {
                    .code($0.macAddress.description)
                },
                Column(name: "device", title: Message("Attached Device")) {
                    .text($0.deviceOwner.isEmpty ? wording(Message("Detached")) : $0.deviceOwner)
                },
                Column(name: "status", title: Message("Status")) { .status($0.status, wording) },
                Column(name: "admin_state", title: Message("Admin State"), isMinor: true) {
                    .text(wording.adminState($0.adminStateUp))
                },
            ], objectID: { $0.id.text }, name: \.displayName)
        table.isBusy = { $0.status == .build }
        table.liveKind = "port"
        table.filters = [
            .contains("name", Message("Name"), \.displayName),
            .contains("ip_address", Message("Fixed IPs")) { port in
                port.fixedIPs.map(\.address.description).joined(separator: " ")
            },
        ]
        table.emptyTitle = Message("No ports yet")
        table.emptyText = Message("A port is made for each instance that is launched on this network.")
        let mayMake = networking.may(.createPort, as: context)
        if mayMake {
            table.links = [TableLink(title: Message("Create Port"), url: .createPort(area, network.id.text))]
        }
        table.rowActions = { port in
            guard networking.canChange(port, as: context) else { return [] }
            let inUse = Message("An instance or the network itself uses this port.")
            return site.portActions(area, visitor)(port)
                + [.perform("delete", refused: port.deviceOwner.isEmpty ? nil : inUse)]
        }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Port"), batchTitle: mayMake ? Message("Delete Ports") : nil,
                isDestructive: true, done: Message("Deleted port: {names}"),
                failed: Message("Unable to delete port: {names}")
            ) { id in
                try networking.deletePort(ID(id), as: context)
            }
        ]
        return table
    }
}
