import HTTP
import Markup
import Networking
import ServiceCore

/// One router: overview, interfaces, static routes.
struct RouterDetailPages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let view: View<NetworkDetailContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        view = try site.view("project/networks/detail", of: NetworkDetailContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try networking.router(request.id("router_id", of: "Router"), as: visitor.context)
        let interfaces = RouterInterfaceTable(site: site, area: area, router: router, visitor: visitor)
        let routes = RouterRouteTable(site: site, area: area, router: router, visitor: visitor)
        if let row = try tables.row(interfaces.definition(), request, visitor, item: interfaces.item) { return row }
        let tab = request.query["tab"].flatMap(RouterTab.init) ?? .overview
        let ports = try interfaces.items()
        let counts: [RouterTab: Int] = [.interfaces: ports.count, .routes: router.routes.count]
        var content = NetworkDetailContent(
            heading: router.displayName, actions: actions(router, visitor),
            tabs: RouterTab.allCases.map {
                TabModel(
                    title: visitor.text($0.title), href: $0.url(area, router.id).description, current: $0 == tab,
                    count: counts[$0] ?? 0)
            })
        switch tab {
        case .overview: content.overview = Facts(facts: facts(router, visitor))
        case .interfaces: content.table = interfaces.definition().model(ports, request, visitor)
        case .routes: content.table = routes.definition().model(router.routes, request, visitor)
        }
        return view.page(content, .routers(area, visitor, Crumb(router.displayName)), visitor)
    }

    /// The forms of the tables on the tabs.
    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try networking.router(request.id("router_id", of: "Router"), as: visitor.context)
        if TableSubmission(request.form, table: RouterRouteTable.id) != nil {
            let routes = RouterRouteTable(site: site, area: area, router: router, visitor: visitor)
            return try tables.perform(routes.definition(), request, visitor, item: routes.item)
        }
        let interfaces = RouterInterfaceTable(site: site, area: area, router: router, visitor: visitor)
        return try tables.perform(interfaces.definition(), request, visitor, item: interfaces.item)
    }

    private func actions(_ router: NetworkRouter, _ visitor: Visitor) -> [ActionModel] {
        guard networking.canChange(router, as: visitor.context) else { return [] }
        let id = router.id.text
        let edit = ActionModel(title: visitor.text(Message("Edit Router")), href: SiteURL.updateRouter(area, id).path)
        guard router.gateway == nil else { return [edit] }
        return [
            edit, ActionModel(title: visitor.text(Message("Set Gateway")), href: SiteURL.setGateway(area, id).path),
        ]
    }

    private func facts(_ router: NetworkRouter, _ visitor: Visitor) -> [Cell] {
        let wording = visitor.wording
        func fact(_ label: Message, _ cell: Cell) -> Cell { cell.labelled(wording(label)) }
        var facts = [
            fact(Message("Name"), .text(router.displayName)), fact(Message("ID"), .code(router.id.text)),
            fact(Message("Project ID"), .code(router.projectID)), fact(Message("Status"), .status(router, wording)),
            fact(Message("Admin State"), .text(wording.adminState(router.adminStateUp))),
            fact(Message("Created At"), .text(wording.time(router.createdAt))),
        ]
        guard let gateway = router.gateway else {
            return facts + [fact(Message("External Gateway"), .text(wording(Message("None"))))]
        }
        let addresses = gateway.fixedIPs.map {
            Cell.Line(text: $0.address.description, href: SiteURL.subnet(area, $0.subnetID.text).path)
        }
        facts += [
            fact(Message("External Network"), .link(gateway.title, .network(area, gateway.networkID.text))),
            fact(Message("External Fixed IPs"), .lines(addresses)),
            fact(
                Message("SNAT"),
                .text(wording(gateway.enableSNAT ? Message("Enabled") : Message("Disabled")))),
        ]
        return facts
    }
}
