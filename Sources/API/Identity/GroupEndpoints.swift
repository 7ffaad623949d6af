import HTTP
import Identity

/// `/v3/groups` with their members.
struct GroupEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/groups", list)
        table.on(.post, "/v3/groups", create)
        table.on(.get, "/v3/groups/{group_id}", show)
        table.on(.patch, "/v3/groups/{group_id}", update)
        table.on(.delete, "/v3/groups/{group_id}", delete)
        table.on(.get, "/v3/groups/{group_id}/users", members)
        table.on(.get, "/v3/groups/{group_id}/users/{user_id}", check)
        table.on(.put, "/v3/groups/{group_id}/users/{user_id}", add)
        table.on(.delete, "/v3/groups/{group_id}/users/{user_id}", remove)
    }

    private func list(_ call: APICall) throws -> Response {
        let filter = GroupFilter(domainID: call.query.filter("domain_id"), name: call.query.filter("name"))
        return call.collection("groups", try identity.groups(filter, as: call.context)) { $0.group($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("group") { reader in
            var new = NewGroup(
                domainID: try reader.nullable("domain_id")?.text(), name: try reader.required("name").text(),
                description: try reader.nullable("description")?.text() ?? "")
            new.extra = ExtraAttributes(reader.others())
            return new
        }
        let group = try identity.createGroup(new, as: call.context)
        return call.document("group", .created) { $0.group(group, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let group = try identity.group(call[parameter: "group_id"], as: call.context)
        return call.document("group") { $0.group(group, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let id = call[parameter: "group_id"]
        let update = try call.object("group") { reader in
            var update = GroupUpdate(
                name: try reader.optional("name")?.text(),
                description: try reader.optional("description").map { try $0.nullableText() ?? "" })
            if let domain = reader.optional("domain_id") {
                guard try domain.text() == identity.group(id, as: call.context).domainID else {
                    throw APIError(.badRequest, "group.domain_id cannot be changed.")
                }
            }
            update.extra = ExtraAttributes(reader.others())
            return update
        }
        let group = try identity.updateGroup(id, update, as: call.context)
        return call.document("group") { $0.group(group, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteGroup(call[parameter: "group_id"], as: call.context)
        return .nothing()
    }

    private func members(_ call: APICall) throws -> Response {
        let users = try identity.members(of: call[parameter: "group_id"], as: call.context)
        let name = call.query.filter("name")
        return call.collection("users", users.filter { name == nil || $0.name == name }) { $0.user($1, call) }
    }

    private func check(_ call: APICall) throws -> Response {
        try identity.requireMember(call[parameter: "user_id"], of: call[parameter: "group_id"], as: call.context)
        return .nothing()
    }

    private func add(_ call: APICall) throws -> Response {
        try identity.add(user: call[parameter: "user_id"], toGroup: call[parameter: "group_id"], as: call.context)
        return .nothing()
    }

    private func remove(_ call: APICall) throws -> Response {
        try identity.remove(user: call[parameter: "user_id"], fromGroup: call[parameter: "group_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    mutating func group(_ group: Group, _ call: APICall) {
        member("id", group.id)
        member("name", group.name)
        member("domain_id", group.domainID)
        member("description", group.description)
        selfLink(call, "groups/" + group.id)
        members(group.extra)
    }
}
