import Compute
import HTTP
import Markup
import ServiceCore

/// The list of instances, what can be done to them, and editing one's name.
struct InstancePages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let list: View<TableContent>
    private let updateView: View<FormContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        updateView = try site.view("form", of: FormContent.self)
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

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        let stored = FormData([("name", instance.name), ("description", instance.description)])
        return updatePage(instance, stored, .none(visitor.wording), visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let id: ID<Instance> = try request.id("instance_id", of: "Instance")
        do {
            let instance = try compute.rename(
                id, name: request.form["name"] ?? "", description: request.form["description"] ?? "",
                as: visitor.context)
            let text = Message("Modified instance \"{name}\".", ["name": instance.name])
            return site.seeOther(
                .instance(area, id.text), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            let instance = try compute.instance(id, as: visitor.context)
            return updatePage(instance, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func instance(_ id: String, _ visitor: Visitor) throws -> Instance {
        guard let id = ID<Instance>(untrusted: id) else { throw ServiceError.notFound("Instance", id) }
        return try compute.instance(id, as: visitor.context)
    }

    private func updatePage(
        _ instance: Instance, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let here = SiteURL.instance(area, instance.id.text)
        let heading = visitor.text(Message("Edit Instance"))
        let content = FormContent(
            heading: heading, action: SiteURL.updateInstance(area, instance.id.text).path,
            verb: visitor.text(Message("Save")), cancel: here.path, problem: faults.problem,
            fields: [
                fields.text("name", Message("Name"), required: true),
                fields.text("description", Message("Description")),
            ])
        return updateView.page(
            content, .instances(area, visitor, Crumb(instance.name, here), Crumb(heading)), visitor, status: status)
    }
}
