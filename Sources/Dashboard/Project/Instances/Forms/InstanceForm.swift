import Compute
import HTTP
import Markup
import ServiceCore

/// A form for one action on an instance: what it shows, and what it asks of the service. ``InstanceFormPages`` does what
/// is the same for all of them.
protocol InstanceForm: Sendable {
    associatedtype Content: TemplateModel

    /// Which action; its form stands at Horizon's address.
    static var action: InstanceAction { get }
    /// The template below `Templates/`.
    static var template: String { get }
    /// Files below `Public/` that the form needs.
    static var scripts: [String] { get }

    init()
    /// What the fields hold before anybody has typed.
    func initial(_ desk: InstanceDesk) throws -> FormData
    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> Content
    /// Does what the form asks for; what it throws is shown on the form.
    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome
    /// The page after it was done.
    func next(_ desk: InstanceDesk) -> SiteURL
    /// The form that is asked for at this one's address: Horizon has some of them as steps of another.
    static func step(_ name: String?) -> InstanceAction
}

extension InstanceForm {
    static var scripts: [String] { [] }
    static func step(_ name: String?) -> InstanceAction { action }
    func next(_ desk: InstanceDesk) -> SiteURL { .instance(desk.area, desk.instance.id.text) }
}

/// What came of a form that was sent.
enum FormOutcome {
    /// It was done; said on the next page.
    case done(Message)
    /// The form asks for another form: one more row, or one less.
    case again(FormData)
}

/// What a form on an instance has at hand.
struct InstanceDesk: Sendable {
    let site: Site
    let area: Area
    let visitor: Visitor
    let instance: Instance
    /// Why the action is not possible now; the form is shown all the same, and cannot be sent.
    let refused: Message?
    let action: InstanceAction

    var wording: Wording { visitor.wording }
    var context: RequestContext { visitor.context }
    var services: DashboardServices { site.services }
    var cancel: String { SiteURL.instance(area, instance.id.text).path }
    /// Where the form is sent.
    var url: String { (SiteURL.form(of: action, area, instance.id.text) ?? .instances(area)).path }

    /// A page of fields, with a word about what they do beside it.
    func form(_ fields: FormFields, verb: Message, _ list: [FormField], notes: [Message] = []) -> FormContent {
        FormContent(
            heading: wording(action.label), action: url, verb: wording(verb), cancel: cancel,
            problem: problem(fields.faults, shown: list.map(\.name)), fields: list,
            notes: ([action.help] + notes).map(wording.callAsFunction), isBlocked: refused != nil)
    }

    /// What is wrong with the form as a whole: why the action is not possible, or faults that no field shows.
    func problem(_ faults: Faults, shown: [String]) -> String? {
        if let problem = faults.problem { return problem }
        let others = faults.others(than: shown)
        return others.isEmpty ? refused.map(wording.callAsFunction) : others.joined(separator: " ")
    }
}

/// Shows and sends the form of one action.
struct InstanceFormPages<Form: InstanceForm>: Sendable {
    private let site: Site
    private let area: Area
    private let form = Form()
    private let view: View<Form.Content>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        view = try site.view(Form.template, of: Form.Content.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let desk = try desk(request, visitor)
        let step = Form.step(request.query["step"])
        if step != Form.action, let other = SiteURL.form(of: step, area, desk.instance.id.text) {
            return .seeOther(other)
        }
        return try page(desk, form.initial(desk), .none(visitor.wording))
    }

    /// A refused form comes back as it was typed, also when somebody else was quicker: then with what the instance is
    /// busy with.
    func send(_ request: Request, _ visitor: Visitor) throws -> Response {
        let desk = try desk(request, visitor)
        do {
            switch try form.send(request.form, desk) {
            case .done(let message):
                return site.seeOther(
                    form.next(desk), Flash(.success, visitor.text(message)), secure: request.isSecure)
            case .again(let input):
                return try page(desk, input, .none(visitor.wording))
            }
        } catch {
            // Throws when it is the instance itself that is gone; what else is missing (a port, a flavor) is one more fault
            // of the form.
            let desk = try self.desk(request, visitor)
            guard let faults = Faults(error, visitor.wording) ?? missing(error, visitor) else { throw error }
            return try page(desk, request.form, faults, status: ErrorPages.status(of: error))
        }
    }

    private func missing(_ error: any Error, _ visitor: Visitor) -> Faults? {
        guard let error = error as? ServiceError, error.kind == .notFound else { return nil }
        return Faults(violations: [], wording: visitor.wording, problem: visitor.text(error.message))
    }

    private func desk(_ request: Request, _ visitor: Visitor) throws -> InstanceDesk {
        let instance = try compute.instance(request.id("instance_id", of: "Instance"), as: visitor.context)
        guard compute.allows(Form.action, as: visitor.context) else {
            throw ServiceError(.forbidden, code: "forbidden", Message("Your role does not allow this."))
        }
        let availability = compute.availableActions(for: instance, as: visitor.context)
            .first { $0.action == Form.action }
        return InstanceDesk(
            site: site, area: area, visitor: visitor, instance: instance, refused: availability?.reason,
            action: Form.action)
    }

    private func page(
        _ desk: InstanceDesk, _ input: FormData, _ faults: Faults, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: desk.wording)
        let instance = Crumb(desk.instance.name, .instance(area, desk.instance.id.text))
        var head = PageHead.instances(area, desk.visitor, instance, Crumb(desk.wording(Form.action.label)))
        head.scripts = Form.scripts
        return view.page(try form.content(desk, fields), head, desk.visitor, status: status)
    }
}

extension Routes {
    /// The form of an action, in one of the dashboards.
    mutating func form<Form: InstanceForm>(_ type: Form.Type, _ site: Site, _ area: Area) throws {
        guard let url = SiteURL.form(of: Form.action, area) else { return }
        let pages = try InstanceFormPages<Form>(site, area)
        page(url, pages.show)
        form(url, pages.send)
    }
}
