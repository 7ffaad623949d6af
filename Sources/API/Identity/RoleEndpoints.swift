import HTTP
import Identity

/// `/v3/roles` with what they imply.
struct RoleEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/roles", list)
        table.on(.post, "/v3/roles", create)
        table.on(.get, "/v3/roles/{role_id}", show)
        table.on(.patch, "/v3/roles/{role_id}", update)
        table.on(.delete, "/v3/roles/{role_id}", delete)
        table.on(.get, "/v3/roles/{role_id}/implies", implied)
        table.on(.get, "/v3/roles/{role_id}/implies/{implied_role_id}", showInference)
        table.on(.head, "/v3/roles/{role_id}/implies/{implied_role_id}", checkInference)
        table.on(.put, "/v3/roles/{role_id}/implies/{implied_role_id}", createInference)
        table.on(.delete, "/v3/roles/{role_id}/implies/{implied_role_id}", deleteInference)
        table.on(.get, "/v3/role_inferences", inferences)
    }

    private func list(_ call: APICall) throws -> Response {
        let filter = RoleFilter(name: call.query.filter("name"), domainID: call.query.filter("domain_id"))
        return call.collection("roles", try identity.roles(filter, as: call.context)) { $0.role($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("role") { reader in
            reader.allowUnknown()
            return NewRole(
                name: try reader.required("name").text(),
                description: try reader.nullable("description")?.text() ?? "",
                domainID: try reader.nullable("domain_id")?.text(), isImmutable: try reader.isImmutable() ?? false)
        }
        let role = try identity.createRole(new, as: call.context)
        return call.document("role", .created) { $0.role(role, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let role = try identity.role(call[parameter: "role_id"], as: call.context)
        return call.document("role") { $0.role(role, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let update = try call.object("role") { reader in
            reader.allowUnknown()
            return RoleUpdate(
                name: try reader.optional("name")?.text(),
                description: try reader.optional("description").map { try $0.nullableText() ?? "" },
                isImmutable: try reader.isImmutable())
        }
        let role = try identity.updateRole(call[parameter: "role_id"], update, as: call.context)
        return call.document("role") { $0.role(role, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteRole(call[parameter: "role_id"], as: call.context)
        return .nothing()
    }

    // MARK: Inferences

    private func implied(_ call: APICall) throws -> Response {
        let id = call[parameter: "role_id"]
        let (prior, implied) = try identity.rolesImplied(by: id, as: call.context)
        return call.answer { json in
            json.object("role_inference") { $0.inference(prior, implied, call) }
            json.selfLink(call, "roles/\(id)/implies")
        }
    }

    private func showInference(_ call: APICall) throws -> Response {
        answer(
            try identity.roleInference(
                from: call[parameter: "role_id"], to: call[parameter: "implied_role_id"], as: call.context),
            .ok, call)
    }

    private func checkInference(_ call: APICall) throws -> Response {
        _ = try identity.roleInference(
            from: call[parameter: "role_id"], to: call[parameter: "implied_role_id"], as: call.context)
        return .nothing()
    }

    private func createInference(_ call: APICall) throws -> Response {
        answer(
            try identity.createRoleInference(
                from: call[parameter: "role_id"], to: call[parameter: "implied_role_id"], as: call.context),
            .created, call)
    }

    private func deleteInference(_ call: APICall) throws -> Response {
        try identity.deleteRoleInference(
            from: call[parameter: "role_id"], to: call[parameter: "implied_role_id"], as: call.context)
        return .nothing()
    }

    private func inferences(_ call: APICall) throws -> Response {
        let all = try identity.roleInferences(as: call.context)
        let priors = Dictionary(grouping: all, by: \.prior).sorted { $0.key.name < $1.key.name }
        return call.answer { json in
            json.list("role_inferences", priors) { json, entry in
                json.object { $0.inference(entry.key, entry.value.map(\.implied), call) }
            }
            json.selfLink(call, "role_inferences")
        }
    }

    private func answer(_ rule: RoleInference, _ status: Status, _ call: APICall) -> Response {
        call.answer(status) { json in
            json.object("role_inference") { json in
                json.object("prior_role") { $0.reference(rule.prior, call) }
                json.object("implies") { $0.reference(rule.implied, call) }
            }
            json.selfLink(call, "roles/\(rule.prior.id)/implies/\(rule.implied.id)")
        }
    }
}

extension JSONWriter {
    mutating func role(_ role: Role, _ call: APICall) {
        member("id", role.id)
        member("name", role.name)
        member("domain_id", role.domainID)
        member("description", role.description.isEmpty ? nil : role.description)
        options(isImmutable: role.isImmutable)
        selfLink(call, "roles/" + role.id)
    }

    fileprivate mutating func reference(_ role: Role, _ call: APICall) {
        member("id", role.id)
        member("name", role.name)
        member("description", role.description.isEmpty ? nil : role.description)
        selfLink(call, "roles/" + role.id)
    }

    fileprivate mutating func inference(_ prior: Role, _ implied: [Role], _ call: APICall) {
        object("prior_role") { $0.reference(prior, call) }
        list("implies", implied) { json, role in json.object { $0.reference(role, call) } }
    }
}
