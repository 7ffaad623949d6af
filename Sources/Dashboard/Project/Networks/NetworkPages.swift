import HTTP
import Markup
import Networking
import ServiceCore

/// A page that is one table.
struct TableContent: TemplateModel {
    let heading: String
    let table: TableModel
    /// What must be known of all rows; nil when there is nothing.
    var notice: String?

    static let shape = Shape<TableContent>([
        .text("heading", \.heading), .object("table", \.table), .optionalText("notice", \.notice),
    ])
}

/// The list of networks, creating one with its first subnet, and editing one.
struct NetworkPages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<NetworkFormContent>
    private let fragment: PoolStudioView

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("project/networks/create", of: NetworkFormContent.self)
        fragment = try PoolStudioView(site, area)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = try NetworkTable(site: site, area: area, visitor: visitor).definition()
        if let row = try tables.row(table, request, visitor, item: { try network($0, visitor) }) { return row }
        let networks = try networking.networks(
            as: visitor.context, filter: NetworkFilter(area == .admin ? .everything : .project))
        let content = TableContent(
            heading: visitor.text(Message("Networks")), table: table.model(networks, request, visitor),
            notice: notice(visitor))
        var head = PageHead.networks(area, visitor)
        head.refreshes = networks.contains { $0.status == .build }
        return list.page(content, head, visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = try NetworkTable(site: site, area: area, visitor: visitor).definition()
        return try tables.perform(table, request, visitor) { try network($0, visitor) }
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try networking.require(.createNetwork, as: visitor.context)
        let form = NetworkForm(initial: visitor.session.projectID ?? "")
        return try page(form, .none(visitor.wording), visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = NetworkForm(input: request.form)
        if form.subnet.wantsPreview {
            let faults = Faults(
                violations: try preview(form.subnet, visitor).violations.map {
                    Violation(field: "subnet.\($0.field)", code: $0.code, message: $0.message, value: $0.value)
                }, wording: visitor.wording)
            return try page(form, faults, visitor)
        }
        do {
            if form.wantsSubnet { try form.subnet.requirePool("subnet.") }
            let network = try networking.createNetwork(
                form.newNetwork(area), subnet: form.wantsSubnet ? form.subnet.newSubnet : nil, as: visitor.context)
            return said(
                Message("Created network \"{name}\".", ["name": network.displayName]), .networks(area), request, visitor
            )
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try page(form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    /// The addresses of the subnet that is typed, while it is typed.
    func previewCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = NetworkForm(input: request.form).subnet
        return try fragment.response(form, preview(form, visitor), of: .createNetwork(area), visitor)
    }

    private func preview(_ form: SubnetForm, _ visitor: Visitor) throws -> PoolPreview {
        try networking.previewAllocationPools(of: form.newSubnet, on: nil, in: form.stretch, as: visitor.context)
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
        try networking.requireChange(of: network, as: visitor.context)
        return updatePage(network, NetworkForm(network), .none(visitor.wording), visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let id: ID<Network> = try request.id("network_id", of: "Network")
        let form = NetworkForm(input: request.form)
        do {
            let network = try networking.updateNetwork(id, form.update(visitor.context), as: visitor.context)
            return said(
                Message("Network \"{name}\" was successfully updated.", ["name": network.displayName]),
                .networks(area), request, visitor)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            let network = try networking.network(id, as: visitor.context)
            return updatePage(network, form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    /// That guests are not on these networks, and to those who can cure it why not.
    private func notice(_ visitor: Visitor) -> String? {
        guard let reason = site.configuration.missingForBridges else { return nil }
        guard visitor.context.isAdmin else {
            return visitor.text(
                Message("Instances are not connected to each other here: each is alone on an emulated network."))
        }
        return visitor.text(
            Message(
                "Instances are not connected to each other here: each is alone on an emulated network. {reason}",
                ["reason": reason]))
    }

    private func network(_ id: String, _ visitor: Visitor) throws -> Network {
        guard let id = ID<Network>(untrusted: id) else { throw ServiceError.notFound("Network", id) }
        return try networking.network(id, as: visitor.context)
    }

    private func said(_ message: Message, _ url: SiteURL, _ request: Request, _ visitor: Visitor) -> Response {
        site.seeOther(url, Flash(.success, visitor.text(message)), secure: request.isSecure)
    }

    private func page(
        _ form: NetworkForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let projects = area == .admin ? try site.projectChoices(visitor.context) : []
        var content = form.createContent(
            area, projects, try networking.subnetPools(as: visitor.context),
            FormFields(input: form.input, faults: faults, wording: visitor.wording),
            features: site.configuration.networkFeatures, isAdmin: visitor.context.isAdmin)
        content.studio = fragment.maker(visitor).studio(
            try preview(form.subnet, visitor), fragment: .preview(.createNetwork(area)))
        var head = PageHead.networks(area, visitor, Crumb(content.heading))
        head.scripts = ["js/pools.js"]
        return formView.page(content, head, visitor, status: status)
    }

    private func updatePage(
        _ network: Network, _ form: NetworkForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let content = form.updateContent(
            network, area, FormFields(input: form.input, faults: faults, wording: visitor.wording),
            isAdmin: visitor.context.isAdmin)
        let name = Crumb(network.displayName, .network(area, network.id.text))
        return formView.page(
            content, .networks(area, visitor, name, Crumb(content.heading)), visitor, status: status)
    }
}
