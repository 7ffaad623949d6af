import HTTP
import Markup
import Networking
import ServiceCore

/// One port: its page, making one and editing it.
struct PortPages: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<PortContent>
    private let formView: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view("project/networks/ports/detail", of: PortContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try networking.port(request.id("port_id", of: "Port"), as: visitor.context)
        let tab = request.query["tab"].flatMap(PortTab.init) ?? .overview
        var content = PortContent(
            heading: port.displayName,
            tabs: PortTab.allCases.map {
                TabModel(
                    title: visitor.text($0.title), href: $0.url(area, port.id).description, current: $0 == tab,
                    count: $0 == .addressPairs ? port.allowedAddressPairs.count : 0)
            })
        switch tab {
        case .overview: content.panels = try PortFacts(site: site, area: area, visitor: visitor, port: port).panels()
        case .addressPairs:
            content.table = AddressPairTable(networking: networking, area: area, port: port, visitor: visitor)
                .definition().model(port.allowedAddressPairs, request, visitor)
        }
        if networking.canChange(port, as: visitor.context) {
            let update = SiteURL.updatePort(area, port.networkID.text, port.id.text)
            content.actions = [ActionModel(title: visitor.text(Message("Edit Port")), href: update.path)]
        }
        return view.page(content, head(port.networkID, port.networkName, Crumb(port.displayName), visitor), visitor)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try network(request, visitor)
        try networking.require(.createPort, as: visitor.context)
        let form = PortForm(on: network, try groups(network, visitor))
        return try createPage(form, .none(visitor.wording), network, visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        let network = try network(request, visitor)
        let form = PortForm(input: request.form)
        do {
            let port = try networking.createPort(form.newPort(on: network, area), as: visitor.context)
            let text = Message("Port {name} was successfully created.", ["name": port.displayName])
            return done(text, port, request, visitor)
        } catch {
            let wording = visitor.wording
            let faults = Faults(error, wording) ?? .missing(error, wording) ?? .reserved(error, wording)
            guard let faults else { throw error }
            return try createPage(form, faults, network, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try found(request, visitor)
        guard networking.canChange(port, as: visitor.context) else {
            throw ServiceError.forbidden("network:update_port")
        }
        if request.query["step"] == "update_security_groups" {
            return .seeOther(SiteURL.portSecurityGroups(area, port.networkID.text, port.id.text))
        }
        return updatePage(PortForm(port), .none(visitor.wording), port, visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let stored = try found(request, visitor)
        let form = PortForm(input: request.form)
        do {
            let port = try networking.updatePort(stored.id, form.update(of: stored, area), as: visitor.context)
            let text = Message("Port {name} was successfully updated.", ["name": port.displayName])
            return done(text, port, request, visitor)
        } catch {
            let faults = Faults(error, visitor.wording) ?? .reserved(error, visitor.wording)
            guard let faults else { throw error }
            return updatePage(form, faults, stored, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension PortPages {
    private func network(_ request: Request, _ visitor: Visitor) throws -> Network {
        try networking.network(request.id("network_id", of: "Network"), as: visitor.context)
    }

    /// The port of the path, on the network of the path.
    private func found(_ request: Request, _ visitor: Visitor) throws -> Port {
        let network = try request.id("network_id", of: "Network") as ID<Network>
        let port = try networking.port(request.id("port_id", of: "Port"), as: visitor.context)
        guard port.networkID == network else { throw ServiceError.notFound("Port", port.id.text) }
        return port
    }

    private func done(_ text: Message, _ port: Port, _ request: Request, _ visitor: Visitor) -> Response {
        site.seeOther(
            NetworkTab.ports.url(area, port.networkID), Flash(.success, visitor.text(text)), secure: request.isSecure)
    }

    /// Those of the project that the port will be of.
    private func groups(_ network: Network, _ visitor: Visitor) throws -> [SecurityGroup] {
        let owner = area == .admin ? network.projectID : try visitor.context.requireProject()
        return try site.services.securityGroups(ofProject: owner, as: visitor.context)
    }

    private func createPage(
        _ form: PortForm, _ faults: Faults, _ network: Network, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let subnets = try networking.subnets(of: network.id, as: visitor.context)
        let heading = visitor.text(Message("Create Port"))
        var content = FormContent(
            heading: heading, action: SiteURL.createPort(area, network.id.text).path,
            verb: visitor.text(Message("Create")), cancel: NetworkTab.ports.url(area, network.id).description,
            problem: faults.problem, fields: PortForm.createFields(fields, subnets, area),
            notes: [
                visitor.text(Message("A port can be made before the instance that is to use it.")),
                visitor.text(
                    Message("A MAC address of one's own and port security off are the network owner's to choose.")),
            ])
        content.choices = ChoiceSection(
            title: visitor.text(Message("Security Groups")), help: visitor.text(Port.groupsHelp), group: "of-guard",
            table: .securityGroups(
                try groups(network, visitor), named: "groups", chosen: form.input.values("groups"), fields))
        return formView.page(
            content, head(network.id, network.displayName, Crumb(heading), visitor), visitor, status: status)
    }

    private func updatePage(
        _ form: PortForm, _ faults: Faults, _ port: Port, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Edit Port"))
        let content = FormContent(
            heading: heading, action: SiteURL.updatePort(area, port.networkID.text, port.id.text).path,
            verb: visitor.text(Message("Update")), cancel: NetworkTab.ports.url(area, port.networkID).description,
            problem: faults.problem, fields: PortForm.updateFields(fields, area),
            notes: [
                visitor.text(
                    Message(
                        "While an instance or the network itself uses the port, its device and its MAC address stay."))
            ], revision: String(port.revision))
        var head = head(
            port.networkID, port.networkName, Crumb(port.displayName, .port(area, port.id.text)), visitor)
        head.trail.append(Crumb(heading))
        return formView.page(content, head, visitor, status: status)
    }

    private func head(_ network: ID<Network>, _ name: String, _ crumb: Crumb, _ visitor: Visitor) -> PageHead {
        let name = name.isEmpty ? "(\(network.text.prefix(13)))" : name
        return .networks(area, visitor, Crumb(name, NetworkTab.ports.url(area, network)), crumb)
    }
}
