import Compute
import HTTP
import Markup
import Networking
import ServiceCore

/// Edit Security Groups: which groups all interfaces of an instance have.
struct SecurityGroupsForm: InstanceForm {
    static let action = InstanceAction.editSecurityGroups
    static let template = "project/instances/security_groups"

    func initial(_ desk: InstanceDesk) throws -> FormData {
        let groups = try desk.services.networking.securityGroups(
            ofInstance: desk.instance.id.text, as: desk.context)
        return FormData(groups.map { ("groups", $0.id.text) })
    }

    func content(_ desk: InstanceDesk, _ fields: FormFields) throws -> SecurityGroupsContent {
        let groups = try desk.services.securityGroups(ofProject: desk.instance.projectID, as: desk.context)
        return SecurityGroupsContent(
            heading: desk.wording(Self.action.label), action: desk.url, cancel: desk.cancel,
            problem: desk.problem(fields.faults, shown: ["groups"]), isBlocked: desk.refused != nil,
            help: desk.wording(
                Message(
                    "What any of the chosen groups lets through passes all interfaces of the instance, at once. Without a group nothing passes, and only the console reaches the instance."
                )),
            groups: .securityGroups(groups, named: "groups", chosen: fields.input.values("groups"), fields))
    }

    func send(_ input: FormData, _ desk: InstanceDesk) throws -> FormOutcome {
        try desk.services.compute.setSecurityGroups(input.values("groups"), of: desk.instance.id, as: desk.context)
        return .done(Message("Modified instance \"{name}\".", ["name": desk.instance.name]))
    }
}

/// Edit Security Groups as its template sees it.
struct SecurityGroupsContent: TemplateModel {
    let heading: String
    let action: String
    let cancel: String
    let problem: String?
    let isBlocked: Bool
    let help: String
    let groups: ChoiceTable

    static let shape = Shape<SecurityGroupsContent>([
        .text("heading", \.heading), .text("action", \.action), .text("cancel", \.cancel),
        .optionalText("problem", \.problem), .flag("blocked", \.isBlocked), .text("help", \.help),
        .object("groups", \.groups),
    ])
}

extension DashboardServices {
    /// The groups that a project's instances and ports can have.
    func securityGroups(ofProject projectID: String, as context: RequestContext) throws -> [SecurityGroup] {
        guard projectID != context.projectID else { return try networking.securityGroups(as: context) }
        var filter = SecurityGroupFilter(.everything)
        filter.projectID = projectID
        return try networking.securityGroups(filter, as: context)
    }
}

extension ChoiceTable {
    /// Security groups to have, with what each lets in.
    static func securityGroups(
        _ groups: [SecurityGroup], named name: String, chosen: [String], _ fields: FormFields
    ) -> ChoiceTable {
        let (wording, chosen) = (fields.wording, Set(chosen))
        let words = RuleWords(groups, wording)
        return ChoiceTable(
            name: name, takesSeveral: true,
            columns: [wording(Message("Name")), wording(Message("Description")), wording(Message("Lets In"))],
            rows: groups.map { group in
                let lines = words.lines(group.rules, .ingress)
                return ChoiceRow(
                    name: name, type: "checkbox", value: group.id.text, title: group.displayName,
                    isChosen: chosen.contains(group.id.text),
                    cells: [
                        .text(group.description),
                        lines.isEmpty ? .text(wording(Message("Nothing"))) : .lines(lines),
                    ])
            },
            faults: fields.faults.of(name), empty: wording(Message("There are no security groups.")))
    }
}
