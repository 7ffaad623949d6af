import HTTP
import Markup

/// A page as templates see it: the frame around it, and what it is about.
struct PageModel<Content: TemplateModel>: TemplateModel {
    let chrome: Chrome
    let page: Content

    static var shape: Shape<PageModel> {
        Shape([.object("chrome", \.chrome), .object("page", \.page)])
    }
}

/// A template bound to what it shows.
struct View<Content: TemplateModel>: Sendable {
    let site: Site
    let template: Template<PageModel<Content>>

    /// The page for somebody who is logged in.
    func page(_ content: Content, _ head: PageHead, _ visitor: Visitor, status: Status = .ok) -> Response {
        render(content, site.chrome(head, visitor), visitor.reader, status)
    }

    /// The page for anybody.
    func page(_ content: Content, _ head: PageHead, _ reader: Reader, status: Status = .ok) -> Response {
        render(content, site.chrome(head, reader), reader, status)
    }

    private func render(_ content: Content, _ chrome: Chrome, _ reader: Reader, _ status: Status) -> Response {
        let model = PageModel(chrome: chrome, page: content)
        return .html(template.render(model, language: reader.wording.language), status: status)
    }
}

/// What a page tells its frame.
struct PageHead: Sendable {
    /// The panel the page belongs to; marked in the navigation.
    var panel: SiteURL?
    /// From the group of panels down to the page itself; the last is the title.
    var trail: [Crumb]
    /// Something on the page is in progress: without JavaScript the page reloads itself.
    var refreshes = false
    /// Files below `Public/` that only this page needs.
    var scripts: [String] = []

    init(_ panel: SiteURL?, _ trail: [Crumb]) {
        self.panel = panel
        self.trail = trail
    }
}

/// One step of the breadcrumb.
struct Crumb: Sendable {
    let title: String
    let url: SiteURL?

    init(_ title: String, _ url: SiteURL? = nil) {
        self.title = title
        self.url = url
    }
}
