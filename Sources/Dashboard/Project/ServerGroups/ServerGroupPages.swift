import Compute
import HTTP
import Markup
import ServiceCore

/// The server groups of a project: list, create, one of them, delete.
struct ServerGroupPages: Sendable {
    private let site: Site
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<FormContent>
    private let detailView: View<ServerGroupContent>

    private var compute: ComputeService { site.services.compute }

    init(_ site: Site, _ tables: TableActions) throws {
        self.site = site
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
        detailView = try site.view("project/server_groups/detail", of: ServerGroupContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let groups = try compute.serverGroups(as: visitor.context)
        let content = TableContent(
            heading: visitor.text(Message("Server Groups")), table: table(visitor).model(groups, request, visitor))
        return list.page(content, .serverGroups(visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        try tables.perform(table(visitor), request, visitor) { try group($0, visitor) }
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try group(request.parameters["server_group_id"], visitor)
        let content = ServerGroupContent(
            heading: group.name, actions: table(visitor).row(group, visitor.wording).actions,
            facts: Self.facts(group, visitor.wording),
            members: Facts(facts: Self.members(group, visitor.wording)))
        return detailView.page(content, .serverGroups(visitor, Crumb(group.name)), visitor)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        guard compute.canChangeServerGroups(as: visitor.context) else {
            throw ServiceError.forbidden("compute:change_server_groups")
        }
        let initial = FormData([("policy", ServerGroupPolicy.antiAffinity.rawValue)])
        return createPage(initial, .none(visitor.wording), visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        do {
            let new = NewServerGroup(
                name: request.form["name"] ?? "", policy: request.form["policy"] ?? "",
                maxServerPerHost: request.form["max_server_per_host"])
            let group = try compute.createServerGroup(new, as: visitor.context)
            let text = Message("Created server group \"{name}\".", ["name": group.name])
            return site.seeOther(.serverGroups, Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return createPage(request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func group(_ id: String, _ visitor: Visitor) throws -> ServerGroup {
        guard let known = ID<ServerGroup>(untrusted: id) else { throw ServiceError.notFound("Server group", id) }
        return try compute.serverGroup(known, as: visitor.context)
    }

    private func table(_ visitor: Visitor) -> TableDefinition<ServerGroup> {
        let (context, compute, wording) = (visitor.context, compute, visitor.wording)
        var table = TableDefinition<ServerGroup>(
            id: "server_groups", url: .serverGroups,
            columns: [
                Column(name: "name", title: Message("Name")) { .name($0.name, .serverGroup($0.id.text)) },
                Column(name: "id", title: Message("ID")) { .code($0.id.text) },
                Column(name: "policy", title: Message("Policy")) { .text(wording($0.policy.label)) },
                Column(name: "members", title: Message("Members"), order: { $0.members.count < $1.members.count }) {
                    .text("\($0.members.count)")
                },
            ], objectID: { $0.id.text }, name: \.name)
        table.filters = [
            .contains("name", Message("Name"), \.name), .contains("id", Message("ID"), \.id.text),
            .contains("policy", Message("Policy")) { $0.policy.rawValue + " " + wording($0.policy.label) },
        ]
        table.emptyTitle = Message("No server groups yet")
        table.emptyText = Message("A server group keeps its instances on one host, or on different ones.")
        guard compute.canChangeServerGroups(as: context) else { return table }
        table.rowActions = { _ in [.perform("delete")] }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Server Group"), batchTitle: Message("Delete Server Groups"),
                isDestructive: true, help: Message("The instances of the group stay where they are."),
                done: Message("Deleted server group: {names}"),
                failed: Message("Unable to delete server group: {names}")
            ) { try compute.deleteServerGroup(ID($0), as: context) }
        ]
        table.links = [TableLink(title: Message("Create Server Group"), url: .createServerGroup)]
        return table
    }

    private func createPage(
        _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let wording = visitor.wording
        let fields = FormFields(input: input, faults: faults, wording: wording)
        let heading = wording(Message("Create Server Group"))
        let policies = ServerGroupPolicy.allCases.map { Choice(value: $0.rawValue, title: wording($0.label)) }
        let content = FormContent(
            heading: heading, action: SiteURL.createServerGroup.path, verb: heading, cancel: SiteURL.serverGroups.path,
            problem: faults.problem,
            fields: [
                fields.text("name", Message("Name"), required: true),
                fields.select("policy", Message("Policy"), policies),
                fields.text(
                    "max_server_per_host", Message("Most instances on one host"),
                    help: Message("Only with the policy Anti Affinity. Empty: one.")),
            ],
            notes: ServerGroupPolicy.allCases.map { wording($0.label) + ": " + wording($0.explanation) })
        return formView.page(content, .serverGroups(visitor, Crumb(heading)), visitor, status: status)
    }

    private static func facts(_ group: ServerGroup, _ wording: Wording) -> [Cell] {
        var facts = [
            Cell.text(group.name).labelled(wording(Message("Name"))),
            Cell.code(group.id.text).labelled(wording(Message("ID"))),
            Cell.text(wording(group.policy.label)).labelled(wording(Message("Policy"))),
        ]
        if group.policy == .antiAffinity {
            facts.append(
                Cell.text("\(group.maxServerPerHost ?? 1)").labelled(wording(Message("Most instances on one host"))))
        }
        return facts + [
            Cell.code(group.projectID).labelled(wording(Message("Project ID"))),
            Cell.code(group.userID).labelled(wording(Message("User ID"))),
            Cell.text(wording.time(group.createdAt)).labelled(wording(Message("Created"))),
        ]
    }

    private static func members(_ group: ServerGroup, _ wording: Wording) -> [Cell] {
        guard !group.members.isEmpty else {
            return [Cell.text(wording(Message("None"))).labelled(wording(Message("Members")))]
        }
        return group.members.map { member in
            Cell.code(member.id.text).link(.instance(.project, member.id.text)).labelled(member.name)
        }
    }
}

/// One server group as its template sees it.
struct ServerGroupContent: TemplateModel {
    let heading: String
    let actions: [ActionModel]
    let facts: [Cell]
    let members: Facts

    static let shape = Shape<ServerGroupContent>([
        .text("heading", \.heading), .text("name", \.heading),
        .optional("firstAction", \.actions.first), .list("menuActions") { Array($0.actions.dropFirst()) },
        .flag("hasMenu") { $0.actions.count > 1 }, .flag("hasActions") { !$0.actions.isEmpty },
        .list("facts", \.facts), .object("members", \.members), .text("back") { _ in SiteURL.serverGroups.path },
    ])
}

extension ServerGroupPolicy {
    /// The policy in Horizon's words.
    var label: Message {
        switch self {
        case .affinity: Message("Affinity")
        case .antiAffinity: Message("Anti Affinity")
        case .softAffinity: Message("Soft Affinity")
        case .softAntiAffinity: Message("Soft Anti Affinity")
        }
    }

    /// What it does.
    fileprivate var explanation: Message {
        switch self {
        case .affinity: Message("all instances on one host; a launch that does not fit there fails.")
        case .antiAffinity: Message("every instance on another host; a launch that finds none fails.")
        case .softAffinity: Message("on one host as long as there is room.")
        case .softAntiAffinity: Message("on different hosts as far as there are enough.")
        }
    }
}

/// Horizon's addresses of server groups.
extension SiteURL {
    static let serverGroups = SiteURL("project", "server_groups")
    static let createServerGroup = serverGroups.below("create")
    static func serverGroup(_ id: String = "{server_group_id}") -> SiteURL { serverGroups.below(id) }
}

extension PageHead {
    /// The trail of a page of server groups.
    static func serverGroups(_ visitor: Visitor, _ more: Crumb...) -> PageHead {
        let trail = [
            Crumb(visitor.text(Area.project.title)), Crumb(visitor.text(Message("Compute"))),
            Crumb(visitor.text(Message("Server Groups")), more.isEmpty ? nil : .serverGroups),
        ]
        return PageHead(.serverGroups, trail + more)
    }
}
