import Networking
import ServiceCore

extension NetworkResource where Item == SecurityGroup {
    static func securityGroups(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "security_group", plural: "security_groups", path: "security-groups", attributes: attributes,
            id: \.id.text, tagged: { ID(untrusted: $0).map(TaggedResource.securityGroup) },
            list: { try networking.securityGroups($0, as: $1) },
            show: { try networking.securityGroup(try identifier($0, "Security group"), as: $1) },
            create: { bodies, context in try networking.createSecurityGroups(try bodies.map(newGroup), as: context) },
            update: { id, body, seen, context in
                var update = SecurityGroupUpdate()
                update.name = try body.text("name")
                update.description = try body.text("description")
                update.stateful = try body.flag("stateful")
                update.revision = seen
                return try networking.updateSecurityGroup(try identifier(id, "Security group"), update, as: context)
            },
            delete: { try networking.deleteSecurityGroup(try identifier($0, "Security group"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<SecurityGroup>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.post, .put]) { $0.name },
            .init("stateful", [.post, .put]) { $0.stateful },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("description", [.post, .put]) { $0.description },
            .init("shared") { $0.shared },
            .init("security_group_rules") { json, shown in
                json.list(shown.item.rules) { json, rule in
                    json.object { json in
                        let shown = NetworkShown(item: rule, tags: rule.tags)
                        for attribute in NetworkResource<SecurityGroupRule>.attributes {
                            json.entry(attribute.name) { attribute.write?(&$0, shown) }
                        }
                    }
                }
            },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
    }
}

private func newGroup(_ body: NetworkBody) throws -> NewSecurityGroup {
    var new = NewSecurityGroup(name: try body.text("name") ?? "")
    new.description = try body.text("description") ?? ""
    new.stateful = try body.flag("stateful") ?? true
    new.projectID = try body.owner()
    return new
}

extension NetworkResource where Item == SecurityGroupRule {
    static func securityGroupRules(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "security_group_rule", plural: "security_group_rules", path: "security-group-rules",
            attributes: attributes, id: \.id.text, tagged: { ID(untrusted: $0).map(TaggedResource.securityGroupRule) },
            list: { try networking.securityGroupRules($0, as: $1) },
            show: { try networking.securityGroupRule(try identifier($0, "Security group rule"), as: $1) },
            create: { bodies, context in
                try networking.createSecurityGroupRules(try bodies.map(newRule), as: context)
            },
            delete: { try networking.deleteSecurityGroupRule(try identifier($0, "Security group rule"), revision: $1, as: $2) })
    }

    fileprivate static let attributes: [NetworkAttribute<SecurityGroupRule>] =
        [.init("id") { $0.id.text }] + NetworkAttribute.owner { $0.projectID } + [
            .init("security_group_id", .required) { $0.groupID.text },
            .init("ethertype", .post) { $0.etherType.rawValue },
            .init("direction", .required) { $0.direction.rawValue },
            .init("protocol", .post) { $0.protocolName },
            .init("port_range_min", .post) { $0.portRangeMin },
            .init("port_range_max", .post) { $0.portRangeMax },
            .init("remote_ip_prefix", .post) { $0.remoteIPPrefix?.description },
            .init("normalized_cidr") { $0.remoteIPPrefix?.cidr.description },
            .init("remote_group_id", .post) { $0.remoteGroupID?.text },
            .init("remote_address_group_id", .post) { _ in String?.none },
            .init("description", .post) { $0.description },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
}

private func newRule(_ body: NetworkBody) throws -> NewSecurityGroupRule {
    var new = NewSecurityGroupRule(
        groupID: try body.requiredID("security_group_id"), direction: try body.text("direction") ?? "")
    new.etherType = try body.nullableText("ethertype") ?? new.etherType
    new.protocolName = try body.typed("protocol")
    new.portRangeMin = try body.typed("port_range_min")
    new.portRangeMax = try body.typed("port_range_max")
    new.remoteIPPrefix = try body.nullableText("remote_ip_prefix")
    new.remoteGroupID = try body.nullableText("remote_group_id")
    new.description = try body.text("description") ?? ""
    if let group = body["remote_address_group_id"], !group.isNull {
        throw group.refusal("must be null: there are no address groups here")
    }
    return new
}
