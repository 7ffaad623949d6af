import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// One instance: overview with the timeline of its launch, interfaces, console log, action log.
struct InstanceDetailPages: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<InstanceDetailContent>
    private let usage: InstanceUsagePages

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ area: Area, _ usage: InstanceUsagePages) throws {
        self.site = site
        self.area = area
        self.usage = usage
        view = try site.view("project/instances/detail", of: InstanceDetailContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        let tab = request.query["tab"].flatMap(InstanceTab.init) ?? .overview
        var content = frame(instance, tab, visitor)
        switch tab {
        case .overview: content.overview = try overview(instance, visitor)
        case .interfaces: content.table = try interfaces(instance, request, visitor)
        case .network:
            content.network = try InstanceNetworkTab(site: site, area: area)
                .model(of: instance, request, visitor)
        case .usage: content.usage = try usage.content(instance, request, visitor)
        case .log: content.log = LogTab(site: site, area: area).model(of: instance, request, visitor)
        case .console: content.console = ConsolePages.tab(of: instance, site, area, request, visitor)
        case .definition:
            content.definition = try DefinitionModel(visitor.wording) {
                try compute.definition(of: instance.id, as: visitor.context)
            }
        case .actions:
            content.table = ActionLogTable(area: area, instance: instance.id, wording: visitor.wording).definition()
                .model(try compute.actionLog(of: instance.id, as: visitor.context), request, visitor)
        }
        var head = PageHead.instances(area, visitor, Crumb(instance.name))
        head.refreshes = instance.isInProgress
        head.scripts = tab.scripts
        var response = view.page(content, head, visitor)
        if tab == .console { response.allowConsole() }
        return response
    }

    /// See ``LogTab/text(_:_:)``.
    func console(_ request: Request, _ visitor: Visitor) throws -> Response {
        try LogTab(site: site, area: area).text(request, visitor)
    }

    private func frame(_ instance: Instance, _ tab: InstanceTab, _ visitor: Visitor) -> InstanceDetailContent {
        let table = InstanceTable(site: site, area: area, visitor: visitor).definition()
        let facts = InstanceFacts(
            instance: instance, internals: compute.internals(of: instance, as: visitor.context), now: site.clock.now(),
            wording: visitor.wording)
        let maker = RowMaker(table, visitor.wording)
        let notice = InstanceNotice(instance).model(
            compute.availableActions(for: instance, as: visitor.context), maker, area)
        // What is seen on this page already is not offered as an action.
        let seen = Set([InstanceTab.log.url(area, instance.id).description])
        let first = maker.row(instance).firstAction.flatMap { action in
            seen.contains(action.href ?? "") || notice != nil ? nil : action
        }
        return InstanceDetailContent(
            id: instance.id.text, heading: instance.name, status: .status(of: instance, visitor.wording),
            task: instance.taskState == nil ? Cell() : .task(of: instance, visitor.wording),
            action: SiteURL.instances(area).path, here: SiteURL.instance(area, instance.id.text).path,
            firstAction: first, menuHref: SiteURL.instanceActions(area, instance.id.text).path,
            tabs: InstanceTab.offered(by: site.configuration, to: visitor).map {
                TabModel(
                    title: visitor.text($0.title), href: $0.url(area, instance.id).description, current: $0 == tab)
            },
            note: instance.note.map(visitor.text), notice: notice, fault: facts.fault())
    }

    private func overview(_ instance: Instance, _ visitor: Visitor) throws -> InstanceOverview {
        let now = site.clock.now()
        let steps = try compute.timeline(of: instance.id, as: visitor.context)
        var facts = InstanceFacts(
            instance: instance, internals: compute.internals(of: instance, as: visitor.context), now: now,
            wording: visitor.wording)
        let groups = try site.services.networking.securityGroups(
            ofInstance: instance.id.text, as: visitor.context)
        facts.securityGroups = try Cell.securityGroups(groups, ofProject: instance.projectID, site, visitor)
        return InstanceOverview(
            timeline: TimelineModel(
                steps, scheduling: try compute.scheduling(of: instance.id, as: visitor.context), now: now,
                visitor.wording),
            sections: facts.sections())
    }

    private func interfaces(_ instance: Instance, _ request: Request, _ visitor: Visitor) throws -> TableModel {
        let ports = try site.services.networking.ports(
            as: visitor.context, filter: PortFilter(deviceID: instance.id.text))
        let (area, wording) = (area, visitor.wording)
        var table = TableDefinition<Port>(
            id: "interfaces", url: InstanceTab.interfaces.url(area, instance.id),
            columns: [
                Column(name: "name", title: Message("Name"), isSortable: false) {
                    .name($0.displayName, .port(area, $0.id.text))
                },
                Column(name: "network", title: Message("Network"), isSortable: false) {
                    .link(
                        $0.networkName.isEmpty ? $0.networkID.text : $0.networkName, .network(area, $0.networkID.text))
                },
                Column(name: "fixed_ips", title: Message("Fixed IPs"), isSortable: false) {
                    .lines($0.fixedIPs.map { Cell.Line(text: $0.address.description) })
                },
                Column(name: "mac", title: Message("MAC Address"), isSortable: false) {
                    .code($0.macAddress.description)
                },
                Column(name: "status", title: Message("Status"), isSortable: false) { .status($0.status, wording) },
                Column(name: "admin_state", title: Message("Admin State"), isMinor: true, isSortable: false) {
                    .text(wording.adminState($0.adminStateUp))
                },
            ], objectID: { $0.id.text }, name: \.displayName)
        table.rowActions = site.portActions(area, visitor)
        table.emptyTitle = Message("No interfaces yet")
        table.emptyText = Message("They appear when the launch reaches its network phase.")
        table.links = compute.availableActions(for: instance, as: visitor.context).compactMap { availability in
            guard [.attachInterface, .detachInterface].contains(availability.action),
                let url = SiteURL.form(of: availability.action, area, instance.id.text)
            else { return nil }
            return TableLink(
                title: availability.action.label, url: url, isPrimary: false, refused: availability.reason)
        }
        return table.model(ports, request, visitor)
    }
}
