import Networking
import ServiceCore

/// A router's ports, with Horizon's columns.
struct RouterInterfaceTable {
    static let id = "interfaces"

    let site: Site
    let area: Area
    let router: NetworkRouter
    let visitor: Visitor

    func items() throws -> [Port] {
        try site.services.networking.routerPorts(of: router.id, as: visitor.context)
    }

    func item(_ id: String) throws -> Port {
        guard let port = try items().first(where: { $0.id.text == id }) else {
            throw ServiceError.notFound("Port", id)
        }
        return port
    }

    func definition() -> TableDefinition<Port> {
        let (area, context, wording) = (area, visitor.context, visitor.wording)
        let (networking, router) = (site.services.networking, router)
        var table = TableDefinition<Port>(
            id: Self.id, url: RouterTab.interfaces.url(area, router.id),
            columns: [
                Column(name: "name", title: Message("Name")) { .name($0.displayName, .port(area, $0.id.text)) },
                Column(name: "fixed_ips", title: Message("Fixed IPs"), isSortable: false) {
                    .lines($0.fixedIPs.map { Cell.Line(text: $0.address.description) })
                },
                Column(name: "status", title: Message("Status")) { .status($0.status, wording) },
                Column(name: "type", title: Message("Type")) { port in
                    .text(
                        wording(
                            port.id == router.gateway?.portID
                                ? Message("External Gateway") : Message("Internal Interface")))
                },
                Column(name: "admin_state", title: Message("Admin State"), isMinor: true) {
                    .text(wording.adminState($0.adminStateUp))
                },
            ], objectID: { $0.id.text }, name: \.displayName)
        table.liveKind = "port"
        table.emptyTitle = Message("No interfaces yet")
        table.emptyText = Message("An interface joins the router to a subnet, as its gateway.")
        guard networking.canChange(router, as: context) else { return table }
        table.rowActions = { port in
            let isGateway = port.id == router.gateway?.portID
            let refused = Message("This is the way out; Clear Gateway takes it away.")
            return [.perform("delete", refused: isGateway ? refused : nil)]
        }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Interface"), batchTitle: Message("Delete Interfaces"),
                isDestructive: true, help: Message("The subnet is no longer joined to the router."),
                done: Message("Deleted interface: {names}"), failed: Message("Unable to delete interface: {names}")
            ) { id in
                _ = try networking.removeInterface(from: router.id, .port(ID(id)), as: context)
            }
        ]
        table.links = [TableLink(title: Message("Add Interface"), url: .addInterface(area, router.id.text))]
        return table
    }
}

/// The routes that people added to a router. A route is known by its two parts.
struct RouterRouteTable {
    static let id = "extra_routes"

    let site: Site
    let area: Area
    let router: NetworkRouter
    let visitor: Visitor

    static func id(of route: HostRoute) -> String { "\(route.destination),\(route.nextHop)" }

    func item(_ id: String) throws -> HostRoute {
        guard let route = router.routes.first(where: { Self.id(of: $0) == id }) else {
            throw ServiceError.notFound("Static route", id)
        }
        return route
    }

    func definition() -> TableDefinition<HostRoute> {
        let (context, networking, router) = (visitor.context, site.services.networking, router)
        var table = TableDefinition<HostRoute>(
            id: Self.id, url: RouterTab.routes.url(area, router.id),
            columns: [
                Column(
                    name: "destination", title: Message("Destination CIDR"),
                    order: { $0.destination.network < $1.destination.network }
                ) { .name($0.destination.description, nil) },
                Column(name: "nexthop", title: Message("Next Hop"), order: { $0.nextHop < $1.nextHop }) {
                    .text($0.nextHop.description)
                },
            ], objectID: Self.id(of:), name: Self.id(of:))
        table.emptyTitle = Message("No static routes yet")
        table.emptyText = Message("A static route leads to a network that lies behind a neighbour of the router.")
        guard networking.canChange(router, as: context) else { return table }
        table.rowActions = { _ in [.perform("delete")] }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Static Route"), batchTitle: Message("Delete Static Routes"),
                isDestructive: true, done: Message("Deleted static route: {names}"),
                failed: Message("Unable to delete static route: {names}")
            ) { id in
                // What is there now, and not when the page was made: several are deleted one after the other.
                let current = try networking.router(router.id, as: context)
                var update = RouterUpdate()
                update.routes = current.routes.filter { Self.id(of: $0) != id }.map(\.input)
                update.revision = current.revision
                _ = try networking.updateRouter(router.id, update, as: context)
            }
        ]
        table.links = [TableLink(title: Message("Add Static Route"), url: .addRoute(area, router.id.text))]
        return table
    }
}

extension HostRoute {
    /// The same as it would be typed.
    var input: HostRouteInput {
        HostRouteInput(destination: destination.description, nextHop: nextHop.description)
    }
}
