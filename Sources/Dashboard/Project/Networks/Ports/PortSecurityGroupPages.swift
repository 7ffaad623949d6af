import HTTP
import Markup
import Networking
import ServiceCore

/// Edit Security Groups of one port.
struct PortSecurityGroupPages: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<SecurityGroupsContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view("project/instances/security_groups", of: SecurityGroupsContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try port(request, visitor)
        return try page(
            port, FormData(port.securityGroupIDs.map { ("groups", $0.text) }), .none(visitor.wording), visitor)
    }

    func save(_ request: Request, _ visitor: Visitor) throws -> Response {
        let port = try port(request, visitor)
        do {
            var update = PortUpdate()
            update.securityGroups = request.form.values("groups")
            let changed = try networking.updatePort(port.id, update, as: visitor.context)
            let text = Message("Port {name} was successfully updated.", ["name": changed.displayName])
            return site.seeOther(
                .port(area, port.id.text), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) ?? .missing(error, visitor.wording) else { throw error }
            return try page(port, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func port(_ request: Request, _ visitor: Visitor) throws -> Port {
        let network: ID<Network> = try request.id("network_id", of: "Network")
        let port = try networking.port(request.id("port_id", of: "Port"), as: visitor.context)
        guard port.networkID == network else { throw ServiceError.notFound("Port", port.id.text) }
        guard networking.canChange(port, as: visitor.context) else {
            throw ServiceError.forbidden("network:update_port")
        }
        return port
    }

    private func page(
        _ port: Port, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let groups = try site.services.securityGroups(ofProject: port.projectID, as: visitor.context)
        let heading = visitor.text(Message("Edit Security Groups"))
        let content = SecurityGroupsContent(
            heading: heading, action: SiteURL.portSecurityGroups(area, port.networkID.text, port.id.text).path,
            cancel: SiteURL.port(area, port.id.text).path,
            problem: faults.problem ?? faults.others(than: ["groups"]).first
                ?? (port.portSecurityEnabled ? nil : visitor.text(Port.unguarded)),
            isBlocked: !port.portSecurityEnabled,
            help: visitor.text(Port.groupsHelp),
            groups: .securityGroups(groups, named: "groups", chosen: input.values("groups"), fields))
        let head = PageHead.networks(
            area, visitor, Crumb(port.networkTitle, NetworkTab.ports.url(area, port.networkID)),
            Crumb(port.displayName, .port(area, port.id.text)), Crumb(heading))
        return view.page(content, head, visitor, status: status)
    }
}

extension Port {
    /// The name of its network, or what stands for it.
    var networkTitle: String { networkName.isEmpty ? "(\(networkID.text.prefix(13)))" : networkName }

    static let groupsHelp = Message(
        "What any of the chosen groups lets through passes this port. Without a group nothing passes.")
    static let unguarded = Message("The port has no port security, and so no security groups.")
}

extension Cell {
    /// A value for each group: what it lets through, under its name.
    static func securityGroups(
        _ groups: [SecurityGroup], ofProject projectID: String, _ site: Site, _ visitor: Visitor
    ) throws -> [Cell] {
        guard !groups.isEmpty else { return [] }
        let words = RuleWords(
            try site.services.securityGroups(ofProject: projectID, as: visitor.context), visitor.wording)
        return groups.map { group in
            let lines = words.lines(group.rules, .ingress) + words.lines(group.rules, .egress)
            let rules = Line(
                text: visitor.text(Message("Manage Rules")), href: SiteURL.securityGroup(group.id.text).path)
            return Cell.lines(lines + [rules]).labelled(group.displayName)
        }
    }
}

extension Site {
    /// What can be done to a port wherever it is listed.
    func portActions(_ area: Area, _ visitor: Visitor) -> @Sendable (Port) -> [RowAction] {
        let (networking, context) = (services.networking, visitor.context)
        return { port in
            guard networking.canChange(port, as: context) else { return [] }
            let url = SiteURL.updatePort(area, port.networkID.text, port.id.text)
            return [
                .open(Message("Edit Port"), url),
                .open(
                    Message("Edit Security Groups"), .portSecurityGroups(area, port.networkID.text, port.id.text),
                    refused: port.portSecurityEnabled ? nil : Port.unguarded),
            ]
        }
    }
}
