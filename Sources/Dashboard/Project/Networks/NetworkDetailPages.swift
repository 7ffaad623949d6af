import HTTP
import Markup
import Networking
import ServiceCore

/// A link of the tab bar.
struct TabModel: TemplateModel {
    let title: String
    let href: String
    let current: Bool
    var count = 0

    static let shape = Shape<TabModel>([
        .text("title", \.title), .text("href", \.href), .flag("current", \.current), .number("count", \.count),
    ])
}

/// What is known about one thing, as labels and values.
struct Facts: TemplateModel {
    let facts: [Cell]

    static let shape = Shape<Facts>([.list("facts", \.facts)])
}

struct NetworkDetailContent: TemplateModel {
    let heading: String
    let actions: [ActionModel]
    let tabs: [TabModel]
    var overview: Facts?
    var table: TableModel?

    static let shape = Shape<NetworkDetailContent>([
        .text("heading", \.heading), .list("actions", \.actions), .list("tabs", \.tabs),
        .optional("overview", \.overview), .optional("table", \.table),
    ])
}

/// One network: overview, subnets, ports.
struct NetworkDetailPages: Sendable {
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
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        let subnets = SubnetTable(site: site, area: area, network: network, visitor: visitor)
        let ports = PortTable(site: site, area: area, network: network, visitor: visitor)
        if let row = try tables.row(subnets.definition(), request, visitor, item: subnets.item)
            ?? tables.row(ports.definition(), request, visitor, item: ports.item)
        {
            return row
        }
        let agents = try dhcpAgents(network, visitor)
        let asked = request.query["tab"].flatMap(NetworkTab.init) ?? .overview
        let tab = asked == .agents && agents == nil ? .overview : asked
        let portRows = try ports.items()
        var content = NetworkDetailContent(
            heading: network.displayName, actions: actions(network, tab, visitor),
            tabs: tabs(network, current: tab, ports: portRows.count, agents: agents?.count, visitor))
        switch tab {
        case .overview: content.overview = Facts(facts: try facts(network, visitor))
        case .subnets: content.table = try subnets.definition().model(subnets.items(), request, visitor)
        case .ports: content.table = ports.definition().model(portRows, request, visitor)
        case .agents: content.table = agentTable(network, visitor).model(agents ?? [], request, visitor)
        }
        return view.page(content, .networks(area, visitor, Crumb(network.displayName)), visitor)
    }

    /// The forms of the tables on the tabs.
    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        if TableSubmission(request.form, table: PortTable.id) != nil {
            let ports = PortTable(site: site, area: area, network: network, visitor: visitor)
            return try tables.perform(ports.definition(), request, visitor, item: ports.item)
        }
        let subnets = SubnetTable(site: site, area: area, network: network, visitor: visitor)
        return try tables.perform(subnets.definition(), request, visitor, item: subnets.item)
    }

    private func actions(_ network: Network, _ tab: NetworkTab, _ visitor: Visitor) -> [ActionModel] {
        guard networking.canChange(network, as: visitor.context) else { return [] }
        let id = network.id.text
        let edit = ActionModel(
            title: visitor.text(Message("Edit Network")), href: SiteURL.updateNetwork(area, id).path)
        let addSubnet = ActionModel(
            title: visitor.text(Message("Create Subnet")), href: SiteURL.createSubnet(area, id).path)
        // The table of subnets has that button itself.
        return tab == .subnets ? [edit] : [edit, addSubnet]
    }

    /// Those that serve the network; nil where nobody is to be told, or no host has any.
    private func dhcpAgents(_ network: Network, _ visitor: Visitor) throws -> [NetworkAgent]? {
        guard area == .admin else { return nil }
        let agents = try networking.networkAgents(as: visitor.context).filter { $0.kind == .dhcp }
        guard !agents.isEmpty else { return nil }
        var filter = PortFilter(networkID: network.id)
        filter.deviceOwner = DeviceOwner.dhcp
        let hosts = Set(try networking.ports(as: visitor.context, filter: filter).map(\.bindingHost))
        return agents.filter { hosts.contains($0.host) }
    }

    private func agentTable(_ network: Network, _ visitor: Visitor) -> TableDefinition<NetworkAgent> {
        let wording = visitor.wording
        var table = TableDefinition<NetworkAgent>(
            id: "agents", url: NetworkTab.agents.url(area, network.id),
            columns: [
                Column(name: "host", title: Message("Host")) { .name($0.host, nil) },
                Column(name: "status", title: Message("Status")) {
                    .text(wording($0.adminStateUp ? Message("Enabled") : Message("Disabled")))
                },
                Column(name: "state", title: Message("Admin State")) { .state($0, wording) },
                Column(name: "updated", title: Message("Updated At")) { .text(wording.time($0.updatedAt)) },
            ], objectID: { $0.id.text }, name: \.host)
        table.emptyTitle = Message("No DHCP agent serves this network")
        table.emptyText = Message("A subnet with DHCP brings one.")
        return table
    }

    private func tabs(
        _ network: Network, current: NetworkTab, ports: Int, agents: Int?, _ visitor: Visitor
    ) -> [TabModel] {
        var titles: [(NetworkTab, Message, Int)] = [
            (.overview, Message("Overview"), 0), (.subnets, Message("Subnets"), network.subnets.count),
            (.ports, Message("Ports"), ports),
        ]
        if let agents { titles.append((.agents, Message("DHCP Agents"), agents)) }
        return titles.map { tab, title, count in
            TabModel(
                title: visitor.text(title), href: tab.url(area, network.id).description, current: tab == current,
                count: count)
        }
    }

    /// Why hosts cannot make the network, for those who can do something about it.
    private func faults(_ network: Network, _ visitor: Visitor) throws -> [Cell] {
        guard network.status == .error, visitor.context.isAdmin else { return [] }
        let faults = try networking.networkFaults(of: network.id, as: visitor.context)
        guard !faults.isEmpty else { return [] }
        let lines = faults.flatMap { fault in
            let reason = Cell.Line(
                text: "\(fault.host): \(fault.reason)", note: visitor.wording.time(fault.since))
            return [reason] + (fault.remedy.map { [Cell.Line(text: $0)] } ?? [])
        }
        return [Cell.lines(lines).labelled(visitor.text(Message("Fault")))]
    }

    private func facts(_ network: Network, _ visitor: Visitor) throws -> [Cell] {
        let wording = visitor.wording
        var facts = [
            Cell.text(network.displayName).labelled(wording(Message("Name"))),
            Cell.code(network.id.text).labelled(wording(Message("ID"))),
            Cell.code(network.projectID).labelled(wording(Message("Project ID"))),
            Cell.status(network.status, wording).labelled(wording(Message("Status"))),
        ]
        facts += try faults(network, visitor)
        facts += [
            Cell.text(wording.adminState(network.adminStateUp)).labelled(wording(Message("Admin State"))),
            Cell.text(wording.yesNo(network.shared)).labelled(wording(Message("Shared"))),
            Cell.text(wording.yesNo(network.external)).labelled(wording(Message("External Network"))),
            Cell.text(String(network.mtu)).labelled(wording(Message("MTU"))),
            Cell.text(wording.time(network.createdAt)).labelled(wording(Message("Created At"))),
        ]
        if let provider = network.provider {
            facts += [
                Cell.text(provider.type.rawValue).labelled(wording(Message("Provider Network Type"))),
                Cell.text(provider.physicalNetwork ?? "–").labelled(wording(Message("Physical Network"))),
                Cell.text(provider.segmentationID.map(String.init) ?? "–")
                    .labelled(wording(Message("Segmentation ID"))),
            ]
        }
        return facts
    }
}
