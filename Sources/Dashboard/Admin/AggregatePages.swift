import Compute
import HTTP
import Markup
import ServiceCore

/// Host aggregates and the availability zones they make.
struct AggregatePages: Sendable {
    private let site: Site
    private let tables: TableActions
    private let view: View<AggregatesContent>
    private let formView: View<FormContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ tables: TableActions) throws {
        self.site = site
        self.tables = tables
        view = try site.view("admin/aggregates/index", of: AggregatesContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = AggregateTable(compute: compute, visitor: visitor)
        let content = AggregatesContent(
            heading: visitor.text(Message("Host Aggregates")),
            aggregates: table.aggregates().model(
                try compute.aggregates(as: visitor.context), request, visitor),
            zones: table.zones().model(
                try compute.availabilityZoneDetails(as: visitor.context), request, visitor))
        return view.page(content, head(visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = AggregateTable(compute: compute, visitor: visitor).aggregates()
        return try tables.perform(table, request, visitor) { try aggregate($0, visitor) }
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try createPage(AggregateForm(input: FormData()), .none(visitor.wording), visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = AggregateForm(input: request.form)
        return try saving(Message("Created new host aggregate \"{name}\"."), request, visitor) {
            try compute.createAggregate(
                named: form.name, availabilityZone: form.zone, hosts: form.hosts, as: visitor.context)
        } refused: { faults, status in
            try createPage(form, faults, visitor, status: status)
        }
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let aggregate = try found(request, visitor)
        return updatePage(aggregate, AggregateForm(aggregate), .none(visitor.wording), visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let aggregate = try found(request, visitor)
        let form = AggregateForm(input: request.form)
        return try saving(Message("Successfully updated aggregate: \"{name}\"."), request, visitor) {
            try compute.updateAggregate(
                aggregate.id, name: form.name, availabilityZone: form.zone, as: visitor.context)
        } refused: { faults, status in
            updatePage(aggregate, form, faults, visitor, status: status)
        }
    }

    func showHosts(_ request: Request, _ visitor: Visitor) throws -> Response {
        let aggregate = try found(request, visitor)
        return try hostsPage(aggregate, AggregateForm(aggregate), .none(visitor.wording), visitor)
    }

    func setHosts(_ request: Request, _ visitor: Visitor) throws -> Response {
        let aggregate = try found(request, visitor)
        let form = AggregateForm(input: request.form)
        return try saving(Message("The Aggregate \"{name}\" was updated."), request, visitor) {
            try compute.setAggregateHosts(form.hosts, of: aggregate.id, as: visitor.context)
        } refused: { faults, status in
            try hostsPage(aggregate, form, faults, visitor, status: status)
        }
    }

    func showMetadata(_ request: Request, _ visitor: Visitor) throws -> Response {
        let aggregate = try found(request, visitor)
        let form = FormData([("metadata", MetadataLines.text(aggregate.metadata))])
        return metadataPage(aggregate, form, .none(visitor.wording), visitor)
    }

    func setMetadata(_ request: Request, _ visitor: Visitor) throws -> Response {
        let aggregate = try found(request, visitor)
        let lines = MetadataLines(request.form["metadata"] ?? "", field: "metadata")
        do {
            try compute.setAggregateMetadata(lines.checked(), of: aggregate.id, as: visitor.context)
        } catch {
            guard let faults = lines.faults(error, visitor.wording) else { throw error }
            return metadataPage(aggregate, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
        let text = Message("The Aggregate \"{name}\" was updated.", ["name": aggregate.name])
        return site.seeOther(.aggregates, Flash(.success, visitor.text(text)), secure: request.isSecure)
    }
}

extension AggregatePages {
    /// Saves and goes back to the list, or shows the form again.
    private func saving(
        _ done: Message, _ request: Request, _ visitor: Visitor, _ save: () throws -> Aggregate,
        refused: (Faults, Status) throws -> Response
    ) throws -> Response {
        do {
            let text = Message(done.text, ["name": try save().name])
            return site.seeOther(.aggregates, Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try refused(faults, ErrorPages.status(of: error))
        }
    }

    private func found(_ request: Request, _ visitor: Visitor) throws -> Aggregate {
        try aggregate(request.parameters["aggregate_id"], visitor)
    }

    private func aggregate(_ id: String, _ visitor: Visitor) throws -> Aggregate {
        guard let number = Int(id) else { throw ServiceError.notFound("Host aggregate", id) }
        return try compute.aggregate(number, as: visitor.context)
    }

    private func hosts(_ visitor: Visitor) throws -> [String] {
        try compute.services(as: visitor.context).filter { $0.binary == "nova-compute" }.map(\.host)
    }

    private func createPage(
        _ form: AggregateForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Create Host Aggregate"))
        let content = FormContent(
            heading: heading, action: SiteURL.createAggregate.path, verb: heading, cancel: SiteURL.aggregates.path,
            problem: faults.problem,
            fields: AggregateForm.names(fields) + AggregateForm.hosts(try hosts(visitor), fields),
            notes: [
                visitor.text(
                    Message(
                        "Host aggregates divide an availability zone into logical units by grouping together hosts.")),
                visitor.text(Self.zoneNote),
            ])
        return formView.page(content, head(visitor, Crumb(heading)), visitor, status: status)
    }

    private func updatePage(
        _ aggregate: Aggregate, _ form: AggregateForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Edit Host Aggregate"))
        let content = FormContent(
            heading: heading, action: SiteURL.updateAggregate("\(aggregate.id)").path,
            verb: visitor.text(Message("Save Changes")), cancel: SiteURL.aggregates.path, problem: faults.problem,
            fields: AggregateForm.names(fields), notes: [visitor.text(Self.zoneNote)])
        return formView.page(content, head(visitor, Crumb(aggregate.name), Crumb(heading)), visitor, status: status)
    }

    private func hostsPage(
        _ aggregate: Aggregate, _ form: AggregateForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Add/Remove Hosts to Aggregate"))
        // A host that is no longer part of the cloud can only be taken out.
        let choices = Set(try hosts(visitor)).union(aggregate.hosts).sorted()
        let content = FormContent(
            heading: heading, action: SiteURL.manageHosts("\(aggregate.id)").path,
            verb: visitor.text(Message("Save Changes")), cancel: SiteURL.aggregates.path, problem: faults.problem,
            fields: AggregateForm.hosts(choices, fields),
            notes: [
                visitor.text(Message("Hosts can be in multiple aggregates, but only in one availability zone."))
            ])
        return formView.page(content, head(visitor, Crumb(aggregate.name), Crumb(heading)), visitor, status: status)
    }

    private func metadataPage(
        _ aggregate: Aggregate, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Update Aggregate Metadata"))
        let content = FormContent(
            heading: heading, action: SiteURL.aggregateMetadata("\(aggregate.id)").path,
            verb: visitor.text(Message("Save Changes")), cancel: SiteURL.aggregates.path, problem: faults.problem,
            fields: [MetadataLines.field(fields)],
            notes: [
                visitor.text(Message("The key availability_zone makes the aggregate's hosts a zone.")),
                visitor.text(
                    Message(
                        "Other keys are held against the extra specs of flavors that begin with aggregate_instance_extra_specs:."
                    )),
            ])
        return formView.page(content, head(visitor, Crumb(aggregate.name), Crumb(heading)), visitor, status: status)
    }

    private static let zoneNote = Message(
        "With an availability zone, its hosts become that zone, which a launch can ask for.")

    private func head(_ visitor: Visitor, _ more: Crumb...) -> PageHead {
        .admin(.aggregates, Message("Compute"), Message("Host Aggregates"), visitor, more)
    }
}

/// The two tables of the page.
struct AggregatesContent: TemplateModel {
    let heading: String
    let aggregates: TableModel
    let zones: TableModel

    static let shape = Shape<AggregatesContent>([
        .text("heading", \.heading), .object("aggregates", \.aggregates), .object("zones", \.zones),
    ])
}
