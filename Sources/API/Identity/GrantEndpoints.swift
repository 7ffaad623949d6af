import HTTP
import Identity

/// Roles given to users and groups on projects, on domains and in the system; below `/v3/OS-INHERIT` those to be inherited.
struct GrantEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        for actor in ["users/{user_id}", "groups/{group_id}"] {
            for scope in ["projects/{project_id}", "domains/{domain_id}", "system"] {
                add("/v3/\(scope)/\(actor)/roles", "", to: &table)
            }
            for scope in ["projects/{project_id}", "domains/{domain_id}"] {
                add("/v3/OS-INHERIT/\(scope)/\(actor)/roles", "/inherited_to_projects", to: &table)
            }
        }
    }

    private func add(_ path: String, _ end: String, to table: inout RouteTable) {
        let isInherited = !end.isEmpty
        table.on(.get, path + end) { try list($0, isInherited) }
        table.on(.get, path + "/{role_id}" + end) { try check($0, isInherited) }
        table.on(.put, path + "/{role_id}" + end) { try give($0, isInherited) }
        table.on(.delete, path + "/{role_id}" + end) { try take($0, isInherited) }
    }

    private func list(_ call: APICall, _ isInherited: Bool) throws -> Response {
        let roles = try identity.roles(
            givenTo: call.actor, on: call.scope, isInherited: isInherited, as: call.context)
        return call.collection("roles", roles) { $0.role($1, call) }
    }

    private func check(_ call: APICall, _ isInherited: Bool) throws -> Response {
        try identity.requireGrant(
            of: call[parameter: "role_id"], to: call.actor, on: call.scope, isInherited: isInherited, as: call.context)
        return .nothing()
    }

    private func give(_ call: APICall, _ isInherited: Bool) throws -> Response {
        try identity.assign(
            role: call[parameter: "role_id"], to: call.actor, on: call.scope, isInherited: isInherited,
            as: call.context)
        return .nothing()
    }

    private func take(_ call: APICall, _ isInherited: Bool) throws -> Response {
        try identity.unassign(
            role: call[parameter: "role_id"], from: call.actor, on: call.scope, isInherited: isInherited,
            as: call.context)
        return .nothing()
    }
}

extension APICall {
    fileprivate var actor: RoleActor {
        let user = self[parameter: "user_id"]
        return user.isEmpty ? .group(self[parameter: "group_id"]) : .user(user)
    }

    fileprivate var scope: RoleScope {
        let project = self[parameter: "project_id"]
        if !project.isEmpty { return .project(project) }
        let domain = self[parameter: "domain_id"]
        return domain.isEmpty ? .system : .domain(domain)
    }
}
