import HTTP
import Identity

/// `/v3/role_assignments`: who holds which role where.
struct RoleAssignmentEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/role_assignments", list)
    }

    private func list(_ call: APICall) throws -> Response {
        let query = call.query
        var filter = RoleAssignmentFilter(
            userID: query.filter("user.id"), groupID: query.filter("group.id"), roleID: query.filter("role.id"))
        if let project = query.filter("scope.project.id") { filter.scope = .project(project) }
        if let domain = query.filter("scope.domain.id") {
            guard filter.scope == nil else {
                throw APIError(.badRequest, "scope.project.id and scope.domain.id exclude each other.")
            }
            filter.scope = .domain(domain)
        }
        if query.filter("scope.system") != nil { filter.scope = .system }
        if query.filter("scope.OS-INHERIT:inherited_to") != nil { filter.isInherited = true }
        filter.isEffective = query.flag("effective") ?? false
        filter.includesSubtree = query.flag("include_subtree") ?? false
        if filter.includesSubtree {
            guard case .project = filter.scope else {
                throw APIError(.badRequest, "include_subtree goes with scope.project.id.")
            }
        }
        let assignments = try identity.roleAssignments(filter, as: call.context)
        let names = query.flag("include_names") == true ? try identity.names(in: assignments) : nil
        return call.collection("role_assignments", assignments) { $0.assignment($1, names, call) }
    }
}

extension JSONWriter {
    fileprivate mutating func assignment(
        _ assignment: RoleAssignment, _ names: RoleAssignmentNames?, _ call: APICall
    ) {
        object("role") { json in
            json.member("id", assignment.role.id)
            guard let names else { return }
            json.member("name", assignment.role.name)
            if let domain = assignment.role.domainID { json.domain(domain, names) }
        }
        switch assignment.actor {
        case .user(let id): object("user") { $0.entry(id, names?.users[id], names) }
        case .group(let id): object("group") { $0.entry(id, names?.groups[id], names) }
        }
        object("scope") { json in
            switch assignment.scope {
            case .project(let id): json.object("project") { $0.entry(id, names?.projects[id], names) }
            case .domain(let id):
                json.object("domain") {
                    $0.member("id", id)
                    if let names { $0.member("name", names.domains[id] ?? id) }
                }
            case .system: json.object("system") { $0.member("all", true) }
            }
            if assignment.isInherited || assignment.origin?.isInherited == true {
                json.member("OS-INHERIT:inherited_to", "projects")
            }
        }
        links(assignment, call)
    }

    private mutating func links(_ assignment: RoleAssignment, _ call: APICall) {
        let origin = assignment.origin
        let base = call.base + "/identity/v3/"
        let given = path(
            origin?.actor ?? assignment.actor, origin?.roleID ?? assignment.role.id, origin?.scope ?? assignment.scope,
            origin?.isInherited ?? assignment.isInherited)
        object("links") { json in
            json.member("assignment", base + given)
            if let origin, case .group(let group) = origin.actor {
                json.member("membership", base + "groups/\(group)/users/\(assignment.actor.id)")
            }
            if let origin, origin.roleID != assignment.role.id {
                json.member("prior_role", base + "roles/" + origin.roleID)
            }
        }
    }

    private func path(_ actor: RoleActor, _ role: String, _ scope: RoleScope, _ isInherited: Bool) -> String {
        let place =
            switch scope {
            case .project(let id): "projects/" + id
            case .domain(let id): "domains/" + id
            case .system: "system"
            }
        let holder =
            switch actor {
            case .user(let id): "users/" + id
            case .group(let id): "groups/" + id
            }
        return isInherited
            ? "OS-INHERIT/\(place)/\(holder)/roles/\(role)/inherited_to_projects" : "\(place)/\(holder)/roles/\(role)"
    }

    private mutating func entry(_ id: String, _ entry: RoleAssignmentNames.Entry?, _ names: RoleAssignmentNames?) {
        member("id", id)
        guard let names, let entry else { return }
        member("name", entry.name)
        domain(entry.domainID, names)
    }

    private mutating func domain(_ id: String, _ names: RoleAssignmentNames) {
        object("domain") {
            $0.member("id", id)
            $0.member("name", names.domains[id] ?? id)
        }
    }
}
