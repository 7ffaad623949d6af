import Compute
import HTTP
import ServiceCore

/// The flavors, and their extra specs.
struct CatalogPages: Sendable {
    private let site: Site
    private let list: View<TableContent>
    private let formView: View<FormContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site) throws {
        self.site = site
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    func flavors(_ request: Request, _ visitor: Visitor) throws -> Response {
        let wording = visitor.wording
        var table = TableDefinition<Flavor>(
            id: "flavors", url: .flavors,
            columns: [
                Column(name: "name", title: Message("Flavor Name")) { .name($0.name, nil) },
                Column(name: "vcpus", title: Message("vCPUs"), order: { $0.vcpus < $1.vcpus }) { .text("\($0.vcpus)") },
                Column(name: "ram", title: Message("RAM"), order: { $0.memoryMiB < $1.memoryMiB }) {
                    .text("\($0.memoryMiB) MB")
                },
                Column(name: "disk", title: Message("Root Disk"), order: { $0.diskGiB < $1.diskGiB }) {
                    .text("\($0.diskGiB) GB")
                },
                Column(name: "id", title: Message("ID")) { .code($0.id) },
                Column(name: "public", title: Message("Public")) { .text(wording.yesNo($0.isPublic)) },
                Column(name: "metadata", title: Message("Metadata")) {
                    .link(wording.yesNo(!$0.extraSpecs.isEmpty), .flavorMetadata($0.id))
                },
            ], objectID: { $0.id }, name: { $0.name })
        table.filters = [.contains("name", Message("Flavor Name"), \.name)]
        let content = TableContent(
            heading: visitor.text(Message("Flavors")),
            table: table.model(try compute.flavors(as: visitor.context), request, visitor))
        return list.page(content, .admin(.flavors, Message("Compute"), Message("Flavors"), visitor), visitor)
    }

    func showMetadata(_ request: Request, _ visitor: Visitor) throws -> Response {
        let flavor = try compute.flavor(request.parameters["flavor_id"], as: visitor.context)
        let form = FormData([("metadata", MetadataLines.text(flavor.extraSpecs))])
        return page(flavor, form, .none(visitor.wording), visitor)
    }

    func updateMetadata(_ request: Request, _ visitor: Visitor) throws -> Response {
        let flavor = try compute.flavor(request.parameters["flavor_id"], as: visitor.context)
        let lines = MetadataLines(request.form["metadata"] ?? "", field: "extra_specs")
        do {
            try compute.setExtraSpecs(lines.checked(), ofFlavor: flavor.id, as: visitor.context)
            let text = Message("Updated the metadata of the flavor \"{name}\".", ["name": flavor.name])
            return site.seeOther(.flavors, Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = lines.faults(error, visitor.wording) else { throw error }
            return page(flavor, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func page(
        _ flavor: Flavor, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Update Metadata"))
        let content = FormContent(
            heading: "\(heading): \(flavor.name)", action: SiteURL.flavorMetadata(flavor.id).path,
            verb: visitor.text(Message("Save Changes")), cancel: SiteURL.flavors.path, problem: faults.problem,
            fields: [MetadataLines.field(fields)],
            notes: [
                visitor.text(
                    Message(
                        "Keys that begin with aggregate_instance_extra_specs: are held against the metadata of host aggregates: the flavor goes only to hosts that have them."
                    )),
                visitor.text(Message("Instances keep what they were launched with.")),
            ])
        let head = PageHead.admin(
            .flavors, Message("Compute"), Message("Flavors"), visitor, [Crumb(flavor.name), Crumb(heading)])
        return formView.page(content, head, visitor, status: status)
    }
}
