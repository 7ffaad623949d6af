import Compute
import Networking
import ServiceCore

/// The table of floating IPs with Horizon's columns.
struct FloatingIPTable {
    let site: Site
    let area: Area
    let visitor: Visitor

    func definition() throws -> TableDefinition<FloatingIP> {
        let (area, context, networking) = (area, visitor.context, site.services.networking)
        let mayChange = networking.may(.updateFloatingIP, as: context)
        var table = TableDefinition<FloatingIP>(
            id: "floating_ips", url: .floatingIPs(area), columns: try columns(), objectID: { $0.id.text },
            name: \.address.description)
        table.liveKind = "floatingip"
        table.filters = [
            .contains("floating_ip_address", Message("Floating IP Address"), \.address.description),
            .contains("fixed_ip_address", Message("Mapped Fixed IP Address")) {
                $0.association?.fixedAddress.description ?? ""
            },
            .contains("pool", Message("Pool"), \.networkName),
        ]
        table.emptyTitle = Message("No floating IPs yet")
        table.emptyText = Message("Under a floating IP an instance can be reached from outside the cloud.")
        guard mayChange else { return table }
        table.rowActions = { ip in
            let release = RowAction.perform("release")
            guard ip.association == nil else { return [.perform("disassociate"), release] }
            // Whose ports they could lead to is known in the project itself.
            guard area == .project else { return [release] }
            return [.open(Message("Associate"), .associateFloatingIP.with("ip_id", ip.id.text)), release]
        }
        table.actions = actions
        table.links = [
            TableLink(title: Message("Allocate IP To Project"), url: .allocateFloatingIP(area))
        ]
        return table
    }

    private var actions: [TableAction] {
        let (context, networking) = (visitor.context, site.services.networking)
        return [
            TableAction(
                name: "disassociate", title: Message("Disassociate"), isDisruptive: true,
                help: Message("The instance can no longer be reached under this address, which stays the project's."),
                done: Message("Successfully disassociated Floating IP: {names}"),
                failed: Message("Unable to disassociate floating IP: {names}")
            ) { _ = try networking.disassociate(ID($0), as: context) },
            TableAction(
                name: "release", title: Message("Release Floating IP"), batchTitle: Message("Release Floating IPs"),
                isDestructive: true,
                help: Message(
                    "Once a floating IP is released, there is no guarantee the same IP can be allocated again."),
                done: Message("Released Floating IP: {names}"),
                failed: Message("Unable to release floating IP: {names}")
            ) { try networking.releaseFloatingIP(ID($0), as: context) },
        ]
    }

    private func columns() throws -> [Column<FloatingIP>] {
        let (area, wording) = (area, visitor.wording)
        var columns: [Column<FloatingIP>] = []
        if area == .admin {
            let names = try site.projectNames(visitor.context)
            columns.append(
                Column(name: "project", title: Message("Project")) { .text(names[$0.projectID] ?? $0.projectID) })
        }
        let target = FloatingIPTarget(site: site, area: area, visitor: visitor)
        columns += [
            Column(name: "ip", title: Message("IP Address"), order: { $0.address < $1.address }) {
                .name($0.address.description, area == .admin ? .floatingIP($0.id.text) : nil)
            },
            Column(name: "description", title: Message("Description"), isMinor: true) {
                .text($0.description.isEmpty ? "–" : $0.description)
            },
            Column(name: "fixed_ip", title: Message("Mapped Fixed IP Address"), isSortable: false) {
                $0.association.map(target.cell) ?? .text("–")
            },
            Column(name: "pool", title: Message("Pool")) {
                .text($0.networkName.isEmpty ? "(\($0.networkID.text.prefix(13)))" : $0.networkName)
            },
            Column(name: "status", title: Message("Status")) { .status($0.status, wording) },
        ]
        return columns
    }
}

/// Where a floating IP leads, as people know it.
struct FloatingIPTarget: Sendable {
    let site: Site
    let area: Area
    let visitor: Visitor

    /// "web-1 10.0.0.5", leading to the instance, or to the port when there is none.
    func cell(_ association: FloatingIP.Association) -> Cell {
        let address = association.fixedAddress.description
        guard let instance = instance(association.deviceID, association.deviceOwner) else {
            return .link(address, .port(area, association.portID.text))
        }
        let url = SiteURL.instance(area, instance.id.text).path
        return .lines([Cell.Line(text: instance.name, href: url, note: address)])
    }

    func instance(_ deviceID: String, _ deviceOwner: String) -> Instance? {
        guard deviceOwner.hasPrefix("compute:"), let id = ID<Instance>(untrusted: deviceID) else { return nil }
        return try? site.services.compute.instance(id, as: visitor.context)
    }
}

extension Cell {
    /// A floating IP's state.
    static func status(_ status: FloatingIP.Status, _ wording: Wording) -> Cell {
        switch status {
        case .active: .status(.good, wording(Message("Active")))
        case .down: .status(.off, wording(Message("Down")))
        case .error: .status(.bad, wording(Message("Error")))
        }
    }
}
