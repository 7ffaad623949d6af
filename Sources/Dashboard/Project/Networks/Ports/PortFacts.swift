import Compute
import Markup
import Networking
import ServiceCore

/// A page of panels of facts, such as that of a port.
struct PortContent: TemplateModel {
    let heading: String
    var actions: [ActionModel] = []
    let tabs: [TabModel]
    var panels: [FactsPanel] = []
    var table: TableModel?

    static let shape = Shape<PortContent>([
        .text("heading", \.heading), .list("actions", \.actions), .list("tabs", \.tabs),
        .list("panels", \.panels), .optional("table", \.table),
    ])
}

/// Facts under a heading.
struct FactsPanel: TemplateModel {
    let title: String
    let facts: [Cell]

    static let shape = Shape<FactsPanel>([.text("title", \.title), .list("facts", \.facts)])
}

/// What is known of a port, in Horizon's groups.
struct PortFacts {
    let site: Site
    let area: Area
    let visitor: Visitor
    let port: Port

    private var wording: Wording { visitor.wording }

    func panels() throws -> [FactsPanel] {
        let groups = try site.services.securityGroups(ofProject: port.projectID, as: visitor.context)
            .filter { port.securityGroupIDs.contains($0.id) }
        let lines = try Cell.securityGroups(groups, ofProject: port.projectID, site, visitor)
        let none = fact(Message("Security Groups"), .text(wording(Message("No security group is associated"))))
        return [
            FactsPanel(title: wording(Message("Overview")), facts: overview),
            FactsPanel(title: wording(Message("Fixed IP")), facts: addresses),
            FactsPanel(title: wording(Message("Security Groups")), facts: lines.isEmpty ? [none] : lines),
            FactsPanel(title: wording(Message("Attached Device")), facts: device),
            FactsPanel(title: wording(Message("Binding")), facts: binding),
        ]
    }

    private func fact(_ label: Message, _ cell: Cell) -> Cell { cell.labelled(wording(label)) }

    private var overview: [Cell] {
        let network = port.networkName.isEmpty ? "(\(port.networkID.text.prefix(13)))" : port.networkName
        return [
            fact(Message("Name"), .text(port.displayName)), fact(Message("ID"), .code(port.id.text)),
            fact(Message("Network Name"), .link(network, .network(area, port.networkID.text))),
            fact(Message("Project ID"), .code(port.projectID)),
            fact(Message("MAC Address"), .code(port.macAddress.description)),
            fact(Message("Status"), .status(port.status, wording)),
            fact(Message("Admin State"), .text(wording.adminState(port.adminStateUp))),
            fact(Message("Port Security Enabled"), .text(wording.yesNo(port.portSecurityEnabled))),
            fact(Message("Created At"), .text(wording.time(port.createdAt))),
        ]
    }

    /// Each address with the subnet it is of.
    private var addresses: [Cell] {
        guard !port.fixedIPs.isEmpty else { return [fact(Message("IP Address"), .text(wording(Message("None"))))] }
        return port.fixedIPs.flatMap { ip in
            [
                fact(Message("IP Address"), .text(ip.address.description)),
                fact(Message("Subnet ID"), .link(ip.subnetID.text, .subnet(area, ip.subnetID.text))),
            ]
        }
    }

    private var device: [Cell] {
        guard !port.deviceOwner.isEmpty || !port.deviceID.isEmpty else {
            return [fact(Message("Device Owner"), .text(wording(Message("No attached device"))))]
        }
        let instance =
            port.deviceOwner.hasPrefix("compute:")
            ? try? site.services.compute.instance(ID(port.deviceID), as: visitor.context) : nil
        var facts = [fact(Message("Device Owner"), .text(port.deviceOwner.isEmpty ? "–" : port.deviceOwner))]
        if let instance {
            facts.append(fact(Message("Instance"), .link(instance.name, .instance(area, instance.id.text))))
        }
        facts.append(fact(Message("Device ID"), .code(port.deviceID)))
        return facts
    }

    private var binding: [Cell] {
        let vnic = fact(Message("VNIC Type"), .text(port.vnicType))
        guard let host = site.services.networking.bindingHost(of: port, as: visitor.context) else { return [vnic] }
        return [fact(Message("Host"), .text(host.isEmpty ? "–" : host)), vnic]
    }
}
