import Compute
import HTTP
import ServiceCore

/// `/os-server-groups`.
struct ServerGroupEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-server-groups", list)
        table.on(.post, "/v2.1/os-server-groups", create)
        table.on(.get, "/v2.1/os-server-groups/{id}", show)
        table.on(.delete, "/v2.1/os-server-groups/{id}", delete)
    }

    func list(_ call: APICall) throws -> Response {
        let query = call.query
        let all = query.has("all_projects")
        let limit = try query.integer("limit", 0...Int.max)
        let offset = try query.integer("offset", 0...Int.max) ?? 0
        try query.finish(call)
        if all, !call.context.isAdmin {
            throw ServiceError.forbidden("os_compute_api:os-server-groups:index:all_projects")
        }
        let groups = try compute.serverGroups(allProjects: all, as: call.context).dropFirst(offset)
        return call.answer { json in
            json.list("server_groups", groups.prefix(limit ?? groups.count)) { $0.serverGroup($1, call) }
        }
    }

    func show(_ call: APICall) throws -> Response {
        answer(try compute.serverGroup(id(call), as: call.context), call)
    }

    func create(_ call: APICall) throws -> Response {
        let new = try call.object("server_group") { reader in
            let name = try reader.required("name").name()
            let policies =
                ["anti-affinity", "affinity"]
                + (call.isAtLeast(2, 15) ? ["soft-anti-affinity", "soft-affinity"] : [])
            guard call.isAtLeast(2, 64) else {
                let policy = try reader.required("policies").list(1...1).first?.choice(policies) ?? ""
                return NewServerGroup(name: name, policy: policy)
            }
            let policy = try reader.required("policy").choice(policies)
            let most = try reader.optional("rules")?.object { try $0.optional("max_server_per_host")?.count() } ?? nil
            return NewServerGroup(name: name, policy: policy, maxServerPerHost: most.map(String.init))
        }
        return answer(try compute.createServerGroup(new, as: call.context), call)
    }

    func delete(_ call: APICall) throws -> Response {
        try compute.deleteServerGroup(id(call), as: call.context)
        return .nothing()
    }

    private func id(_ call: APICall) throws -> ID<ServerGroup> {
        guard let id = ID<ServerGroup>(untrusted: call[parameter: "id"]) else {
            throw APIError(.notFound, "Instance group \(call[parameter: "id"].prefix(80)) could not be found.")
        }
        return id
    }

    private func answer(_ group: ServerGroup, _ call: APICall) -> Response {
        call.answer { json in json.entry("server_group") { $0.serverGroup(group, call) } }
    }
}

extension JSONWriter {
    fileprivate mutating func serverGroup(_ group: ServerGroup, _ call: APICall) {
        object {
            $0.member("id", group.id.text)
            $0.member("name", group.name)
            if call.isAtLeast(2, 64) {
                $0.member("policy", group.policy.rawValue)
                $0.object("rules") { $0.optionalMember("max_server_per_host", group.maxServerPerHost) }
            } else {
                $0.list("policies", [group.policy.rawValue])
                $0.object("metadata") { _ in }
            }
            $0.list("members", group.members.map(\.id.text))
            guard call.isAtLeast(2, 13) else { return }
            $0.member("project_id", group.projectID)
            $0.member("user_id", group.userID)
        }
    }
}
