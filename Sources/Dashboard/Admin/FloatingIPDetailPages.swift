import HTTP
import Markup
import Networking
import ServiceCore

/// One floating IP, for administrators.
struct FloatingIPDetailPages: Sendable {
    private let site: Site
    private let view: View<NetworkDetailContent>

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("project/networks/detail", of: NetworkDetailContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let ip = try site.services.networking.floatingIP(
            request.id("floating_ip_id", of: "Floating IP"), as: visitor.context)
        let address = ip.address.description
        var content = NetworkDetailContent(
            heading: address, actions: [],
            tabs: [
                TabModel(
                    title: visitor.text(Message("Overview")), href: SiteURL.floatingIP(ip.id.text).path, current: true)
            ])
        content.overview = Facts(facts: try facts(ip, visitor))
        return view.page(content, .floatingIPs(.admin, visitor, Crumb(address)), visitor)
    }

    private func facts(_ ip: FloatingIP, _ visitor: Visitor) throws -> [Cell] {
        let wording = visitor.wording
        let none = Cell.text("–")
        let projects = try site.projectNames(visitor.context)
        let target = FloatingIPTarget(site: site, area: .admin, visitor: visitor)
        let pool = ip.networkName.isEmpty ? "(\(ip.networkID.text.prefix(13)))" : ip.networkName
        let router = try ip.association.map { try self.router($0.routerID, visitor) }
        let port = ip.association.map { Cell.link($0.portID.text, .port(.admin, $0.portID.text)) }
        return [
            Cell.text(ip.address.description).labelled(wording(Message("IP Address"))),
            Cell.code(ip.id.text).labelled(wording(Message("ID"))),
            Cell.text(ip.description.isEmpty ? "–" : ip.description).labelled(wording(Message("Description"))),
            Cell.lines([Cell.Line(text: projects[ip.projectID] ?? ip.projectID)]).labelled(wording(Message("Project"))),
            Cell.status(ip.status, wording).labelled(wording(Message("Status"))),
            Cell.link(pool, .network(.admin, ip.networkID.text)).labelled(wording(Message("Pool"))),
            (ip.association.map(target.cell) ?? none).labelled(wording(Message("Mapped Fixed IP Address"))),
            (port ?? none).labelled(wording(Message("Port"))),
            (router ?? none).labelled(wording(Message("Router"))),
            Cell.text(wording.time(ip.createdAt)).labelled(wording(Message("Created At"))),
            Cell.text(wording.time(ip.updatedAt)).labelled(wording(Message("Updated At"))),
        ]
    }

    private func router(_ id: ID<NetworkRouter>, _ visitor: Visitor) throws -> Cell {
        let router = try site.services.networking.router(id, as: visitor.context)
        return .link(router.displayName, .router(.admin, id.text))
    }
}
