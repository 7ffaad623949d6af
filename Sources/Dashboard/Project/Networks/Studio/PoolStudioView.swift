import HTTP
import Markup
import Networking
import ServiceCore

/// The studio without the page around it, for the script that asks for it while somebody types.
struct PoolStudioView: Sendable {
    private let site: Site
    private let area: Area
    private let template: Template<PoolStudioFragment>

    init(_ site: Site, _ area: Area) throws {
        self.site = site
        self.area = area
        template = try site.library.template("project/networks/subnets/_preview", for: PoolStudioFragment.self)
    }

    func maker(_ visitor: Visitor) -> StudioMaker { StudioMaker(site: site, area: area, visitor: visitor) }

    /// - Parameter url: the form's page.
    func response(
        _ form: SubnetForm, _ preview: PoolPreview, of url: SiteURL, _ visitor: Visitor
    ) throws -> Response {
        // A field that nobody has come to yet is not at fault.
        let typed = preview.violations.filter { $0.field != "cidr" || form.input["cidr"]?.isEmpty == false }
        let fields = FormFields(
            input: form.input, faults: Faults(violations: typed, wording: visitor.wording), wording: visitor.wording)
        let content = PoolStudioFragment(
            studio: maker(visitor).studio(preview, fragment: .preview(url)), fields: SubnetForm.drawnFields(fields))
        return .html(template.render(content, language: visitor.wording.language))
    }
}
