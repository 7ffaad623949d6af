import Networking
import ServiceCore

/// The subnets of one network, with Horizon's columns.
struct SubnetTable {
    static let id = "subnets"

    let site: Site
    let area: Area
    let network: Network
    let visitor: Visitor

    func items() throws -> [Subnet] {
        try site.services.networking.subnets(of: network.id, as: visitor.context)
    }

    func item(_ id: String) throws -> Subnet {
        guard let subnet = try items().first(where: { $0.id.text == id }) else {
            throw ServiceError.notFound("Subnet", id)
        }
        return subnet
    }

    func definition() throws -> TableDefinition<Subnet> {
        let (area, context, networking, network) = (area, visitor.context, site.services.networking, network)
        let mayChange = networking.canChange(network, as: context)
        var table = TableDefinition<Subnet>(
            id: Self.id, url: NetworkTab.subnets.url(area, network.id), columns: try columns(),
            objectID: { $0.id.text }, name: \.displayName)
        table.filters = [.contains("name", Message("Name"), \.displayName)]
        table.emptyTitle = Message("No subnets yet")
        table.emptyText = Message("Without a subnet, ports of this network get no address.")
        guard mayChange else { return table }
        table.rowActions = { subnet in
            [
                .open(Message("Edit Subnet"), .updateSubnet(area, network.id.text, subnet.id.text)),
                .perform("delete"),
            ]
        }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Subnet"), batchTitle: Message("Delete Subnets"),
                isDestructive: true, done: Message("Deleted subnet: {names}"),
                failed: Message("Unable to delete subnet: {names}")
            ) { id in
                try networking.deleteSubnet(ID(id), as: context)
            }
        ]
        table.links = [
            TableLink(title: Message("Create Subnet"), url: .createSubnet(area, network.id.text))
        ]
        return table
    }

    private func columns() throws -> [Column<Subnet>] {
        let (area, wording) = (area, visitor.wording)
        var columns: [Column<Subnet>] = [
            Column(name: "name", title: Message("Name")) { .name($0.displayName, .subnet(area, $0.id.text)) },
            Column(
                name: "cidr", title: area == .admin ? Message("CIDR") : Message("Network Address"),
                order: { $0.cidr.network < $1.cidr.network }
            ) { .text($0.cidr.description) },
            Column(name: "ip_version", title: Message("IP Version"), isMinor: true) { .text($0.version.name) },
            Column(name: "gateway_ip", title: Message("Gateway IP")) {
                .text($0.gateway?.description ?? wording(Message("None")))
            },
        ]
        guard area == .admin else { return columns }
        let uses = Dictionary(
            try site.services.networking.availability(of: network.id, as: visitor.context).subnets
                .map { ($0.subnetID, $0) }
        ) { first, _ in first }
        columns += [
            Column(
                name: "used_ips", title: Message("Used IPs"),
                order: { (uses[$0.id]?.used ?? 0) < (uses[$1.id]?.used ?? 0) }
            ) {
                .text(uses[$0.id].map { String($0.used) } ?? "")
            },
            Column(
                name: "free_ips", title: Message("Free IPs"),
                order: { (uses[$0.id]?.free ?? 0) < (uses[$1.id]?.free ?? 0) }
            ) {
                .text(uses[$0.id].map { String($0.free) } ?? "")
            },
        ]
        return columns
    }
}
