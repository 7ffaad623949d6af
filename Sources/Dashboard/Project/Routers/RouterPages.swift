import HTTP
import Markup
import Networking
import ServiceCore

/// The list of routers; making one, editing one, and choosing its way out.
struct RouterPages: Sendable {
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
        let table = try RouterTable(site: site, area: area, visitor: visitor).definition()
        if let row = try tables.row(table, request, visitor, item: { try router($0, visitor) }) { return row }
        let routers = try networking.routers(
            RouterFilter(area == .admin ? .everything : .project), as: visitor.context)
        let content = TableContent(
            heading: visitor.text(Message("Routers")), table: table.model(routers, request, visitor))
        return list.page(content, .routers(area, visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = try RouterTable(site: site, area: area, visitor: visitor).definition()
        return try tables.perform(table, request, visitor) { try router($0, visitor) }
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try networking.require(.createRouter, as: visitor.context)
        let initial = FormData([("admin_state_up", "on"), ("enable_snat", "on")])
        return try createPage(initial, .none(visitor.wording), visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        do {
            var new = NewRouter(name: request.form["name"] ?? "")
            new.adminStateUp = request.form.isTicked("admin_state_up")
            new.gateway = gateway(request.form, visitor)
            let router = try networking.createRouter(new, as: visitor.context)
            let text = Message("Router {name} was successfully created.", ["name": router.displayName])
            return site.seeOther(.routers(area), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try createPage(request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try changeable(request, visitor)
        var pairs = [("name", router.name), ("revision_number", String(router.revision))]
        if router.adminStateUp { pairs.append(("admin_state", "on")) }
        return updatePage(FormData(pairs), .none(visitor.wording), router, visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let stored = try changeable(request, visitor)
        do {
            var update = RouterUpdate()
            update.name = request.form["name"] ?? ""
            update.adminStateUp = request.form.isTicked("admin_state")
            update.revision = request.form["revision_number"].flatMap { Int($0) }
            let router = try networking.updateRouter(stored.id, update, as: visitor.context)
            let text = Message("Router {name} was successfully updated.", ["name": router.displayName])
            return site.seeOther(.routers(area), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return updatePage(request.form, faults, stored, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showGateway(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try changeable(request, visitor)
        return try gatewayPage(FormData([("enable_snat", "on")]), .none(visitor.wording), router, visitor)
    }

    func setGateway(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try changeable(request, visitor)
        do {
            guard let gateway = gateway(request.form, visitor) else {
                throw ServiceError.invalid([
                    Violation(
                        field: "network_id", code: "network_missing", message: Message("Choose an external network."))
                ])
            }
            var update = RouterUpdate()
            update.gateway = .set(gateway)
            _ = try networking.updateRouter(router.id, update, as: visitor.context)
            let text = Message("Gateway interface is added")
            return site.seeOther(.routers(area), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try gatewayPage(request.form, faults, router, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension RouterPages {
    private func router(_ id: String, _ visitor: Visitor) throws -> NetworkRouter {
        guard let known = ID<NetworkRouter>(untrusted: id) else { throw ServiceError.notFound("Router", id) }
        return try networking.router(known, as: visitor.context)
    }

    private func changeable(_ request: Request, _ visitor: Visitor) throws -> NetworkRouter {
        let router = try router(request.parameters["router_id"], visitor)
        guard networking.canChange(router, as: visitor.context) else {
            throw ServiceError.forbidden("network:update_router")
        }
        return router
    }

    /// SNAT is an administrator's to choose, so nobody else says anything about it.
    private func gateway(_ form: FormData, _ visitor: Visitor) -> RouterGatewayInput? {
        guard let network = form["network_id"].flatMap({ ID<Network>(untrusted: $0) }) else { return nil }
        return RouterGatewayInput(
            networkID: network, enableSNAT: visitor.context.isAdmin ? form.isTicked("enable_snat") : nil)
    }

    private func gatewayFields(_ fields: FormFields, _ visitor: Visitor) throws -> [FormField] {
        let networks = try networking.networks(as: visitor.context, filter: NetworkFilter(.project))
            .filter(\.external)
        var list = [
            fields.select(
                "network_id", Message("External Network"),
                [Choice(value: "", title: visitor.text(Message("Select network")))]
                    + networks.map { Choice(value: $0.id.text, title: $0.displayName) })
        ]
        if visitor.context.isAdmin {
            list.append(
                fields.checkbox(
                    "enable_snat", Message("Enable SNAT"),
                    help: Message("Guests without a floating IP go out under the router's address.")))
        }
        return list
    }

    private func createPage(
        _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Create Router"))
        let content = FormContent(
            heading: heading, action: SiteURL.createRouter.path, verb: heading, cancel: SiteURL.routers(area).path,
            problem: faults.problem,
            fields: [
                fields.text("name", Message("Router Name")),
                fields.checkbox("admin_state_up", Message("Enable Admin State"), help: Self.adminStateHelp),
            ] + (try gatewayFields(fields, visitor)),
            notes: [visitor.text(Message("Subnets are joined to the router once it is there, on its tab Interfaces."))])
        return formView.page(content, .routers(area, visitor, Crumb(heading)), visitor, status: status)
    }

    private static let adminStateHelp = Message("A router that is down forwards nothing.")

    private func updatePage(
        _ input: FormData, _ faults: Faults, _ router: NetworkRouter, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Edit Router"))
        let content = FormContent(
            heading: heading, action: SiteURL.updateRouter(area, router.id.text).path,
            verb: visitor.text(Message("Save Changes")), cancel: SiteURL.routers(area).path, problem: faults.problem,
            fields: [
                fields.text("name", Message("Name")),
                fields.checkbox("admin_state", Message("Enable Admin State"), help: Self.adminStateHelp),
            ], revision: String(router.revision))
        return formView.page(content, head(router, heading, visitor), visitor, status: status)
    }

    private func gatewayPage(
        _ input: FormData, _ faults: Faults, _ router: NetworkRouter, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Set Gateway"))
        let content = FormContent(
            heading: heading, action: SiteURL.setGateway(area, router.id.text).path,
            verb: heading, cancel: SiteURL.routers(area).path, problem: faults.problem,
            fields: try gatewayFields(fields, visitor),
            notes: [
                visitor.text(
                    Message("The external network becomes the router's default route: the way out for its networks."))
            ])
        return formView.page(content, head(router, heading, visitor), visitor, status: status)
    }

    private func head(_ router: NetworkRouter, _ heading: String, _ visitor: Visitor) -> PageHead {
        .routers(area, visitor, Crumb(router.displayName, .router(area, router.id.text)), Crumb(heading))
    }
}
