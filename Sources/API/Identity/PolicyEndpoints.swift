import HTTP
import Identity

/// `/v3/policies` and `/v3/OS-EP-FILTER/endpoint_groups`.
struct PolicyEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/policies", list)
        table.on(.post, "/v3/policies", create)
        table.on(.get, "/v3/policies/{policy_id}", show)
        table.on(.patch, "/v3/policies/{policy_id}", update)
        table.on(.delete, "/v3/policies/{policy_id}", delete)
        let groups = "/v3/OS-EP-FILTER/endpoint_groups"
        table.on(.get, groups, listGroups)
        table.on(.post, groups, createGroup)
        table.on(.get, groups + "/{group_id}", showGroup)
        table.on(.patch, groups + "/{group_id}", updateGroup)
        table.on(.delete, groups + "/{group_id}", deleteGroup)
    }

    private func list(_ call: APICall) throws -> Response {
        let type = call.query.filter("type")
        let policies = try identity.policies(as: call.context).filter { type == nil || $0.type == type }
        return call.collection("policies", policies) { $0.policy($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let (type, blob) = try call.object("policy") { reader in
            reader.allowUnknown()
            return try (reader.required("type").text(), reader.required("blob").text())
        }
        let policy = try identity.createPolicy(type: type, blob: blob, as: call.context)
        return call.document("policy", .created) { $0.policy(policy, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let policy = try identity.policy(call[parameter: "policy_id"], as: call.context)
        return call.document("policy") { $0.policy(policy, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let (type, blob) = try call.object("policy") { reader in
            reader.allowUnknown()
            return try (reader.optional("type")?.text(), reader.optional("blob")?.text())
        }
        let policy = try identity.updatePolicy(
            call[parameter: "policy_id"], type: type, blob: blob, as: call.context)
        return call.document("policy") { $0.policy(policy, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deletePolicy(call[parameter: "policy_id"], as: call.context)
        return .nothing()
    }

    // MARK: Endpoint groups

    private func listGroups(_ call: APICall) throws -> Response {
        let name = call.query.filter("name")
        let groups = try identity.endpointGroups(as: call.context).filter { name == nil || $0.name == name }
        return call.collection("endpoint_groups", groups) { $0.endpointGroup($1, call) }
    }

    private func createGroup(_ call: APICall) throws -> Response {
        let (name, description, filters) = try call.object("endpoint_group") { reader in
            reader.allowUnknown()
            return try (
                reader.required("name").text(), reader.nullable("description")?.text(),
                reader.required("filters").object { ExtraAttributes($0.others()) }
            )
        }
        let group = try identity.createEndpointGroup(
            name: name, description: description, filters: filters, as: call.context)
        return call.document("endpoint_group", .created) { $0.endpointGroup(group, call) }
    }

    private func showGroup(_ call: APICall) throws -> Response {
        let group = try identity.endpointGroup(call[parameter: "group_id"], as: call.context)
        return call.document("endpoint_group") { $0.endpointGroup(group, call) }
    }

    private func updateGroup(_ call: APICall) throws -> Response {
        let (name, description, filters) = try call.object("endpoint_group") { reader in
            reader.allowUnknown()
            return try (
                reader.optional("name")?.text(), reader.optional("description").map { try $0.nullableText() },
                reader.optional("filters")?.object { ExtraAttributes($0.others()) }
            )
        }
        let group = try identity.updateEndpointGroup(
            call[parameter: "group_id"], name: name, description: description, filters: filters, as: call.context)
        return call.document("endpoint_group") { $0.endpointGroup(group, call) }
    }

    private func deleteGroup(_ call: APICall) throws -> Response {
        try identity.deleteEndpointGroup(call[parameter: "group_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func policy(_ policy: StoredPolicy, _ call: APICall) {
        member("id", policy.id)
        member("type", policy.type)
        member("blob", policy.blob)
        selfLink(call, "policies/" + policy.id)
    }

    mutating func endpointGroup(_ group: EndpointGroup, _ call: APICall) {
        member("id", group.id)
        member("name", group.name)
        member("description", group.description)
        object("filters") { $0.members(group.filters) }
        selfLink(call, "OS-EP-FILTER/endpoint_groups/" + group.id)
    }
}
