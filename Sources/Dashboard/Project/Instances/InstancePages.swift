import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// The list of instances, what can be done to them, and editing one's name.
struct InstancePages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let list: View<TableContent>
    private let actionsView: View<InstanceActionsContent>
    private let menu: Template<InstanceMenu>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        actionsView = try site.view("project/instances/actions", of: InstanceActionsContent.self)
        menu = try site.library.template("project/instances/_menu", for: InstanceMenu.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        if let row = try row(request, visitor) { return row }
        let query = TableQuery(request, table: InstanceTable.id)
        let asked = query.page(size: visitor.reader.preferences.pageSize)
        var page = Page<Instance>(items: [], next: nil)
        if let filter = InstanceFilterField.filter(query, area, visitor.wording) {
            page = try compute.instances(filter, page: asked, as: visitor.context)
        }
        let table = try table(page.items, visitor)
        var head = PageHead.instances(area, visitor)
        head.refreshes = page.items.contains(where: \.isInProgress)
        let content = TableContent(
            heading: visitor.text(Message("Instances")), table: table.model(page, request, visitor))
        return list.page(content, head, visitor)
    }

    /// With the processor use of the instances that are shown, unless the reader does without.
    private func table(_ shown: [Instance], _ visitor: Visitor) throws -> TableDefinition<Instance> {
        var table = InstanceTable(site: site, area: area, visitor: visitor)
        if visitor.reader.preferences.showsLoads {
            let loads = try compute.loads(of: shown.map(\.id), as: visitor.context)
            table.load = { loads[$0.id] }
        }
        return table.definition()
    }

    private func row(_ request: Request, _ visitor: Visitor) throws -> Response? {
        guard request.query["action"] == "row_update" else { return nil }
        let shown = request.query["obj_id"].flatMap { try? instance($0, visitor) }
        let table = try table(shown.map { [$0] } ?? [], visitor)
        return try tables.row(table, request, visitor) { try instance($0, visitor) }
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = InstanceTable(site: site, area: area, visitor: visitor).definition()
        return try tables.perform(table, request, visitor) { try instance($0, visitor) }
    }

    /// Everything that can be done to an instance: a page, or for the script of a row (`?action=row_menu`) its menu alone.
    func showActions(_ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        let table = InstanceTable(site: site, area: area, visitor: visitor).definition()
        let content = InstanceMenu(
            instance, compute.availableActions(for: instance, as: visitor.context),
            RowMaker(table, visitor.wording), area, floating: try floatingActions(instance, visitor))
        if request.asksForPart { return .html(menu.render(content, language: visitor.wording.language)) }
        let heading = visitor.text(Message("Actions"))
        let page = InstanceActionsContent(
            heading: instance.name, status: .status(of: instance, visitor.wording), menu: content,
            action: SiteURL.instances(area).path)
        let crumbs = (Crumb(instance.name, .instance(area, instance.id.text)), Crumb(heading))
        var head = PageHead.instances(area, visitor, crumbs.0, crumbs.1)
        head.refreshes = instance.isInProgress
        return actionsView.page(page, head, visitor)
    }

    /// Horizon's two actions: one more floating IP for the instance, or one less.
    private func floatingActions(_ instance: Instance, _ visitor: Visitor) throws -> [RowAction] {
        guard site.configuration.networkFeatures.enableRouter else { return [] }
        let scope: NetworkFilter.Scope = area == .admin ? .everything : .project
        let leads = try site.services.networking.floatingIPs(FloatingIPFilter(scope), as: visitor.context)
            .contains { $0.association?.deviceID == instance.id.text }
        if leads {
            return [
                .open(
                    Message("Disassociate Floating IP"), .disassociateFloatingIP(area, instance.id.text),
                    help: Message("The instance can no longer be reached under that address."))
            ]
        }
        guard area == .project else { return [] }
        return [
            .open(
                Message("Associate Floating IP"), .associateFloatingIP.with("instance_id", instance.id.text),
                help: Message("The instance can be reached from outside the cloud."))
        ]
    }

    private func instance(_ id: String, _ visitor: Visitor) throws -> Instance {
        guard let id = ID<Instance>(untrusted: id) else { throw ServiceError.notFound("Instance", id) }
        return try compute.instance(id, as: visitor.context)
    }
}
