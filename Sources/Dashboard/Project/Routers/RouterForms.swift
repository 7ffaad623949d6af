import HTTP
import Markup
import Networking
import ServiceCore

/// Add Interface and Add Static Route.
struct RouterForms: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view("form", of: FormContent.self)
    }

    func showInterface(_ request: Request, _ visitor: Visitor) throws -> Response {
        try interfacePage(FormData([]), .none(visitor.wording), changeable(request, visitor), visitor)
    }

    func addInterface(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try changeable(request, visitor)
        do {
            let interface = try join(router, request.form, visitor)
            let text = Message(
                "Interface added {address}",
                ["address": interface.port.fixedIPs.map(\.address.description).joined(separator: ", ")])
            return site.seeOther(
                RouterTab.interfaces.url(area, router.id), Flash(.success, visitor.text(text)),
                secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try interfacePage(request.form, faults, router, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showRoute(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try changeable(request, visitor)
        return routePage(FormData([]), .none(visitor.wording), router, visitor)
    }

    func addRoute(_ request: Request, _ visitor: Visitor) throws -> Response {
        let router = try changeable(request, visitor)
        do {
            var update = RouterUpdate()
            let new = HostRouteInput(
                destination: request.form["destination"] ?? "", nextHop: request.form["nexthop"] ?? "")
            update.routes = router.routes.map(\.input) + [new]
            update.revision = router.revision
            _ = try networking.updateRouter(router.id, update, as: visitor.context)
            return site.seeOther(
                RouterTab.routes.url(area, router.id), Flash(.success, visitor.text(Message("Static route added"))),
                secure: request.isSecure)
        } catch {
            guard let faults = Faults(ofLastRoute: error, at: router.routes.count, visitor.wording) else { throw error }
            return routePage(request.form, faults, router, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension RouterForms {
    private func changeable(_ request: Request, _ visitor: Visitor) throws -> NetworkRouter {
        let router = try networking.router(request.id("router_id", of: "Router"), as: visitor.context)
        guard networking.canChange(router, as: visitor.context) else {
            throw ServiceError.forbidden("network:update_router")
        }
        return router
    }

    /// Under the subnet's gateway, or under an address of one's own.
    private func join(_ router: NetworkRouter, _ form: FormData, _ visitor: Visitor) throws -> RouterInterface {
        guard let subnetID = form["subnet_id"].flatMap({ ID<Subnet>(untrusted: $0) }) else {
            throw ServiceError.invalid([
                Violation(field: "subnet_id", code: "subnet_missing", message: Message("Choose a subnet."))
            ])
        }
        let address = form["ip_address"] ?? ""
        let target: RouterInterfaceTarget = address.isEmpty ? .subnet(subnetID) : .address(subnetID, address)
        return try networking.addInterface(to: router.id, target, as: visitor.context)
    }

    private func interfacePage(
        _ input: FormData, _ faults: Faults, _ router: NetworkRouter, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Add Interface"))
        let content = FormContent(
            heading: heading, action: SiteURL.addInterface(area, router.id.text).path,
            verb: visitor.text(Message("Submit")), cancel: RouterTab.interfaces.url(area, router.id).description,
            problem: faults.problem,
            fields: [
                fields.select("subnet_id", Message("Subnet"), try subnets(router, visitor)),
                fields.text(
                    "ip_address", Message("IP Address (optional)"),
                    help: Message(
                        "Left empty, the router gets the address of the subnet's gateway. Another one must be a free address of the subnet."
                    ), violation: "fixed_ips"),
            ], notes: [visitor.text(Message("You can connect a specified subnet to the router."))])
        return view.page(content, head(router, heading, visitor), visitor, status: status)
    }

    /// Those of the router's project that it is not on yet; a shared network's, too.
    private func subnets(_ router: NetworkRouter, _ visitor: Visitor) throws -> [Choice] {
        let scope: NetworkFilter.Scope = visitor.context.isAdmin ? .everything : .project
        let joined = Set(
            try networking.routerPorts(of: router.id, as: visitor.context).flatMap(\.fixedIPs).map(\.subnetID))
        let choices = try networking.networks(as: visitor.context, filter: NetworkFilter(scope))
            .filter { !$0.external && ($0.projectID == router.projectID || $0.shared) }
            .flatMap { network in
                network.subnets.filter { !joined.contains($0.id) }.map { subnet in
                    let name = subnet.name.isEmpty ? subnet.cidr.description : "\(subnet.cidr) (\(subnet.name))"
                    return Choice(value: subnet.id.text, title: "\(network.displayName): \(name)")
                }
            }
        let first = choices.isEmpty ? Message("No subnets available") : Message("Select Subnet")
        return [Choice(value: "", title: visitor.text(first))] + choices
    }

    private func routePage(
        _ input: FormData, _ faults: Faults, _ router: NetworkRouter, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Add Static Route"))
        let others = faults.others(than: ["destination", "nexthop"])
        let content = FormContent(
            heading: heading, action: SiteURL.addRoute(area, router.id.text).path,
            verb: visitor.text(Message("Submit")), cancel: RouterTab.routes.url(area, router.id).description,
            problem: faults.problem ?? (others.isEmpty ? nil : others.joined(separator: " ")),
            fields: [
                fields.text("destination", Message("Destination CIDR"), required: true),
                fields.text("nexthop", Message("Next Hop"), required: true),
            ],
            notes: [
                visitor.text(
                    Message("The next hop must lie on one of the subnets to which the router has interfaces."))
            ])
        return view.page(content, head(router, heading, visitor), visitor, status: status)
    }

    private func head(_ router: NetworkRouter, _ heading: String, _ visitor: Visitor) -> PageHead {
        .routers(area, visitor, Crumb(router.displayName, .router(area, router.id.text)), Crumb(heading))
    }
}

extension Faults {
    /// The faults of a list of routes to which one was added: the form shows that one alone, and no line of a list.
    fileprivate init?(ofLastRoute error: any Error, at index: Int, _ wording: Wording) {
        guard let error = error as? ServiceError, error.kind == .invalid else {
            self.init(error, wording)
            return
        }
        let row = "routes[\(index)]"
        let linePrefix = "Line {line}: "
        let violations = error.violations.map { violation in
            let text = violation.message.text
            let field =
                violation.field.hasPrefix(row)
                ? String(violation.field.dropFirst(row.count).drop { $0 == "." }) : violation.field
            return Violation(
                field: field.isEmpty ? "destination" : field, code: violation.code,
                message: Message(
                    text.hasPrefix(linePrefix) ? String(text.dropFirst(linePrefix.count)) : text,
                    violation.message.arguments), value: violation.value)
        }
        self.init(violations: violations, wording: wording)
    }
}
