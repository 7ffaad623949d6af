import Markup
import Networking
import ServiceCore

/// The page of one subnet.
struct SubnetDetailContent: TemplateModel {
    let heading: String
    let actions: [ActionModel]
    var facts: [Cell]
    let studio: PoolStudio

    static let shape = Shape<SubnetDetailContent>([
        .text("heading", \.heading), .list("actions", \.actions), .list("facts", \.facts), .object("studio", \.studio),
    ])

    init(
        _ subnet: Subnet, _ network: Network, _ studio: PoolStudio, _ area: Area, mayChange: Bool, _ wording: Wording
    ) {
        heading = subnet.displayName
        actions =
            mayChange
            ? [
                ActionModel(
                    title: wording(Message("Edit Subnet")),
                    href: SiteURL.updateSubnet(area, network.id.text, subnet.id.text).path)
            ] : []
        let pools = subnet.pools.map { pool in
            wording(
                Message("Start {first} - End {last}", ["first": "\(pool.range.first)", "last": "\(pool.range.last)"]))
        }
        let none = wording(Message("None"))
        func lines(_ texts: [String]) -> Cell {
            .lines((texts.isEmpty ? [none] : texts).map { Cell.Line(text: $0) })
        }
        facts = [
            Cell.text(subnet.displayName).labelled(wording(Message("Name"))),
            Cell.code(subnet.id.text).labelled(wording(Message("ID"))),
            Cell.link(network.displayName, .network(area, network.id.text)).labelled(wording(Message("Network Name"))),
            Cell.code(subnet.projectID).labelled(wording(Message("Project ID"))),
            Cell.text(subnet.version.name).labelled(wording(Message("IP Version"))),
            Cell.text(subnet.cidr.description).labelled(wording(Message("CIDR"))),
            lines(pools).labelled(wording(Message("IP Allocation Pools"))),
            Cell.text(subnet.gateway?.description ?? none).labelled(wording(Message("Gateway IP"))),
            Cell.text(wording.yesNo(subnet.enableDHCP)).labelled(wording(Message("DHCP Enabled"))),
            lines(subnet.hostRoutes.map { "\($0.destination) – \($0.nextHop)" })
                .labelled(wording(Message("Additional Routes"))),
            lines(subnet.dnsNameservers.map(\.description)).labelled(wording(Message("DNS Name Servers"))),
        ]
        self.studio = studio
    }
}
