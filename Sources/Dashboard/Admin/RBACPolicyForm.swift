import HTTP
import Networking
import ServiceCore

/// What can be shared as what: one choice in Horizon's form, whose values these are.
enum RBACKind: String, CaseIterable {
    case sharedNetwork = "shared_network"
    case externalNetwork = "external_network"
    case sharedGroup = "shared_security_group"
    case sharedPool = "shared_subnetpool"
    case sharedScope = "shared_address_scope"

    var object: SharedObject {
        switch self {
        case .sharedNetwork, .externalNetwork: .network
        case .sharedGroup: .securityGroup
        case .sharedPool: .subnetPool
        case .sharedScope: .addressScope
        }
    }

    var action: SharingAction { self == .externalNetwork ? .external : .shared }

    var title: Message {
        switch self {
        case .sharedNetwork: Message("Shared Network")
        case .externalNetwork: Message("External Network")
        case .sharedGroup: Message("Shared Security Group")
        case .sharedPool: Message("Shared Subnet Pool")
        case .sharedScope: Message("Shared Address Scope")
        }
    }
}

/// All that can be shared.
struct RBACObjects {
    let networks: [Network]
    let groups: [SecurityGroup]
    let pools: [SubnetPool]
    let scopes: [AddressScope]

    init(_ site: Site, _ visitor: Visitor) throws {
        let (networking, context) = (site.services.networking, visitor.context)
        networks = try networking.networks(as: context, filter: NetworkFilter(.everything))
        groups = try networking.securityGroups(SecurityGroupFilter(.everything), as: context)
        pools = try networking.subnetPools(as: context)
        scopes = try networking.addressScopes(as: context)
    }
}

/// What was typed about an RBAC policy.
struct RBACPolicyForm: Sendable {
    let input: FormData

    private var kind: RBACKind? { input["action_object_type"].flatMap(RBACKind.init) }

    /// - Throws: `ServiceError`: invalid when nothing is chosen to be shared.
    func newPolicy() throws -> NewRBACPolicy {
        var violations: [Violation] = []
        if kind == nil {
            violations.append(
                Violation(
                    field: "action_object_type", code: "required", message: Message("Choose what is to be shared.")))
        }
        let object = kind.flatMap { input[Self.field(of: $0.object)] } ?? ""
        if kind != nil, object.isEmpty {
            violations.append(Violation(field: "object_id", code: "required", message: Message("Choose an object.")))
        }
        if input["target_tenant"]?.isEmpty != false {
            violations.append(
                Violation(field: "target_project", code: "required", message: Message("Choose a project.")))
        }
        guard let kind, violations.isEmpty else { throw ServiceError.invalid(violations) }
        return NewRBACPolicy(
            objectType: kind.object.rawValue, objectID: object, action: kind.action.rawValue,
            targetProject: input["target_tenant"] ?? "")
    }

    private static func field(of object: SharedObject) -> String {
        switch object {
        case .network: "network_id"
        case .securityGroup: "security_group_id"
        case .subnetPool: "subnetpool_id"
        case .addressScope: "address_scope_id"
        }
    }

    static func target(_ fields: FormFields, _ projects: [Choice]) -> FormField {
        fields.select(
            "target_tenant", Message("Target Project"),
            [
                Choice(value: "", title: fields.wording(Message("Select a target project"))),
                Choice(value: RBACPolicy.everybody, title: fields.wording(Message("* (every project)"))),
            ] + projects, violation: "target_project")
    }

    func fields(_ fields: FormFields, _ projects: [Choice], _ objects: RBACObjects) -> [FormField] {
        let wording = fields.wording
        let kinds = fields.select(
            "action_object_type", Message("Action and Object Type"),
            [Choice(value: "", title: wording(Message("Select action and object type")))]
                + RBACKind.allCases.map { Choice(value: $0.rawValue, title: wording($0.title)) })
        let networks = objects.networks.map { Choice(value: $0.id.text, title: $0.displayName) }
        let groups = objects.groups.map { Choice(value: $0.id.text, title: $0.displayName) }
        let pools = objects.pools.map { Choice(value: $0.id.text, title: $0.displayName) }
        let scopes = objects.scopes.map { Choice(value: $0.id.text, title: $0.name) }
        return [
            Self.target(fields, projects), kinds,
            choice(.network, Message("Network"), "of-network", networks, fields),
            choice(.securityGroup, Message("Security Group"), "of-group", groups, fields),
            choice(.subnetPool, Message("Subnet Pool"), "of-pool", pools, fields),
            choice(.addressScope, Message("Address Scope"), "of-scope", scopes, fields),
        ]
    }

    private func choice(
        _ object: SharedObject, _ title: Message, _ group: String, _ objects: [Choice], _ fields: FormFields
    ) -> FormField {
        let first = Choice(value: "", title: fields.wording(Message("Select an object")))
        var field = fields.select(
            Self.field(of: object), title, [first] + objects,
            violation: kind?.object == object ? "object_id" : nil)
        field.group = group
        return field
    }
}
