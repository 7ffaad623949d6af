import HTTP
import Markup
import Networking
import ServiceCore

/// Add Rule: the form for one more thing that passes.
struct SecurityGroupRulePages: Sendable {
    private let site: Site
    private let formView: View<FormContent>

    private var networking: NetworkingService { site.services.networking }

    init(_ site: Site) throws {
        self.site = site
        formView = try site.view("form", of: FormContent.self)
    }

    func showAdd(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try group(request, visitor)
        return try page(group, RuleForm.initial, .none(visitor.wording), visitor)
    }

    func add(_ request: Request, _ visitor: Visitor) throws -> Response {
        let group = try group(request, visitor)
        let form = RuleForm(input: request.form)
        do {
            let rule = try networking.createSecurityGroupRule(form.request(for: group.id), as: visitor.context)
            let words = RuleWords(try networking.securityGroups(as: visitor.context), visitor.wording)
            let text = Message("Successfully added rule: {rule}", ["rule": words.sentence(rule)])
            return site.seeOther(
                .securityGroup(group.id.text), Flash(.success, visitor.text(text)), secure: request.isSecure)
        } catch {
            guard let faults = form.faults(error, visitor.wording) else { throw error }
            return try page(group, form, faults, visitor, status: ErrorPages.status(of: error))
        }
    }

    /// A group whose rules the visitor may change.
    private func group(_ request: Request, _ visitor: Visitor) throws -> SecurityGroup {
        let group = try networking.securityGroup(
            request.id("security_group_id", of: "Security group"), as: visitor.context)
        guard networking.canChange(group, as: visitor.context) else {
            throw ServiceError(.forbidden, code: "forbidden", Message("Your role does not allow this."))
        }
        return group
    }

    private func page(
        _ group: SecurityGroup, _ form: RuleForm, _ faults: Faults, _ visitor: Visitor, status: Status = .ok
    ) throws -> Response {
        let groups = try networking.securityGroups(as: visitor.context)
        let fields = form.fields(groups, of: group, faults, visitor.wording)
        let others = faults.others(than: fields.map(\.name))
        let heading = visitor.text(Message("Add Rule"))
        let content = FormContent(
            heading: heading, action: SiteURL.addSecurityGroupRule(group.id.text).path,
            verb: visitor.text(Message("Add")), cancel: SiteURL.securityGroup(group.id.text).path,
            problem: faults.problem ?? (others.isEmpty ? nil : others.joined(separator: " ")), fields: fields,
            notes: Self.notes.map(visitor.text))
        let crumb = Crumb(group.displayName, .securityGroup(group.id.text))
        return formView.page(content, .securityGroups(visitor, crumb, Crumb(heading)), visitor, status: status)
    }

    private static let notes = [
        Message("A rule lets something pass that nothing else lets pass; what no rule names is dropped."),
        Message(
            "Rule: a service that is often wanted, or a custom rule for a protocol with ports, types and codes of your own."
        ),
        Message(
            "Remote: who is on the other side, as a block of IP addresses (CIDR) or as everybody who has a security group."
        ),
        Message("An IPv6 CIDR makes it a rule for IPv6; ICMP is then ICMPv6."),
    ]
}
