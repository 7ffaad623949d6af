import Markup
import ServiceCore

/// The frame of every page, as the base template sees it.
struct Chrome: TemplateModel {
    let language: String
    let theme: String?
    let title: String
    let stylesheets: [String]
    let scripts: [String]
    let refreshes: Bool
    let events: String?
    /// Masked: see ``FormToken``.
    let csrf: String
    let here: String
    let banner: String?
    let project: ProjectChooser?
    let user: UserMenu?
    let languages: [Choice]
    let themes: [Choice]
    let navigation: [NavigationSection]
    let breadcrumb: [BreadcrumbItem]
    let flashes: [FlashModel]

    static let shape = Shape<Chrome>([
        .text("language", \.language), .optionalText("theme", \.theme), .text("title", \.title),
        .texts("stylesheets", \.stylesheets), .texts("scripts", \.scripts), .flag("refreshes", \.refreshes),
        .optionalText("events", \.events), .text("csrf", \.csrf), .text("here", \.here),
        .optionalText("banner", \.banner), .optional("project", \.project), .optional("user", \.user),
        .list("languages", \.languages), .list("themes", \.themes), .list("navigation", \.navigation),
        .list("breadcrumb", \.breadcrumb), .list("flashes", \.flashes),
    ])
}

/// The menu of projects in the top bar.
struct ProjectChooser: TemplateModel {
    let name: String
    let domain: String
    let choices: [Choice]

    static let shape = Shape<ProjectChooser>([
        .text("name", \.name), .text("domain", \.domain), .list("choices", \.choices),
    ])
}

struct UserMenu: TemplateModel {
    let name: String

    static let shape = Shape<UserMenu>([.text("name", \.name)])
}

/// One entry of a menu or a drop-down.
struct Choice: TemplateModel, Hashable {
    var value = ""
    let title: String
    var href = ""
    var icon = ""
    var current = false

    static let shape = Shape<Choice>([
        .text("value", \.value), .text("title", \.title), .text("href", \.href), .text("icon", \.icon),
        .flag("current", \.current),
    ])
}

struct BreadcrumbItem: TemplateModel {
    let title: String
    let href: String?

    static let shape = Shape<BreadcrumbItem>([.text("title", \.title), .optionalText("href", \.href)])
}

struct FlashModel: TemplateModel {
    let flash: Flash

    static let shape = Shape<FlashModel>([
        .text("level", \.flash.level.rawValue), .text("text", \.flash.text), .texts("details", \.flash.details),
        .flag("hasDetails") { !$0.flash.details.isEmpty },
    ])
}
