import Identity
import Markup
import ServiceCore

extension Site {
    private static let stylesheets = [
        "css/base.css", "css/chrome.css", "css/table.css", "css/form.css", "css/instance.css", "css/chart.css",
        "css/console.css", "css/pools.css", "css/topology.css", "css/network.css",
        "css/lanes.css",
    ]
    private static let scripts = ["js/dashboard.js", "js/menu.js", "js/live.js"]

    /// The frame around a page of somebody who is logged in.
    func chrome(_ head: PageHead, _ visitor: Visitor) -> Chrome {
        let session = visitor.session
        let chooser = session.projectName.map { name in
            ProjectChooser(
                name: name, domain: session.domainName,
                choices: visitor.projects.map { project in
                    Choice(
                        title: project.name, href: SiteURL.switchProject(project.id).description,
                        current: project.id == session.projectID)
                })
        }
        return chrome(
            head, visitor.reader, project: chooser, user: UserMenu(name: session.userName),
            navigation: NavigationSection.all(
                for: visitor, current: head.panel, features: configuration.networkFeatures))
    }

    /// The frame around a page for anybody: without navigation.
    func chrome(
        _ head: PageHead, _ reader: Reader, project: ProjectChooser? = nil, user: UserMenu? = nil,
        navigation: [NavigationSection] = []
    ) -> Chrome {
        let wording = reader.wording
        return Chrome(
            language: wording.language.tag == "zh-hans" ? "zh-Hans" : wording.language.tag,
            theme: reader.preferences.theme == .auto ? nil : reader.preferences.theme.rawValue,
            title: head.trail.last?.title ?? "", stylesheets: Self.stylesheets.map(configuration.staticURL),
            scripts: (Self.scripts + head.scripts).map(configuration.staticURL), refreshes: head.refreshes,
            events: user == nil ? nil : SiteURL.events.description, csrf: FormToken.masked(reader.csrfToken),
            here: reader.here,
            banner: configuration.banner.map(wording.callAsFunction), project: project, user: user,
            languages: Choice.languages(current: wording.language),
            themes: Choice.themes(current: reader.preferences.theme, wording), navigation: navigation,
            breadcrumb: head.trail.count < 2
                ? [] : head.trail.map { BreadcrumbItem(title: $0.title, href: $0.url?.description) },
            flashes: reader.flashes.map(FlashModel.init))
    }
}

extension Choice {
    /// Each language in its own words: nobody should have to read another to find it.
    static func languages(current: Language) -> [Choice] {
        Language.supported.map { language in
            Choice(
                value: language.tag, title: language == .simplifiedChinese ? "简体中文" : "English",
                current: language == current)
        }
    }

    static func themes(current: Preferences.Theme, _ wording: Wording) -> [Choice] {
        let titles: [(Preferences.Theme, Message, String)] = [
            (.auto, Message("Like the system"), "auto"), (.light, Message("Light"), "sun"),
            (.dark, Message("Dark"), "moon"),
        ]
        return titles.map { theme, title, icon in
            Choice(value: theme.rawValue, title: wording(title), icon: icon, current: theme == current)
        }
    }
}
