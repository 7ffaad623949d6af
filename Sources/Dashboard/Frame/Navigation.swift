import Markup
import ServiceCore

/// One dashboard in the navigation: Project, Admin.
struct NavigationSection: TemplateModel {
    let title: String
    let open: Bool
    let groups: [NavigationGroup]

    static let shape = Shape<NavigationSection>([
        .text("title", \.title), .flag("open", \.open), .list("groups", \.groups),
    ])
}

struct NavigationGroup: TemplateModel {
    let id: String
    let title: String
    let links: [NavigationLink]

    static let shape = Shape<NavigationGroup>([
        .text("id", \.id), .text("title", \.title), .list("links", \.links),
    ])
}

struct NavigationLink: TemplateModel {
    let title: String
    let href: String
    let current: Bool

    static let shape = Shape<NavigationLink>([
        .text("title", \.title), .text("href", \.href), .flag("current", \.current),
    ])
}

/// One entry of the navigation. Page families list theirs in ``Panel/all``: only panels that exist are shown.
struct Panel: Sendable {
    let area: Area
    let group: Message
    let title: Message
    let url: SiteURL
    /// The same page under the name of a group where older releases had it; never marked as the current one.
    var isAlias = false
    /// Of the panels that go with `enable_router`.
    var needsRouters = false

    /// In the order of Horizon's navigation.
    static let all: [Panel] = [
        Panel(area: .project, group: Message("Compute"), title: Message("Overview"), url: .overview(.project)),
        Panel(area: .project, group: Message("Compute"), title: Message("Instances"), url: .instances(.project)),
        Panel(area: .project, group: Message("Compute"), title: Message("Images"), url: .images(.project)),
        Panel(area: .project, group: Message("Compute"), title: Message("Key Pairs"), url: .keyPairs),
        Panel(area: .project, group: Message("Compute"), title: Message("Server Groups"), url: .serverGroups),
        Panel(
            area: .project, group: Message("Network"), title: Message("Network Topology"), url: .networkTopology,
            needsRouters: true),
        Panel(area: .project, group: Message("Network"), title: Message("Networks"), url: .networks(.project)),
        Panel(
            area: .project, group: Message("Network"), title: Message("Routers"), url: .routers(.project),
            needsRouters: true),
        Panel(area: .project, group: Message("Network"), title: Message("Security Groups"), url: .securityGroups),
        Panel(
            area: .project, group: Message("Network"), title: Message("Floating IPs"), url: .floatingIPs(.project),
            needsRouters: true),
        Panel(area: .admin, group: Message("Compute"), title: Message("Hypervisors"), url: .hypervisors),
        Panel(area: .admin, group: Message("Compute"), title: Message("Host Aggregates"), url: .aggregates),
        Panel(area: .admin, group: Message("Compute"), title: Message("Instances"), url: .instances(.admin)),
        Panel(area: .admin, group: Message("Compute"), title: Message("Flavors"), url: .flavors),
        Panel(area: .admin, group: Message("Compute"), title: Message("Images"), url: .images(.admin)),
        Panel(area: .admin, group: Message("Network"), title: Message("Networks"), url: .networks(.admin)),
        Panel(
            area: .admin, group: Message("Network"), title: Message("Routers"), url: .routers(.admin),
            needsRouters: true),
        Panel(
            area: .admin, group: Message("Network"), title: Message("Floating IPs"), url: .floatingIPs(.admin),
            needsRouters: true),
        Panel(area: .admin, group: Message("Network"), title: Message("RBAC Policies"), url: .rbacPolicies),
        Panel(
            area: .admin, group: Message("System"), title: Message("Networks"), url: .networks(.admin), isAlias: true),
        Panel(
            area: .admin, group: Message("System"), title: Message("System Information"), url: .systemInformation),
    ]
}

extension Area {
    var title: Message {
        switch self {
        case .project: Message("Project")
        case .admin: Message("Admin")
        }
    }
}

extension NavigationSection {
    /// The dashboards this visitor may open, with the current panel marked.
    static func all(
        for visitor: Visitor, current: SiteURL?, features: NetworkFeatures
    ) -> [NavigationSection] {
        Area.allCases.filter { $0 == .project || visitor.context.isAdmin }.map { area in
            let panels = Panel.all.filter { $0.area == area && (features.enableRouter || !$0.needsRouters) }
            var groups: [(title: Message, panels: [Panel])] = []
            for panel in panels {
                if groups.last?.title == panel.group {
                    groups[groups.count - 1].panels.append(panel)
                } else {
                    groups.append((panel.group, [panel]))
                }
            }
            return NavigationSection(
                title: visitor.text(area.title), open: true,
                groups: groups.map { group in
                    NavigationGroup(
                        id: "nav-\(area)-\(group.title.text.lowercased())", title: visitor.text(group.title),
                        links: group.panels.map { panel in
                            NavigationLink(
                                title: visitor.text(panel.title), href: panel.url.description,
                                current: panel.url == current && !panel.isAlias)
                        })
                })
        }
    }
}
