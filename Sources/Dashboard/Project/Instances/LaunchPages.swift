import Compute
import HTTP
import Markup
import ServiceCore

/// Launch Instance: one page instead of Horizon's eleven steps.
struct LaunchPages: Sendable {
    private let site: Site
    private let view: View<LaunchContent>

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("project/instances/launch", of: LaunchContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        try site.services.compute.requireLaunch(as: visitor.context)
        let offer = try LaunchOffer(site.services, chosen: request.query["image"], as: visitor.context)
        return page(LaunchForm(initial: request.query, offer), offer, .none(visitor.wording), visitor)
    }

    func launch(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = LaunchForm(sent: request.form)
        do {
            return launched(try site.services.compute.launch(form.request(), as: visitor.context), request, visitor)
        } catch {
            guard let faults = form.metadata.faults(error, visitor.wording, isAlone: false) else { throw error }
            let offer = try LaunchOffer(site.services, chosen: form.imageID, as: visitor.context)
            return page(form, offer, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    /// To the instance, where its launch can be watched; to the list when there are several.
    private func launched(_ instances: [Instance], _ request: Request, _ visitor: Visitor) -> Response {
        let text =
            instances.count == 1
            ? Message("Scheduled creation of instance \"{name}\".", ["name": instances[0].name])
            : Message("Scheduled creation of {count} instances.", ["count": String(instances.count)])
        let target: SiteURL = instances.count == 1 ? .instance(.project, instances[0].id.text) : .instances(.project)
        return site.seeOther(target, Flash(.success, visitor.text(text)), secure: request.isSecure)
    }

    private func page(
        _ form: LaunchForm, _ offer: LaunchOffer, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let content = LaunchContent(form, offer, fields, isRefused: !faults.isEmpty)
        var head = PageHead.instances(.project, visitor, Crumb(visitor.text(Message("Launch Instance"))))
        head.scripts = ["js/launch.js"]
        return view.page(content, head, visitor, status: status)
    }
}
