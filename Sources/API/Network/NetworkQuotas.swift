import HTTP
import Networking
import ServiceCore

/// `/quotas`: how much of everything projects may have.
struct NetworkQuotas: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.0/quotas", list)
        table.on(.get, "/v2.0/quotas/{id}", show)
        table.on(.put, "/v2.0/quotas/{id}", update)
        table.on(.delete, "/v2.0/quotas/{id}", reset)
        table.on(.get, "/v2.0/quotas/{id}/default", defaults)
        table.on(.get, "/v2.0/quotas/{id}/details", details)
        table.on(.get, "/v2.0/quotas/{id}/details.json", details)
    }

    /// `GET /quotas`: 200 with the projects whose limits are not the usual ones, to administrators.
    func list(_ call: APICall) throws -> Response {
        let projects = try networking.projectQuotas(as: call.context)
        return call.answer { json in
            json.list("quotas", projects) { json, project in
                json.object {
                    Self.write(project.limits, &$0)
                    $0.member("tenant_id", project.projectID)
                    $0.member("project_id", project.projectID)
                }
            }
        }
    }

    /// `GET /quotas/{project}`: 200.
    func show(_ call: APICall) throws -> Response {
        answer(try networking.quotas(projectID: call.resourceID, as: call.context).limits, call)
    }

    /// `GET /quotas/{project}/default`: 200.
    func defaults(_ call: APICall) throws -> Response {
        answer(try networking.defaultQuotas(projectID: call.resourceID, as: call.context), call)
    }

    /// `GET /quotas/{project}/details`: 200 with limits and use.
    func details(_ call: APICall) throws -> Response {
        let (limits, used) = try networking.quotas(projectID: call.resourceID, as: call.context)
        return call.answer { json in
            json.object("quota") { json in
                for resource in limits.resources {
                    json.entry(resource) {
                        $0.object {
                            $0.member("limit", limits[resource] ?? QuotaLimits.unlimited)
                            $0.member("used", used[resource])
                            $0.member("reserved", 0)
                        }
                    }
                }
            }
        }
    }

    /// `PUT /quotas/{project}`: 200. A limit below what there is needs `force`; `check_limit`, which once asked for what is
    /// done anyway, is taken and says nothing.
    func update(_ call: APICall) throws -> Response {
        var isForced = false
        let limits = try call.object("quota", in: "quota") { quota in
            try quota.members().reduce(into: [String: Int]()) { limits, member in
                guard member.key != "tenant_id", member.key != "project_id" else { return }
                guard member.key != "force", member.key != "check_limit" else {
                    let isSet = try JSONMember(value: member.value, path: member.key).bool()
                    if member.key == "force" { isForced = isSet }
                    return
                }
                limits[member.key] = try JSONMember(value: member.value, path: member.key).looseInteger()
            }
        }
        try networking.setQuotas(limits, projectID: call.resourceID, isForced: isForced, as: call.context)
        return try show(call)
    }

    /// `DELETE /quotas/{project}`: 204; the project's limits are the usual ones again.
    func reset(_ call: APICall) throws -> Response {
        try networking.resetQuotas(projectID: call.resourceID, as: call.context)
        return .nothing()
    }

    private func answer(_ limits: QuotaLimits, _ call: APICall) -> Response {
        call.answer { $0.object("quota") { Self.write(limits, &$0) } }
    }

    private static func write(_ limits: QuotaLimits, _ json: inout JSONWriter) {
        for resource in limits.resources { json.entry(resource, limits[resource] ?? QuotaLimits.unlimited) }
    }
}
