import Networking
import ServiceCore

/// The table of routers with Horizon's columns.
struct RouterTable {
    let site: Site
    let area: Area
    let visitor: Visitor

    func definition() throws -> TableDefinition<NetworkRouter> {
        let (area, context, networking) = (area, visitor.context, site.services.networking)
        var table = TableDefinition<NetworkRouter>(
            id: "routers", url: .routers(area), columns: try columns(), objectID: { $0.id.text }, name: \.displayName)
        table.liveKind = "router"
        table.filters = try filters()
        table.rowActions = { router in
            guard networking.canChange(router, as: context) else { return [] }
            let id = router.id.text
            let edit = RowAction.open(Message("Edit Router"), .updateRouter(area, id))
            // The button of the row does no harm.
            return router.gateway == nil
                ? [.open(Message("Set Gateway"), .setGateway(area, id)), edit, .perform("delete")]
                : [edit, .perform("cleargateway"), .perform("delete")]
        }
        let mayCreate = networking.may(.createRouter, as: context)
        table.actions = actions(mayDelete: mayCreate)
        if mayCreate, area == .project {
            table.links = [TableLink(title: Message("Create Router"), url: .createRouter)]
        }
        table.emptyTitle = Message("No routers yet")
        table.emptyText = Message("A router joins networks, and leads out of the cloud through an external network.")
        return table
    }

    private func actions(mayDelete: Bool) -> [TableAction] {
        let (context, networking) = (visitor.context, site.services.networking)
        return [
            TableAction(
                name: "cleargateway", title: Message("Clear Gateway"), isDisruptive: true,
                help: Message(
                    "The router's networks lose their way out. A gateway that is set later may have another address."),
                done: Message("Cleared gateway: {names}"), failed: Message("Unable to clear gateway: {names}")
            ) { id in
                var update = RouterUpdate()
                update.gateway = .clear
                _ = try networking.updateRouter(ID(id), update, as: context)
            },
            TableAction(
                name: "delete", title: Message("Delete Router"),
                batchTitle: mayDelete ? Message("Delete Routers") : nil, isDestructive: true,
                help: Message("Its interfaces must be deleted first."),
                done: Message("Deleted router: {names}"), failed: Message("Unable to delete router: {names}")
            ) { try networking.deleteRouter(ID($0), as: context) },
        ]
    }

    private func columns() throws -> [Column<NetworkRouter>] {
        let (area, wording) = (area, visitor.wording)
        var columns: [Column<NetworkRouter>] = []
        if area == .admin {
            let names = try site.projectNames(visitor.context)
            columns.append(
                Column(name: "project", title: Message("Project")) { .text(names[$0.projectID] ?? $0.projectID) })
        }
        columns += [
            Column(name: "name", title: Message("Name")) { .name($0.displayName, .router(area, $0.id.text)) },
            Column(name: "status", title: Message("Status")) { .status($0, wording) },
            Column(name: "ext_net", title: Message("External Network")) { .text($0.gateway?.title ?? "–") },
            Column(name: "admin_state", title: Message("Admin State")) { .text(wording.adminState($0.adminStateUp)) },
        ]
        return columns
    }

    private func filters() throws -> [TableFilter<NetworkRouter>] {
        let wording = visitor.wording
        var filters: [TableFilter<NetworkRouter>] = [.contains("name", Message("Router Name"), \.displayName)]
        if area == .admin {
            let names = try site.projectNames(visitor.context)
            filters.append(.contains("project", Message("Project")) { names[$0.projectID] ?? $0.projectID })
        }
        return filters + [
            .contains("status", Message("Status")) { wording(Cell.title(of: $0)) },
            .contains("admin_state_up", Message("Admin State")) { wording.adminState($0.adminStateUp) },
        ]
    }
}

extension RouterGateway {
    /// The external network's name, or Horizon's stand-in for an unnamed one.
    var title: String { networkName.isEmpty ? "(\(networkID.text.prefix(13)))" : networkName }
}

extension Cell {
    fileprivate static func title(of router: NetworkRouter) -> Message {
        router.status == "ACTIVE" ? Message("Active") : Message("Error")
    }

    /// A router's state.
    static func status(_ router: NetworkRouter, _ wording: Wording) -> Cell {
        .status(router.status == "ACTIVE" ? .good : .bad, wording(title(of: router)))
    }
}
