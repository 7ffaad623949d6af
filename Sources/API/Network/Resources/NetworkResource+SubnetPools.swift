import HTTP
import Networking
import ServiceCore

extension NetworkResource where Item == SubnetPool {
    static func subnetPools(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "subnetpool", plural: "subnetpools", path: "subnetpools", attributes: attributes, id: \.id.text,
            tagged: { ID(untrusted: $0).map(TaggedResource.subnetPool) },
            list: { try networking.subnetPools($0, as: $1) },
            show: { try networking.subnetPool(try identifier($0, "Subnet pool"), as: $1) },
            create: { bodies, context in try networking.createSubnetPools(try bodies.map(newPool), as: context) },
            update: { id, body, seen, context in
                var update = try poolUpdate(body)
                update.revision = seen
                return try networking.updateSubnetPool(try identifier(id, "Subnet pool"), update, as: context)
            },
            delete: { try networking.deleteSubnetPool(try identifier($0, "Subnet pool"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<SubnetPool>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.required, .put]) { $0.name },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("prefixes", [.required, .put]) { $0.prefixes.map(\.description) },
            .init("default_quota", [.post, .put]) { $0.defaultQuota },
            .init("min_prefixlen", [.post, .put]) { $0.lengths.min },
            .init("max_prefixlen", [.post, .put]) { $0.lengths.max },
            .init("default_prefixlen", [.post, .put]) { $0.lengths.standard },
            .init("address_scope_id", [.post, .put]) { $0.addressScopeID?.text },
            .init("ip_version") { $0.version.rawValue },
            .init("shared", .post) { $0.shared },
            .init("is_default", [.post, .put]) { $0.isDefault },
            .init("description", [.post, .put]) { $0.description },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
    }
}

private func newPool(_ body: NetworkBody) throws -> NewSubnetPool {
    var new = NewSubnetPool(
        name: try body.text("name") ?? "", prefixes: try body.list("prefixes") { AddressInput(try $0.text()) } ?? [])
    new.description = try body.text("description") ?? ""
    new.minPrefixLength = try body.typed("min_prefixlen")
    new.maxPrefixLength = try body.typed("max_prefixlen")
    new.defaultPrefixLength = try body.typed("default_prefixlen")
    new.defaultQuota = try body.typed("default_quota")
    new.addressScopeID = try body.id("address_scope_id")
    new.shared = try body.flag("shared") ?? false
    new.isDefault = try body.flag("is_default") ?? false
    new.projectID = try body.owner()
    return new
}

private func poolUpdate(_ body: NetworkBody) throws -> SubnetPoolUpdate {
    var update = SubnetPoolUpdate()
    update.name = try body.text("name")
    update.description = try body.text("description")
    update.prefixes = try body.list("prefixes") { AddressInput(try $0.text()) }
    update.minPrefixLength = try body.typed("min_prefixlen")
    update.maxPrefixLength = try body.typed("max_prefixlen")
    update.defaultPrefixLength = try body.typed("default_prefixlen")
    update.defaultQuota = try body.typed("default_quota")
    if body.has("address_scope_id") { update.scope = try body.id("address_scope_id").map { .scope($0) } ?? .noScope }
    update.isDefault = try body.flag("is_default")
    return update
}

extension NetworkResource where Item == AddressScope {
    static func addressScopes(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "address_scope", plural: "address_scopes", path: "address-scopes", attributes: attributes,
            id: \.id.text,
            list: { try networking.addressScopes($0, as: $1) },
            show: { try networking.addressScope(try identifier($0, "Address scope"), as: $1) },
            create: { bodies, context in try networking.createAddressScopes(try bodies.map(newScope), as: context) },
            update: { id, body, _, context in
                try networking.updateAddressScope(
                    try identifier(id, "Address scope"), name: try body.text("name"), shared: try body.flag("shared"),
                    as: context)
            },
            delete: { id, _, context in
                try networking.deleteAddressScope(try identifier(id, "Address scope"), as: context)
            })
    }

    private static var attributes: [NetworkAttribute<AddressScope>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.required, .put]) { $0.name },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("shared", [.post, .put]) { $0.shared },
            .init("ip_version", .required) { $0.version.rawValue },
        ]
    }
}

private func newScope(_ body: NetworkBody) throws -> NewAddressScope {
    guard let number = try body["ip_version"]?.looseInteger(), let version = IPVersion(rawValue: number) else {
        throw APIError(.badRequest, "Invalid input for ip_version: it is 4 or 6.")
    }
    var new = NewAddressScope(name: try body.text("name") ?? "", version: version)
    new.shared = try body.flag("shared") ?? false
    new.projectID = try body.owner()
    return new
}

private func newPolicy(_ body: NetworkBody) throws -> NewRBACPolicy {
    NewRBACPolicy(
        objectType: try body.text("object_type") ?? "", objectID: try body.text("object_id") ?? "",
        action: try body.text("action") ?? "", targetProject: try target(body) ?? "", projectID: try body.owner())
}

/// Whom something is shared with. The service takes any project; neutron's interface only what looks like one.
private func target(_ body: NetworkBody) throws -> String? {
    guard let text = try body.text("target_tenant") else { return nil }
    guard text == RBACPolicy.everybody || text.isUUID else {
        throw APIError(
            .badRequest,
            "Invalid input for target_tenant. Reason: '\(text.prefix(80))' is not a valid target project ID; expected a UUID or '*'."
        )
    }
    return text
}

extension NetworkResource where Item == RBACPolicy {
    static func rbacPolicies(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "rbac_policy", plural: "rbac_policies", path: "rbac-policies", attributes: attributes,
            id: \.id.text,
            list: { try networking.rbacPolicies($0, as: $1) },
            show: { try networking.rbacPolicy(try identifier($0, "RBAC policy"), as: $1) },
            create: { bodies, context in try networking.createRBACPolicies(try bodies.map(newPolicy), as: context) },
            update: { id, body, _, context in
                let id: ID<RBACPolicy> = try identifier(id, "RBAC policy")
                guard let target = try target(body) else {
                    return try networking.rbacPolicy(id, as: context)
                }
                return try networking.updateRBACPolicy(id, targetProject: target, as: context)
            },
            delete: { id, _, context in
                try networking.deleteRBACPolicy(try identifier(id, "RBAC policy"), as: context)
            })
    }

    private static var attributes: [NetworkAttribute<RBACPolicy>] {
        [.init("id") { $0.id.text }] + NetworkAttribute.owner { $0.projectID } + [
            .init("object_type", .required) { $0.objectType.rawValue },
            .init("object_id", .required) { $0.objectID },
            .init("target_tenant", [.required, .put]) { $0.targetProject },
            .init("action", .required) { $0.action.rawValue },
        ]
    }
}
