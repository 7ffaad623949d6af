import Identity
import Networking
import ServiceCore

/// The table of networks with Horizon's columns.
struct NetworkTable {
    let site: Site
    let area: Area
    let visitor: Visitor

    func definition() throws -> TableDefinition<Network> {
        let (area, context, networking) = (area, visitor.context, site.services.networking)
        var table = TableDefinition<Network>(
            id: "networks", url: .networks(area), columns: try columns(), objectID: { $0.id.text },
            name: \.displayName)
        table.isBusy = { $0.status == .build }
        table.liveKind = "network"
        table.filters = try filters()
        table.rowActions = { network in
            guard networking.canChange(network, as: context) else { return [] }
            return [
                .open(Message("Edit Network"), .updateNetwork(area, network.id.text)),
                .open(Message("Create Subnet"), .createSubnet(area, network.id.text)), .perform("delete"),
            ]
        }
        let mayCreate = networking.may(.createNetwork, as: context)
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Network"),
                batchTitle: mayCreate ? Message("Delete Networks") : nil,
                isDestructive: true,
                help: Message(
                    "The network, its subnets and its DHCP port are deleted. Instances must leave the network first."),
                done: Message("Deleted network: {names}"), failed: Message("Unable to delete network: {names}")
            ) { id in
                try networking.deleteNetwork(ID(id), as: context)
            }
        ]
        if mayCreate {
            table.links = [TableLink(title: Message("Create Network"), url: .createNetwork(area))]
        }
        table.emptyTitle = Message("No networks yet")
        table.emptyText = Message("A network connects instances. Create one together with its first subnet.")
        return table
    }

    private func columns() throws -> [Column<Network>] {
        let (area, wording) = (area, visitor.wording)
        var columns: [Column<Network>] = []
        if area == .admin {
            let names = try site.projectNames(visitor.context)
            columns.append(
                Column(name: "project", title: Message("Project")) { .text(names[$0.projectID] ?? $0.projectID) })
        }
        columns += [
            Column(name: "name", title: area == .admin ? Message("Network Name") : Message("Name")) {
                .name($0.displayName, .network(area, $0.id.text))
            },
            Column(name: "subnets", title: Message("Subnets Associated"), isSortable: false) { network in
                .lines(
                    network.subnets.map { subnet in
                        subnet.name.isEmpty
                            ? Cell.Line(text: subnet.cidr.description)
                            : Cell.Line(text: subnet.name, strong: true, note: subnet.cidr.description)
                    })
            },
        ]
        if area == .admin {
            columns.append(
                Column(name: "agents", title: Message("DHCP Agents"), isMinor: true) {
                    .text($0.subnets.contains(where: \.enableDHCP) ? "1" : "0")
                })
        }
        columns += [
            Column(name: "shared", title: Message("Shared"), isMinor: true) { .text(wording.yesNo($0.shared)) },
            Column(name: "external", title: Message("External"), isMinor: true) { .text(wording.yesNo($0.external)) },
            Column(name: "status", title: Message("Status")) { .status($0.status, wording) },
            Column(name: "admin_state", title: Message("Admin State")) { .text(wording.adminState($0.adminStateUp)) },
            Column(name: "zones", title: Message("Availability Zones"), isMinor: true) {
                .text($0.availabilityZones.joined(separator: ", "))
            },
        ]
        return columns
    }

    private func filters() throws -> [TableFilter<Network>] {
        let wording = visitor.wording
        var filters: [TableFilter<Network>] = [.contains("name", Message("Name"), \.name)]
        if area == .admin {
            let names = try site.projectNames(visitor.context)
            filters.append(.contains("project", Message("Project")) { names[$0.projectID] ?? $0.projectID })
        }
        filters += [
            .contains("shared", Message("Shared")) { wording.yesNo($0.shared) },
            .contains("router:external", Message("External")) { wording.yesNo($0.external) },
            .contains("status", Message("Status")) { wording($0.status.message) },
            .contains("admin_state_up", Message("Admin State")) { wording.adminState($0.adminStateUp) },
        ]
        return filters
    }
}

extension NetworkStatus {
    var message: Message {
        switch self {
        case .active: Message("Active")
        case .build: Message("Build")
        case .down: Message("Down")
        case .error: Message("Error")
        }
    }
}

extension PortStatus {
    var message: Message {
        switch self {
        case .active: Message("Active")
        case .build: Message("Build")
        case .down: Message("Down")
        case .error: Message("Error")
        }
    }
}

extension Cell {
    static func status(_ status: NetworkStatus, _ wording: Wording) -> Cell {
        let level: StatusLevel =
            switch status {
            case .active: .good
            case .build: .busy
            case .down: .off
            case .error: .bad
            }
        return .status(level, wording(status.message))
    }

    static func status(_ status: PortStatus, _ wording: Wording) -> Cell {
        let level: StatusLevel =
            switch status {
            case .active: .good
            case .build: .busy
            case .down: .off
            case .error: .bad
            }
        return .status(level, wording(status.message))
    }
}

extension Site {
    /// Projects by id, for administrators' lists.
    func projectNames(_ context: RequestContext) throws -> [String: String] {
        Dictionary(try services.identity.projects(as: context).map { ($0.id, $0.name) }) { first, _ in first }
    }

    /// Projects to choose an owner from.
    func projectChoices(_ context: RequestContext) throws -> [Choice] {
        try services.identity.projects(as: context).map { Choice(value: $0.id, title: $0.name) }
    }
}
