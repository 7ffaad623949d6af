import HTTP
import Markup
import Networking
import ServiceCore

/// The security groups of a project: list, create, edit, delete, and the page of each, where its rules are managed.
struct SecurityGroupPages: Sendable {
    private let site: Site
    private let tables: TableActions
    private let list: View<TableContent>
    private let formView: View<FormContent>
    private let detailView: View<SecurityGroupContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ tables: TableActions) throws {
        self.site = site
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        formView = try site.view("form", of: FormContent.self)
        detailView = try site.view("project/security_groups/detail", of: SecurityGroupContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = SecurityGroupTable(networking: networking, visitor: visitor)
        let groups = try table.items()
        if let row = try tables.row(table.definition(groups), request, visitor, item: table.item) { return row }
        let content = TableContent(
            heading: visitor.text(Message("Security Groups")),
            table: table.definition(groups).model(groups, request, visitor))
        return list.page(content, .securityGroups(visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = SecurityGroupTable(networking: networking, visitor: visitor)
        return try tables.perform(table.definition([]), request, visitor, item: table.item)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try networking.require(.createSecurityGroup, as: visitor.context)
        return createPage(FormData([]), .none(visitor.wording), visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        do {
            var new = NewSecurityGroup(name: request.form["name"] ?? "")
            new.description = request.form["description"] ?? ""
            let group = try networking.createSecurityGroup(new, as: visitor.context)
            let text = Message("Successfully created security group: {name}", ["name": group.displayName])
            // What is to be done next: a new group lets nothing in.
            return site.seeOther(
                .securityGroup(group.id.text), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return createPage(request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try found(request, visitor)
        let input = FormData([("name", group.name), ("description", group.description)])
        return updatePage(group, input, .none(visitor.wording), visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try found(request, visitor)
        do {
            if let refusal = group.editRefusal { throw ServiceError.conflict(code: "default", refusal) }
            var update = SecurityGroupUpdate()
            update.name = request.form["name"] ?? ""
            update.description = request.form["description"] ?? ""
            let changed = try networking.updateSecurityGroup(group.id, update, as: visitor.context)
            let text = Message("Successfully updated security group: {name}", ["name": changed.displayName])
            return site.seeOther(.securityGroups, Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return updatePage(group, request.form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    private func found(_ request: Request, _ visitor: Visitor) throws -> SecurityGroup {
        try networking.securityGroup(request.id("security_group_id", of: "Security group"), as: visitor.context)
    }
}

/// The page of one group.
extension SecurityGroupPages {
    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try found(request, visitor)
        let words = RuleWords(try networking.securityGroups(as: visitor.context), visitor.wording)
        let rules = RuleTable(networking: networking, group: group, words: words, visitor: visitor)
        let table = SecurityGroupTable(networking: networking, visitor: visitor).definition([group])
        let content = SecurityGroupContent(
            id: group.id.text, heading: group.displayName, description: group.description,
            actions: Array(table.row(group, visitor.wording).actions.dropFirst()),
            reach: ReachModel(group, words), table: rules.definition().model(group.rules, request, visitor))
        return detailView.page(content, .securityGroups(visitor, Crumb(group.displayName)), visitor)
    }

    /// The forms of the table of rules.
    func actOnRules(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try found(request, visitor)
        let words = RuleWords(try networking.securityGroups(as: visitor.context), visitor.wording)
        let rules = RuleTable(networking: networking, group: group, words: words, visitor: visitor)
        return try tables.perform(rules.definition(), request, visitor, item: rules.item)
    }

    private func createPage(
        _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let heading = visitor.text(Message("Create Security Group"))
        let content = FormContent(
            heading: heading, action: SiteURL.createSecurityGroup.path, verb: heading,
            cancel: SiteURL.securityGroups.path, problem: faults.problem, fields: Self.fields(input, faults, visitor),
            notes: [
                visitor.text(
                    Message(
                        "Security groups are sets of IP filter rules that are applied to network interfaces of a VM. After the security group is created, you can add rules to the security group."
                    )), visitor.text(Message("A new group lets everything out and nothing in.")),
            ])
        return formView.page(content, .securityGroups(visitor, Crumb(heading)), visitor, status: status)
    }

    private func updatePage(
        _ group: SecurityGroup, _ input: FormData, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) -> Response {
        let heading = visitor.text(Message("Edit Security Group"))
        let content = FormContent(
            heading: heading, action: SiteURL.updateSecurityGroup(group.id.text).path, verb: heading,
            cancel: SiteURL.securityGroups.path, problem: faults.problem ?? group.editRefusal.map(visitor.text),
            fields: Self.fields(input, faults, visitor),
            notes: [
                visitor.text(
                    Message(
                        "Security groups are sets of IP filter rules that are applied to network interfaces of a VM. You can edit the name and its description of the security group."
                    ))
            ], isBlocked: group.editRefusal != nil)
        let crumb = Crumb(group.displayName, .securityGroup(group.id.text))
        return formView.page(content, .securityGroups(visitor, crumb, Crumb(heading)), visitor, status: status)
    }

    private static func fields(_ input: FormData, _ faults: Faults, _ visitor: Visitor) -> [FormField] {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        var name = fields.text("name", Message("Name"), required: true)
        name.takesFocus = true
        return [name, fields.text("description", Message("Description"))]
    }
}

/// One security group as its template sees it.
struct SecurityGroupContent: TemplateModel {
    let id: String
    let heading: String
    let description: String
    let actions: [ActionModel]
    let reach: ReachModel
    let table: TableModel

    static let shape = Shape<SecurityGroupContent>([
        .text("id", \.id), .text("heading", \.heading), .text("name", \.heading), .text("description", \.description),
        .optional("firstAction", \.actions.first), .list("menuActions") { Array($0.actions.dropFirst()) },
        .flag("hasMenu") { $0.actions.count > 1 }, .flag("hasActions") { !$0.actions.isEmpty },
        .object("reach", \.reach), .object("table", \.table), .text("back") { _ in SiteURL.securityGroups.path },
    ])
}

/// Who may reach those that have a group, and whom they may reach: at one glance.
struct ReachModel: TemplateModel {
    let incoming: [Cell.Line]
    let outgoing: [Cell.Line]

    static let shape = Shape<ReachModel>([
        .list("incoming", \.incoming), .list("outgoing", \.outgoing), .flag("nothingIn") { $0.incoming.isEmpty },
        .flag("nothingOut") { $0.outgoing.isEmpty },
    ])

    init(_ group: SecurityGroup, _ words: RuleWords) {
        incoming = words.lines(group.rules, .ingress)
        outgoing = words.lines(group.rules, .egress)
    }
}
