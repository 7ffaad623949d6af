import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// The page one lands on: what the project may have, what it has, and its newest instances.
struct OverviewPages: Sendable {
    private static let newest = 10

    private let site: Site
    private let view: View<OverviewContent>

    init(_ site: Site) throws {
        self.site = site
        view = try site.view("project/overview/index", of: OverviewContent.self)
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let project = try visitor.context.requireProject()
        let compute = try site.services.compute.quota(projectID: project, as: visitor.context)
        let network = try site.services.networking.quotas(projectID: project, as: visitor.context)
        let page = try site.services.compute.instances(page: PageRequest(limit: Self.newest), as: visitor.context)
        var table = InstanceTable(site: site, area: .project, visitor: visitor).definition()
        table.filters = []
        // The place for work on several is the list itself.
        for index in table.actions.indices { table.actions[index].batchTitle = nil }
        let content = OverviewContent(
            groups: [.compute(compute, visitor.wording), .network(network.limits, network.used, visitor.wording)],
            table: table.model(Page(items: page.items, next: nil), request, visitor))
        let head = PageHead(
            .overview(.project),
            [Crumb(visitor.text(Area.project.title)), Crumb(visitor.text(Message("Overview")))])
        return view.page(content, head, visitor)
    }
}

struct OverviewContent: TemplateModel {
    let groups: [LimitGroup]
    let table: TableModel

    static let shape = Shape<OverviewContent>([
        .list("groups", \.groups), .object("table", \.table),
        .text("allInstances") { _ in SiteURL.instances(.project).path },
    ])
}

/// The limits of one service.
struct LimitGroup: TemplateModel {
    let title: String
    let rings: [LimitRing]

    static let shape = Shape<LimitGroup>([.text("title", \.title), .list("rings", \.rings)])

    static func compute(_ quota: ComputeQuota, _ wording: Wording) -> LimitGroup {
        LimitGroup(
            title: wording(Message("Compute")),
            rings: [
                LimitRing(Message("Instances"), quota.used.instances, quota.limits.instances, wording),
                LimitRing(Message("vCPUs"), quota.used.cores, quota.limits.cores, wording),
                LimitRing(Message("RAM (MB)"), quota.used.memoryMiB, quota.limits.memoryMiB, wording),
            ])
    }

    static func network(_ limits: QuotaLimits, _ used: QuotaUse, _ wording: Wording) -> LimitGroup {
        let titles = [
            ("network", Message("Networks")), ("subnet", Message("Subnets")), ("port", Message("Ports")),
            ("security_group", Message("Security Groups")), ("security_group_rule", Message("Security Group Rules")),
        ]
        return LimitGroup(
            title: wording(Message("Network")),
            rings: titles.map { LimitRing($1, used[$0], limits[$0] ?? QuotaLimits.unlimited, wording) })
    }
}

/// One limit as a ring that fills.
struct LimitRing: TemplateModel {
    let title: String
    let text: String
    let drawing: SafeHTML

    static let shape = Shape<LimitRing>([.text("title", \.title), .text("text", \.text), .safe("drawing", \.drawing)])

    /// Around a circle of this length in the drawing's units, so that shares are percents.
    private static let whole = 100

    init(_ title: Message, _ used: Int, _ limit: Int, _ wording: Wording) {
        let text =
            limit < 0
            ? wording(Message("Used {used} (No Limit)", ["used": "\(used)"]))
            : wording(Message("Used {used} of {limit}", ["used": "\(used)", "limit": "\(limit)"]))
        self.init(wording(title), text, used, limit)
    }

    /// What there is of something, in a unit.
    init(_ title: Message, used: Int, of total: Int, _ unit: String, _ wording: Wording) {
        let suffix = unit.isEmpty ? "" : " " + unit
        let text = wording(
            Message("Used {used} of {limit}", ["used": "\(used)" + suffix, "limit": "\(total)" + suffix]))
        self.init(wording(title), text, used, total)
    }

    private init(_ title: String, _ text: String, _ used: Int, _ limit: Int) {
        self.title = title
        self.text = text
        let share = limit <= 0 ? 0 : min(Self.whole, used * Self.whole / limit)
        let level = share >= 100 ? "full" : share >= 80 ? "high" : "fine"
        drawing = .element(
            .svg, ["class": "ring", "viewBox": "0 0 36 36", "role": "img", "aria-label": "\(title): \(text)"],
            [
                .element(.circle, ["class": "ring-ground", "cx": "18", "cy": "18", "r": "15.9155"]),
                .element(
                    .circle,
                    [
                        "class": "ring-used \(level)", "cx": "18", "cy": "18", "r": "15.9155",
                        "stroke-dasharray": "\(share) \(Self.whole - share)", "stroke-dashoffset": "25",
                    ]),
            ])
    }
}
