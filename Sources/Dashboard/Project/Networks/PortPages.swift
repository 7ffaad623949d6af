import HTTP
import Markup
import Networking
import ServiceCore

struct PortContent: TemplateModel {
    let heading: String
    let facts: [Cell]

    static let shape = Shape<PortContent>([.text("heading", \.heading), .list("facts", \.facts)])
}

/// One port.
struct PortPages: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<PortContent>

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view("project/networks/ports/detail", of: PortContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try site.services.networking.port(request.id("port_id", of: "Port"), as: visitor.context)
        let network = port.networkName.isEmpty ? "(\(port.networkID.text.prefix(13)))" : port.networkName
        return view.page(
            PortContent(heading: port.displayName, facts: facts(port, network, visitor)),
            .networks(
                area, visitor, Crumb(network, NetworkTab.ports.url(area, port.networkID)), Crumb(port.displayName)),
            visitor)
    }

    private func facts(_ port: Port, _ network: String, _ visitor: Visitor) -> [Cell] {
        let wording = visitor.wording
        let area = area
        let addresses = port.fixedIPs.map { ip in
            Cell.Line(text: ip.address.description, href: SiteURL.subnet(area, ip.subnetID.text).path)
        }
        var facts = [
            Cell.text(port.displayName).labelled(wording(Message("Name"))),
            Cell.code(port.id.text).labelled(wording(Message("ID"))),
            Cell.link(network, .network(area, port.networkID.text)).labelled(wording(Message("Network Name"))),
            Cell.code(port.projectID).labelled(wording(Message("Project ID"))),
            Cell.code(port.macAddress.description).labelled(wording(Message("MAC Address"))),
            Cell.status(port.status, wording).labelled(wording(Message("Status"))),
            Cell.text(wording.adminState(port.adminStateUp)).labelled(wording(Message("Admin State"))),
            Cell.lines(addresses).labelled(wording(Message("Fixed IPs"))),
            Cell.text(port.deviceOwner.isEmpty ? wording(Message("Detached")) : port.deviceOwner)
                .labelled(wording(Message("Device Owner"))),
            Cell.code(port.deviceID).labelled(wording(Message("Device ID"))),
            Cell.text(port.vnicType).labelled(wording(Message("VNIC Type"))),
            Cell.text(wording.time(port.createdAt)).labelled(wording(Message("Created At"))),
        ]
        if let host = site.services.networking.bindingHost(of: port, as: visitor.context) {
            facts.append(Cell.text(host.isEmpty ? "–" : host).labelled(wording(Message("Host"))))
        }
        return facts
    }
}
