import HTTP
import Markup
import Networking
import ServiceCore

/// The list of floating IPs, and taking one.
struct FloatingIPPages: Sendable {
    private let site: Site
    private let area: Area
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area, _ tables: TableActions) throws {
        self.site = site
        self.area = area
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = try FloatingIPTable(site: site, area: area, visitor: visitor).definition()
        if let row = try tables.row(table, request, visitor, item: { try floatingIP($0, visitor) }) { return row }
        let floatingIPs = try networking.floatingIPs(
            FloatingIPFilter(area == .admin ? .everything : .project), as: visitor.context)
        let content = TableContent(
            heading: visitor.text(Message("Floating IPs")), table: table.model(floatingIPs, request, visitor))
        return list.page(content, .floatingIPs(area, visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = try FloatingIPTable(site: site, area: area, visitor: visitor).definition()
        return try tables.perform(table, request, visitor) { try floatingIP($0, visitor) }
    }

    func showAllocate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try networking.require(.createFloatingIP, as: visitor.context)
        let initial = FormData([("tenant_id", visitor.session.projectID ?? "")])
        return try allocatePage(initial, .none(visitor.wording), visitor)
    }

    func allocate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = request.form
        do {
            guard let pool = form["pool"].flatMap({ ID<Network>(untrusted: $0) }) else {
                throw ServiceError.invalid([
                    Violation(
                        field: "network_id", code: "network_missing", message: Message("Choose an external network."))
                ])
            }
            var new = NewFloatingIP(
                networkID: pool, address: form["floating_ip_address"], description: form["description"] ?? "")
            if area == .admin { new.projectID = form["tenant_id"] }
            let floatingIP = try networking.createFloatingIP(new, as: visitor.context)
            let text = Message("Allocated Floating IP {ip}.", ["ip": floatingIP.address.description])
            return site.seeOther(.floatingIPs(area), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try allocatePage(form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func floatingIP(_ id: String, _ visitor: Visitor) throws -> FloatingIP {
        guard let known = ID<FloatingIP>(untrusted: id) else { throw ServiceError.notFound("Floating IP", id) }
        return try networking.floatingIP(known, as: visitor.context)
    }

    private func allocatePage(
        _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Allocate Floating IP"))
        let pools = try networking.networks(as: visitor.context, filter: NetworkFilter(.project)).filter(\.external)
        let choices =
            pools.isEmpty
            ? [Choice(value: "", title: visitor.text(Message("No floating IP pools available")))]
            : pools.map { Choice(value: $0.id.text, title: $0.displayName) }
        var list = [fields.select("pool", Message("Pool"), choices, violation: "network_id")]
        if area == .admin {
            list.append(
                fields.select(
                    "tenant_id", Message("Project"), try site.projectChoices(visitor.context),
                    violation: "project_id"))
        }
        // Which address it is, is an administrator's to choose.
        if visitor.context.isAdmin {
            list.append(
                fields.text(
                    "floating_ip_address", Message("Floating IP Address (optional)"),
                    help: Message("Left empty, the pool gives a free one.")))
        }
        list.append(fields.text("description", Message("Description")))
        var content = FormContent(
            heading: heading, action: SiteURL.allocateFloatingIP(area).path,
            verb: visitor.text(Message("Allocate IP")), cancel: SiteURL.floatingIPs(area).path,
            problem: faults.problem, fields: list,
            notes: [visitor.text(Message("Allocate a floating IP from a given floating IP pool."))])
        content.isBlocked = pools.isEmpty
        return formView.page(content, .floatingIPs(area, visitor, Crumb(heading)), visitor, status: status)
    }
}
