import Networking
import ServiceCore

/// The list of RBAC policies, with Horizon's columns.
struct RBACPolicyTable {
    let networking: NetworkingService
    let visitor: Visitor
    let names: RBACNames

    func definition() -> TableDefinition<RBACPolicy> {
        let (networking, context, names) = (networking, visitor.context, names)
        var table = TableDefinition<RBACPolicy>(
            id: "rbac_policies", url: .rbacPolicies,
            columns: [
                Column(name: "project", title: Message("Project")) { .text(names.project($0.projectID)) },
                Column(name: "id", title: Message("ID")) { .name($0.id.text, .rbacPolicy($0.id.text)) },
                Column(name: "object_type", title: Message("Object Type")) { .text(names.kind($0)) },
                Column(name: "object", title: Message("Object")) { names.object($0) },
                Column(name: "target", title: Message("Target Project")) { .text(names.project($0.targetProject)) },
            ], objectID: { $0.id.text }, name: { $0.id.text })
        table.filters = [
            .contains("project", Message("Project")) { names.project($0.projectID) },
            .contains("target", Message("Target Project")) { names.project($0.targetProject) },
        ]
        table.rowActions = { policy in
            [.open(Message("Edit Policy"), .updateRBACPolicy(policy.id.text)), .perform("delete")]
        }
        table.actions = [
            TableAction(
                name: "delete", title: Message("Delete RBAC Policy"), batchTitle: Message("Delete RBAC Policies"),
                isDestructive: true, done: Message("Deleted RBAC policy: {names}"),
                failed: Message("Unable to delete RBAC policy: {names}")
            ) { try networking.deleteRBACPolicy(ID($0), as: context) }
        ]
        table.links = [TableLink(title: Message("Create RBAC Policy"), url: .createRBACPolicy)]
        table.emptyTitle = Message("No RBAC policies yet")
        table.emptyText = Message("A policy lets one project use what another one owns.")
        return table
    }
}

/// What the projects and objects of policies are called.
struct RBACNames: Sendable {
    private let projects: [String: String]
    private let objects: [String: (name: String, url: SiteURL?)]
    private let wording: Wording

    init(_ site: Site, _ visitor: Visitor) throws {
        projects = try site.projectNames(visitor.context)
        wording = visitor.wording
        var objects: [String: (name: String, url: SiteURL?)] = [:]
        let choices = try RBACObjects(site, visitor)
        for network in choices.networks {
            objects[network.id.text] = (network.displayName, .network(.admin, network.id.text))
        }
        for group in choices.groups { objects[group.id.text] = (group.displayName, .securityGroup(group.id.text)) }
        for pool in choices.pools { objects[pool.id.text] = (pool.displayName, nil) }
        for scope in choices.scopes { objects[scope.id.text] = (scope.name, nil) }
        self.objects = objects
    }

    func project(_ id: String) -> String { projects[id] ?? id }

    func object(_ policy: RBACPolicy) -> Cell {
        guard let object = objects[policy.objectID] else { return .code(policy.objectID) }
        return object.url.map { .link(object.name, $0) } ?? .text(object.name)
    }

    /// "Shared Network", as the form calls it.
    func kind(_ policy: RBACPolicy) -> String {
        let kind = RBACKind.allCases.first { $0.object == policy.objectType && $0.action == policy.action }
        return kind.map { wording($0.title) } ?? policy.objectType.rawValue
    }
}
