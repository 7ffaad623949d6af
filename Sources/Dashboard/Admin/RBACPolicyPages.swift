import HTTP
import Markup
import Networking
import ServiceCore

/// RBAC policies: who may use what another project owns.
struct RBACPolicyPages: Sendable {
    private let site: Site
    private let tables: TableActions
    private let list: View<TableContent>
    private let view: View<NetworkDetailContent>
    private let formView: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site, _ tables: TableActions) throws {
        self.site = site
        self.tables = tables
        list = try site.view("table", of: TableContent.self)
        view = try site.view("project/networks/detail", of: NetworkDetailContent.self)
        formView = try site.view("form", of: FormContent.self)
    }

    func index(_ request: Request, _ visitor: Visitor) throws -> Response {
        let table = try table(visitor)
        if let row = try tables.row(table, request, visitor, item: { try policy($0, visitor) }) { return row }
        let policies = try networking.rbacPolicies(as: visitor.context)
        let content = TableContent(
            heading: visitor.text(Message("RBAC Policies")), table: table.model(policies, request, visitor))
        return list.page(content, head(visitor), visitor)
    }

    func act(_ request: Request, _ visitor: Visitor) throws -> Response {
        try tables.perform(table(visitor), request, visitor) { try policy($0, visitor) }
    }

    func show(_ request: Request, _ visitor: Visitor) throws -> Response {
        let policy = try found(request, visitor)
        let names = try RBACNames(site, visitor)
        let wording = visitor.wording
        var content = NetworkDetailContent(
            heading: policy.id.text,
            actions: [
                ActionModel(
                    title: visitor.text(Message("Edit Policy")), href: SiteURL.updateRBACPolicy(policy.id.text).path)
            ],
            tabs: [
                TabModel(
                    title: visitor.text(Message("Overview")), href: SiteURL.rbacPolicy(policy.id.text).path,
                    current: true)
            ])
        content.overview = Facts(facts: [
            Cell.code(policy.id.text).labelled(wording(Message("ID"))),
            Cell.text(names.project(policy.projectID)).labelled(wording(Message("Project"))),
            Cell.text(names.kind(policy)).labelled(wording(Message("Object Type"))),
            names.object(policy).labelled(wording(Message("Object"))),
            Cell.code(policy.action.rawValue).labelled(wording(Message("Action"))),
            Cell.text(names.project(policy.targetProject)).labelled(wording(Message("Target Project"))),
        ])
        return view.page(content, head(visitor, Crumb(policy.id.text)), visitor)
    }

    func showCreate(_ request: Request, _ visitor: Visitor) throws -> Response {
        try networking.require(.createRBACPolicy, as: visitor.context)
        return try createPage(RBACPolicyForm(input: FormData([])), .none(visitor.wording), visitor)
    }

    func create(_ request: Request, _ visitor: Visitor) throws -> Response {
        let form = RBACPolicyForm(input: request.form)
        do {
            _ = try networking.createRBACPolicy(form.newPolicy(), as: visitor.context)
            return done(Message("RBAC Policy was successfully created."), request, visitor)
        } catch {
            guard let faults = Faults(error, visitor.wording) ?? .missing(error, visitor.wording) else { throw error }
            return try createPage(form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    func showUpdate(_ request: Request, _ visitor: Visitor) throws -> Response {
        let policy = try found(request, visitor)
        let form = FormData([("target_tenant", policy.targetProject)])
        return try updatePage(form, .none(visitor.wording), policy, visitor)
    }

    func update(_ request: Request, _ visitor: Visitor) throws -> Response {
        let policy = try found(request, visitor)
        do {
            let target = request.form["target_tenant"] ?? ""
            guard !target.isEmpty else {
                throw ServiceError.invalid([
                    Violation(field: "target_project", code: "required", message: Message("Choose a project."))
                ])
            }
            _ = try networking.updateRBACPolicy(policy.id, targetProject: target, as: visitor.context)
            return done(
                Message("RBAC Policy {id} was successfully updated.", ["id": policy.id.text]), request, visitor)
        } catch {
            guard let faults = Faults(error, visitor.wording) else { throw error }
            return try updatePage(request.form, faults, policy, visitor, status: ErrorPages.status(of: error))
        }
    }
}

extension RBACPolicyPages {
    private func table(_ visitor: Visitor) throws -> TableDefinition<RBACPolicy> {
        RBACPolicyTable(networking: networking, visitor: visitor, names: try RBACNames(site, visitor)).definition()
    }

    private func found(_ request: Request, _ visitor: Visitor) throws -> RBACPolicy {
        try networking.rbacPolicy(request.id("rbac_policy_id", of: "RBAC policy"), as: visitor.context)
    }

    private func policy(_ id: String, _ visitor: Visitor) throws -> RBACPolicy {
        guard let known = ID<RBACPolicy>(untrusted: id) else { throw ServiceError.notFound("RBAC policy", id) }
        return try networking.rbacPolicy(known, as: visitor.context)
    }

    private func done(_ text: Message, _ request: Request, _ visitor: Visitor) -> Response {
        site.seeOther(.rbacPolicies, Flash(.success, visitor.text(text)), secure: request.isSecure)
    }

    private func createPage(
        _ form: RBACPolicyForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: form.input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Create RBAC Policy"))
        let content = FormContent(
            heading: heading, action: SiteURL.createRBACPolicy.path, verb: visitor.text(Message("Create")),
            cancel: SiteURL.rbacPolicies.path, problem: faults.problem,
            fields: form.fields(fields, try site.projectChoices(visitor.context), try RBACObjects(site, visitor)),
            notes: [
                visitor.text(Message("A policy lets one project use what another one owns.")),
                visitor.text(Message("What the target project has made with it keeps the policy from being deleted.")),
            ])
        return formView.page(content, head(visitor, Crumb(heading)), visitor, status: status)
    }

    private func updatePage(
        _ input: FormData, _ faults: Faults, _ policy: RBACPolicy, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let fields = FormFields(input: input, faults: faults, wording: visitor.wording)
        let heading = visitor.text(Message("Edit Policy"))
        let content = FormContent(
            heading: heading, action: SiteURL.updateRBACPolicy(policy.id.text).path,
            verb: visitor.text(Message("Save Changes")), cancel: SiteURL.rbacPolicies.path, problem: faults.problem,
            fields: [RBACPolicyForm.target(fields, try site.projectChoices(visitor.context))])
        let name = Crumb(policy.id.text, .rbacPolicy(policy.id.text))
        return formView.page(content, head(visitor, name, Crumb(heading)), visitor, status: status)
    }

    private func head(_ visitor: Visitor, _ more: Crumb...) -> PageHead {
        .admin(.rbacPolicies, Message("Network"), Message("RBAC Policies"), visitor, more)
    }
}
