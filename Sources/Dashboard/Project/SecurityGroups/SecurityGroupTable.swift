import Networking
import ServiceCore

/// The security groups of a project with Horizon's columns, and what each lets in.
struct SecurityGroupTable {
    let networking: NetworkingService
    let visitor: Visitor

    /// How many lines of what a group lets in a row has room for.
    private static let linesShown = 4

    func items() throws -> [SecurityGroup] { try networking.securityGroups(as: visitor.context) }

    func item(_ id: String) throws -> SecurityGroup {
        guard let known = ID<SecurityGroup>(untrusted: id) else { throw ServiceError.notFound("Security group", id) }
        return try networking.securityGroup(known, as: visitor.context)
    }

    /// - Parameter groups: all there are, whose names rules mention.
    func definition(_ groups: [SecurityGroup]) -> TableDefinition<SecurityGroup> {
        let (networking, context) = (networking, visitor.context)
        var table = TableDefinition<SecurityGroup>(
            id: "security_groups", url: .securityGroups, columns: columns(RuleWords(groups, visitor.wording)),
            objectID: { $0.id.text }, name: \.displayName)
        table.liveKind = "security_group"
        table.filters = [
            .contains("name", Message("Name"), \.displayName), .contains("id", Message("ID"), \.id.text),
            .contains("description", Message("Description"), \.description),
        ]
        table.emptyTitle = Message("No security groups yet")
        table.emptyText = Message("A security group says what may reach the instances that have it.")
        table.rowActions = { group in
            let id = group.id.text
            guard networking.canChange(group, as: context) else {
                return [.open(Message("Manage Rules"), .securityGroup(id))]
            }
            return [
                .open(Message("Manage Rules"), .securityGroup(id)),
                .open(Message("Edit Security Group"), .updateSecurityGroup(id), refused: group.editRefusal),
                .perform("delete", refused: group.deleteRefusal),
            ]
        }
        guard networking.may(.createSecurityGroup, as: context) else { return table }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete Security Group"), batchTitle: Message("Delete Security Groups"),
                isDestructive: true, help: Message("Rules of other groups that name it go with it."),
                done: Message("Deleted security group: {names}"),
                failed: Message("Unable to delete security group: {names}")
            ) { id in
                if let refusal = try item(id).deleteRefusal { throw ServiceError.conflict(code: "default", refusal) }
                try networking.deleteSecurityGroup(ID(id), as: context)
            }
        ]
        table.links = [TableLink(title: Message("Create Security Group"), url: .createSecurityGroup)]
        return table
    }

    private func columns(_ words: RuleWords) -> [Column<SecurityGroup>] {
        let wording = visitor.wording
        return [
            Column(name: "name", title: Message("Name")) { .name($0.displayName, .securityGroup($0.id.text)) },
            Column(name: "id", title: Message("Security Group ID"), isMinor: true) { .code($0.id.text) },
            Column(name: "description", title: Message("Description")) { .text($0.description) },
            Column(name: "lets_in", title: Message("Lets In"), isSortable: false) { group in
                let lines = words.lines(group.rules, .ingress)
                guard !lines.isEmpty else { return .text(wording(Message("Nothing"))) }
                let hidden = lines.count - Self.linesShown
                guard hidden > 1 else { return .lines(lines) }
                return .lines(
                    lines.prefix(Self.linesShown)
                        + [Cell.Line(text: wording(Message("and {count} more", ["count": "\(hidden)"])))])
            },
            Column(name: "shared", title: Message("Shared")) { .text(wording.yesNo($0.shared)) },
        ]
    }
}

extension SecurityGroup {
    /// Why it cannot be edited.
    var editRefusal: Message? { isDefault ? Message("The default security group cannot be edited.") : nil }
    /// Why it cannot be deleted; whether ports have it is asked when it is tried.
    var deleteRefusal: Message? { isDefault ? Message("The default security group cannot be deleted.") : nil }
}
