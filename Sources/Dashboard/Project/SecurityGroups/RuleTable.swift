import Networking
import ServiceCore

/// The rules of one group with Horizon's columns.
struct RuleTable {
    static let id = "rules"

    let networking: NetworkingService
    let group: SecurityGroup
    let words: RuleWords
    let visitor: Visitor

    func item(_ id: String) throws -> SecurityGroupRule {
        guard let rule = group.rules.first(where: { $0.id.text == id }) else {
            throw ServiceError.notFound("Security group rule", id)
        }
        return rule
    }

    func definition() -> TableDefinition<SecurityGroupRule> {
        let (networking, context, words) = (networking, visitor.context, words)
        var table = TableDefinition<SecurityGroupRule>(
            id: Self.id, url: .securityGroup(group.id.text), columns: columns(), objectID: { $0.id.text },
            name: words.sentence)
        table.emptyTitle = Message("No rules yet")
        table.emptyText = Message("Nothing passes in either direction.")
        guard networking.canChange(group, as: context) else { return table }
        table.rowActions = { _ in [.perform("delete")] }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Rule"), batchTitle: Message("Delete Rules"), isDestructive: true,
                help: Message("What the rule lets through is stopped at once."),
                done: Message("Deleted rule: {names}"), failed: Message("Unable to delete rule: {names}")
            ) { try networking.deleteSecurityGroupRule(ID($0), as: context) }
        ]
        table.links = [TableLink(title: Message("Add Rule"), url: .addSecurityGroupRule(group.id.text))]
        return table
    }

    private func columns() -> [Column<SecurityGroupRule>] {
        let (wording, words) = (visitor.wording, words)
        return [
            Column(name: "direction", title: Message("Direction")) { rule in
                .text(rule.direction == .ingress ? wording(Message("Ingress")) : wording(Message("Egress")))
            },
            Column(name: "ethertype", title: Message("Ether Type")) { .text($0.etherType.rawValue) },
            Column(name: "ip_protocol", title: Message("IP Protocol")) {
                .text($0.protocolName?.uppercased() ?? wording(Message("Any")))
            },
            Column(name: "port_range", title: Message("Port Range"), order: Self.byPort) {
                .text($0.portRange ?? wording(Message("Any")))
            },
            Column(name: "remote_ip_prefix", title: Message("Remote IP Prefix")) { rule in
                .text(rule.remoteGroupID == nil ? rule.shownPrefix : "–")
            },
            Column(name: "remote_group", title: Message("Remote Security Group")) { rule in
                rule.remoteGroupID.map { .link(words.name(of: $0), .securityGroup($0.text)) } ?? .text("–")
            },
            Column(name: "description", title: Message("Description")) {
                .text($0.description.isEmpty ? "–" : $0.description)
            },
        ]
    }

    private static let byPort: @Sendable (SecurityGroupRule, SecurityGroupRule) -> Bool = {
        ($0.portRangeMin ?? -1, $0.portRangeMax ?? -1) < ($1.portRangeMin ?? -1, $1.portRangeMax ?? -1)
    }
}

extension SecurityGroupRule {
    /// "22 (SSH)", "5000 – 5010"; for ICMP the type and the code; nil for all.
    fileprivate var portRange: String? {
        guard let first = portRangeMin else { return nil }
        guard let last = portRangeMax else { return "\(first)" }
        guard first == last else { return "\(first) – \(last)" }
        return RuleTemplate.service(of: protocolName, port: first).map { "\(first) (\($0))" } ?? "\(first)"
    }

    /// Anybody is shown as the block of all addresses.
    fileprivate var shownPrefix: String { remoteIPPrefix?.description ?? (etherType == .ipv4 ? "0.0.0.0/0" : "::/0") }
}
