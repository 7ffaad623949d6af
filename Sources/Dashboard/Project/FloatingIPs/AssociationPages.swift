import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// Associate, and Disassociate Floating IP of an instance.
struct AssociationPages: Sendable {
    private let site: Site
    private let view: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("form", of: FormContent.self)
    }

    /// From a floating IP's row (`?ip_id=`) or from an instance's (`?instance_id=`), whose part is chosen already.
    func showAssociate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try networking.require(.updateFloatingIP, as: visitor.context)
        let targets = try targets(visitor)
        let instance = request.query["instance_id"]
        let chosen = targets.first { $0.port.deviceID == instance && instance?.isEmpty == false }
        let input = FormData([
            ("ip_id", request.query["ip_id"] ?? ""), ("instance_id", chosen?.value ?? ""),
        ])
        return try associatePage(input, .none(visitor.wording), targets, visitor)
    }

    func associate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let targets = try targets(visitor)
        do {
            var missing: [Violation] = []
            let ip = request.form["ip_id"].flatMap { ID<FloatingIP>(untrusted: $0) }
            if ip == nil {
                missing.append(
                    Violation(field: "ip_id", code: "ip_missing", message: Message("Choose a floating IP.")))
            }
            let target = targets.first { $0.value == request.form["instance_id"] }
            if target == nil {
                missing.append(Violation(field: "port_id", code: "port_missing", message: Message("Choose a port.")))
            }
            guard let ip, let target else { throw ServiceError.invalid(missing) }
            let floatingIP = try networking.associate(
                ip, portID: target.port.id, fixedIP: target.address.description, as: visitor.context)
            let text = Message("IP address {ip} associated.", ["ip": floatingIP.address.description])
            return site.seeOther(.floatingIPs(.project), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            // What no router reaches is the person's to choose, not a page that is missing.
            guard let faults = Faults(unreachable: error, visitor.wording) else { throw error }
            return try associatePage(
                request.form, faults, targets, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showDisassociate(_ area: Area, _ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try instance(request, visitor)
        return try disassociatePage(FormData([]), .none(visitor.wording), instance, area, visitor)
    }

    func disassociate(_ area: Area, _ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try instance(request, visitor)
        do {
            let leading = try leading(to: instance, visitor)
            guard let ip = leading.first(where: { $0.id.text == request.form["fip"] }) else {
                throw ServiceError.invalid([
                    Violation(field: "fip", code: "ip_missing", message: Message("Choose a floating IP."))
                ])
            }
            var done = Message("Successfully disassociated Floating IP: {names}", ["names": "\(ip.address)"])
            _ = try networking.disassociate(ip.id, as: visitor.context)
            if request.form.isTicked("is_release") {
                try networking.releaseFloatingIP(ip.id, as: visitor.context)
                done = Message("Released Floating IP: {names}", ["names": "\(ip.address)"])
            }
            return site.seeOther(
                .instance(area, instance.id.text), Flash(.success, visitor.text(done)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try disassociatePage(
                request.form, faults, instance, area, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension AssociationPages {
    /// One address of a port that a floating IP can lead to.
    private struct Target {
        let port: Port
        let address: IPAddress
        let title: String
        /// Horizon's value of the choice.
        var value: String { "\(port.id)_\(address)" }
    }

    private func targets(_ visitor: Visitor) throws -> [Target] {
        let names = FloatingIPTarget(site: site, area: .project, visitor: visitor)
        return try networking.floatingIPTargets(as: visitor.context).flatMap { port in
            let name = names.instance(port.deviceID, port.deviceOwner)?.name ?? port.displayName
            return port.fixedIPs.filter { $0.address.version == .v4 }.map {
                Target(port: port, address: $0.address, title: "\(name): \($0.address)")
            }
        }
    }

    private func instance(_ request: Request, _ visitor: Visitor) throws -> Instance {
        try site.services.compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
    }

    /// The floating IPs that lead to an instance.
    private func leading(to instance: Instance, _ visitor: Visitor) throws -> [FloatingIP] {
        let scope: NetworkFilter.Scope = visitor.context.isAdmin ? .everything : .project
        return try networking.floatingIPs(FloatingIPFilter(scope), as: visitor.context)
            .filter { $0.association?.deviceID == instance.id.text }
    }

    private func associatePage(
        _ input: FormData, _ faults: Faults, _ targets: [Target], _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Associate Floating IP"))
        let free = try networking.floatingIPs(as: visitor.context).filter { $0.association == nil }
        let first = free.isEmpty ? Message("No floating IP addresses allocated") : Message("Select an IP address")
        let firstPort = targets.isEmpty ? Message("No ports available") : Message("Select a port")
        let content = FormContent(
            heading: heading, action: SiteURL.associateFloatingIP.path, verb: visitor.text(Message("Associate")),
            cancel: SiteURL.floatingIPs(.project).path, problem: faults.problem,
            fields: [
                fields.select(
                    "ip_id", Message("IP Address"),
                    [Choice(value: "", title: visitor.text(first))]
                        + free.map { Choice(value: $0.id.text, title: "\($0.address) (\($0.networkName))") }),
                fields.select(
                    "instance_id", Message("Port to be associated"),
                    [Choice(value: "", title: visitor.text(firstPort))]
                        + targets.map { Choice(value: $0.value, title: $0.title) }, violation: "port_id"),
            ],
            notes: [
                visitor.text(
                    Message("Select the IP address you wish to associate with the selected instance or port.")),
                visitor.text(Message("Ports are offered whose subnets a router joins to an external network.")),
            ])
        return view.page(content, .floatingIPs(.project, visitor, Crumb(heading)), visitor, status: status)
    }

    private func disassociatePage(
        _ input: FormData, _ faults: Faults, _ instance: Instance, _ area: Area, _ visitor: Visitor,
        status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Disassociate Floating IP"))
        let leading = try leading(to: instance, visitor)
        let choices = leading.map { Choice(value: $0.id.text, title: $0.address.description) }
        var content = FormContent(
            heading: heading, action: SiteURL.disassociateFloatingIP(area, instance.id.text).path,
            verb: visitor.text(Message("Disassociate")), cancel: SiteURL.instance(area, instance.id.text).path,
            problem: faults.problem,
            fields: [
                fields.select(
                    "fip", Message("Floating IP"),
                    choices.isEmpty
                        ? [Choice(value: "", title: visitor.text(Message("No floating IP addresses allocated")))]
                        : choices),
                fields.checkbox(
                    "is_release", Message("Release Floating IP"),
                    help: Message("If checked, the selected floating IP will be released at the same time.")),
            ],
            notes: [
                visitor.text(Message("Select the floating IP to be disassociated from the instance."))
            ])
        content.isBlocked = choices.isEmpty
        let crumb = Crumb(instance.name, .instance(area, instance.id.text))
        return view.page(content, .instances(area, visitor, crumb, Crumb(heading)), visitor, status: status)
    }
}

extension Faults {
    /// The same, and that no router leads there.
    fileprivate init?(unreachable error: any Error, _ wording: Wording) {
        guard let error = error as? ServiceError, error.code == "external_gateway_for_floating_ip_not_found" else {
            self.init(error, wording)
            return
        }
        self.init(
            violations: [Violation(field: "port_id", code: error.code, message: error.message)], wording: wording)
    }
}
