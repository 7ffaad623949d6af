import Compute
import HTTP
import Markup
import ServiceCore

/// Consoles of instances: the tab, the page with nothing else on it, and what both ask for a token.
struct ConsolePages: Sendable {
    private let site: Site
    private let area: Area
    private let view: View<ConsoleModel>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view("project/instances/console", of: ConsoleModel.self)
    }

    /// The content of the Console tab; nil when `CONSOLE_TYPE` wants none.
    static func tab(of instance: Instance, _ site: Site, _ area: Area, _ request: Request, _ visitor: Visitor)
        -> ConsoleModel?
    {
        let types = site.configuration.consoles.types
        guard let type = types.first(where: { $0.rawValue == request.query["console"] }) ?? types.first else {
            return nil
        }
        var model = model(of: instance, type, site, visitor)
        model.open = SiteURL.openConsole(area, instance.id.text).path
        model.alone = SiteURL.console(type, area, instance.id.text).path
        model.log = InstanceTab.log.url(area, instance.id).description
        model.choices = types.map {
            TabModel(
                title: visitor.text($0.title),
                href: InstanceTab.console.url(area, instance.id).with("console", $0.rawValue).description,
                current: $0 == type)
        }
        return model
    }

    /// `/vnc`, Horizon's address of the screen alone.
    func screen(_ request: Request, _ visitor: Visitor) throws -> Response { try show(.novnc, request, visitor) }

    /// `/serial`, Horizon's address of the serial port alone.
    func serial(_ request: Request, _ visitor: Visitor) throws -> Response { try show(.serial, request, visitor) }

    /// `/auto_console`: the one that `CONSOLE_TYPE` shows first.
    func auto(_ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        guard let type = site.configuration.consoles.types.first else {
            throw ServiceError.unsupported(Message("This cloud shows no consoles."))
        }
        return .seeOther(SiteURL.console(type, area, instance.id.text))
    }

    private func show(_ type: ConsoleType, _ request: Request, _ visitor: Visitor) throws -> Response {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        var model = Self.model(of: instance, type, site, visitor)
        model.open = SiteURL.openConsole(area, instance.id.text).path
        model.log = InstanceTab.log.url(area, instance.id).description
        model.back = InstanceTab.console.url(area, instance.id).with("console", type.rawValue).description
        var response = view.page(model, PageHead.instances(area, visitor, Crumb(instance.name)), visitor)
        response.allowConsole()
        return response
    }

    private static func model(
        of instance: Instance, _ type: ConsoleType, _ site: Site, _ visitor: Visitor
    ) -> ConsoleModel {
        var model = ConsoleModel(type: type, program: site.configuration.consoles.program(for: type))
        model.name = instance.name
        model.script = site.configuration.staticURL(type.script)
        model.refusal = site.services.compute.consoleRefusal(of: instance, as: visitor.context).map(visitor.text)
        if model.program == nil { model.package = ConsoleViewers.package(of: type) }
        return model
    }

    /// Gives the page's script a token, in the address of the socket to open. Each connection asks anew.
    func open(_ request: Request, _ visitor: Visitor) throws -> Response {
        do {
            let id: ID<Instance> = try request.id("instance_id", of: "Instance")
            let type = request.form["type"] ?? ""
            let console = try compute.createConsole(
                of: id, protocol: ConsoleType(rawValue: type)?.protocolName ?? type, type: type,
                session: visitor.session.csrfToken, as: visitor.context)
            return .json(Array("{\"socket\":\"\(ConsoleSocketEndpoint.path)?token=\(console.token)\"}".utf8))
        } catch {
            let error = ServiceError(wrapping: error)
            return .text(visitor.text(error.message) + "\n", status: ErrorPages.status(of: error))
        }
    }
}

extension ConsoleType {
    var title: Message {
        switch self {
        case .novnc: Message("Screen")
        case .serial: Message("Serial Port")
        }
    }

    /// Our module that shows it.
    var script: String {
        switch self {
        case .novnc: "js/console-screen.js"
        case .serial: "js/console-serial.js"
        }
    }
}

extension SiteURL {
    /// Where a page's script asks for a token.
    static func openConsole(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("open_console")
    }
    /// Horizon's addresses of consoles alone.
    static func screenConsole(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("vnc")
    }
    static func serialConsole(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("serial")
    }
    static func console(_ type: ConsoleType, _ area: Area, _ id: String) -> SiteURL {
        type == .novnc ? screenConsole(area, id) : serialConsole(area, id)
    }
    static func autoConsole(_ area: Area, _ id: String = "{instance_id}") -> SiteURL {
        instance(area, id).below("auto_console")
    }
}

extension Response {
    /// noVNC shows the guest's pointer, and pieces of its screen, as `data:` pictures: on these pages they are allowed,
    /// beside the site's own. Nothing else of the site's policy is given up.
    mutating func allowConsole() {
        let policy = Fields.secure["Content-Security-Policy"] ?? "default-src 'self'"
        fields.set("Content-Security-Policy", policy + "; img-src 'self' data:")
    }
}
