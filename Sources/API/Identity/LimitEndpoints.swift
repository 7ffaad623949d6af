import HTTP
import Identity

/// `/v3/limits` and `/v3/registered_limits`.
struct LimitEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/registered_limits", listRegistered)
        table.on(.post, "/v3/registered_limits", createRegistered)
        table.on(.get, "/v3/registered_limits/{limit_id}", showRegistered)
        table.on(.patch, "/v3/registered_limits/{limit_id}", updateRegistered)
        table.on(.delete, "/v3/registered_limits/{limit_id}", deleteRegistered)
        table.on(.get, "/v3/limits", list)
        table.on(.post, "/v3/limits", create)
        table.on(.get, "/v3/limits/model", model)
        table.on(.get, "/v3/limits/{limit_id}", show)
        table.on(.patch, "/v3/limits/{limit_id}", update)
        table.on(.delete, "/v3/limits/{limit_id}", delete)
    }

    private func filter(_ query: QueryReader) -> LimitFilter {
        var filter = LimitFilter()
        filter.serviceID = query.filter("service_id")
        filter.regionID = query.filter("region_id")
        filter.resourceName = query.filter("resource_name")
        filter.projectID = query.filter("project_id")
        filter.domainID = query.filter("domain_id")
        return filter
    }

    private func listRegistered(_ call: APICall) throws -> Response {
        let limits = try identity.registeredLimits(filter(call.query))
        return call.collection("registered_limits", limits) { $0.registeredLimit($1, call) }
    }

    private func createRegistered(_ call: APICall) throws -> Response {
        let new = try call.content().object { content in
            try content.required("registered_limits").list(1...1000).map { member in
                try member.object { reader in
                    var new = NewRegisteredLimit(
                        serviceID: try reader.required("service_id").text(),
                        regionID: try reader.nullable("region_id")?.text(),
                        resourceName: try reader.required("resource_name").text(),
                        defaultLimit: try reader.required("default_limit").integer())
                    new.description = try reader.nullable("description")?.text()
                    return new
                }
            }
        }
        let limits = try identity.createRegisteredLimits(new, as: call.context)
        return call.answer(.created) { json in
            json.list("registered_limits", limits) { json, limit in json.object { $0.registeredLimit(limit, call) } }
        }
    }

    private func showRegistered(_ call: APICall) throws -> Response {
        let limit = try identity.registeredLimit(call[parameter: "limit_id"])
        return call.document("registered_limit") { $0.registeredLimit(limit, call) }
    }

    private func updateRegistered(_ call: APICall) throws -> Response {
        let update = try call.object("registered_limit") { reader in
            var update = RegisteredLimitUpdate()
            update.serviceID = try reader.optional("service_id")?.text()
            update.regionID = try reader.optional("region_id").map { try $0.nullableText() }
            update.resourceName = try reader.optional("resource_name")?.text()
            update.defaultLimit = try reader.optional("default_limit")?.integer()
            update.description = try reader.optional("description").map { try $0.nullableText() }
            return update
        }
        let limit = try identity.updateRegisteredLimit(call[parameter: "limit_id"], update, as: call.context)
        return call.document("registered_limit") { $0.registeredLimit(limit, call) }
    }

    private func deleteRegistered(_ call: APICall) throws -> Response {
        try identity.deleteRegisteredLimit(call[parameter: "limit_id"], as: call.context)
        return .nothing()
    }

    // MARK: Limits

    private func model(_ call: APICall) throws -> Response {
        call.document("model") { json in
            json.member("name", "flat")
            json.member(
                "description", "Limit enforcement and validation does not take project hierarchy into consideration.")
        }
    }

    private func list(_ call: APICall) throws -> Response {
        call.collection("limits", try identity.limits(filter(call.query), as: call.context)) { $0.limit($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.content().object { content in
            try content.required("limits").list(1...1000).map { member in
                try member.object { reader in
                    var new = NewLimit(
                        serviceID: try reader.required("service_id").text(),
                        resourceName: try reader.required("resource_name").text(),
                        resourceLimit: try reader.required("resource_limit").integer())
                    new.regionID = try reader.nullable("region_id")?.text()
                    new.projectID = try reader.nullable("project_id")?.text()
                    new.domainID = try reader.nullable("domain_id")?.text()
                    new.description = try reader.nullable("description")?.text()
                    return new
                }
            }
        }
        let limits = try identity.createLimits(new, as: call.context)
        return call.answer(.created) { json in
            json.list("limits", limits) { json, limit in json.object { $0.limit(limit, call) } }
        }
    }

    private func show(_ call: APICall) throws -> Response {
        let limit = try identity.limit(call[parameter: "limit_id"], as: call.context)
        return call.document("limit") { $0.limit(limit, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let (amount, description) = try call.object("limit") { reader in
            try (
                reader.optional("resource_limit")?.integer(),
                reader.optional("description").map { try $0.nullableText() }
            )
        }
        let limit = try identity.updateLimit(
            call[parameter: "limit_id"], resourceLimit: amount, description: description, as: call.context)
        return call.document("limit") { $0.limit(limit, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteLimit(call[parameter: "limit_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func registeredLimit(_ limit: RegisteredLimit, _ call: APICall) {
        member("id", limit.id)
        member("service_id", limit.serviceID)
        member("region_id", limit.regionID)
        member("resource_name", limit.resourceName)
        member("default_limit", limit.defaultLimit)
        member("description", limit.description)
        selfLink(call, "registered_limits/" + limit.id)
    }

    fileprivate mutating func limit(_ limit: Limit, _ call: APICall) {
        member("id", limit.id)
        member("project_id", limit.projectID)
        member("domain_id", limit.domainID)
        member("service_id", limit.registered.serviceID)
        member("region_id", limit.registered.regionID)
        member("resource_name", limit.registered.resourceName)
        member("resource_limit", limit.resourceLimit)
        member("description", limit.description)
        selfLink(call, "limits/" + limit.id)
    }
}
