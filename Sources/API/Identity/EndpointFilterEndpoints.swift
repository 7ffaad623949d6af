import HTTP
import Identity

/// `/v3/OS-EP-FILTER`: which endpoints a project is shown.
struct EndpointFilterEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let endpoints = "/v3/OS-EP-FILTER/projects/{project_id}/endpoints"
        table.on(.get, endpoints, endpointsOfProject)
        table.on(.get, endpoints + "/{endpoint_id}", checkEndpoint)
        table.on(.put, endpoints + "/{endpoint_id}", showEndpoint)
        table.on(.delete, endpoints + "/{endpoint_id}", hideEndpoint)
        table.on(.get, "/v3/OS-EP-FILTER/endpoints/{endpoint_id}/projects", projectsOfEndpoint)
        table.on(.get, "/v3/OS-EP-FILTER/projects/{project_id}/endpoint_groups", groupsOfProject)
        let group = "/v3/OS-EP-FILTER/endpoint_groups/{group_id}"
        table.on(.get, group + "/endpoints", endpointsOfGroup)
        table.on(.get, group + "/projects", projectsOfGroup)
        table.on(.get, group + "/projects/{project_id}", checkGroup)
        table.on(.put, group + "/projects/{project_id}", showGroup)
        table.on(.delete, group + "/projects/{project_id}", hideGroup)
    }

    private func endpointsOfProject(_ call: APICall) throws -> Response {
        let endpoints = try identity.endpoints(ofProject: call[parameter: "project_id"], as: call.context)
        return call.collection("endpoints", endpoints) { $0.endpoint($1, call) }
    }

    private func checkEndpoint(_ call: APICall) throws -> Response {
        try identity.require(
            endpoint: call[parameter: "endpoint_id"], inProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func showEndpoint(_ call: APICall) throws -> Response {
        try identity.show(
            endpoint: call[parameter: "endpoint_id"], toProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func hideEndpoint(_ call: APICall) throws -> Response {
        try identity.hide(
            endpoint: call[parameter: "endpoint_id"], fromProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func projectsOfEndpoint(_ call: APICall) throws -> Response {
        let projects = try identity.projects(ofEndpoint: call[parameter: "endpoint_id"], as: call.context)
        return call.collection("projects", projects) { $0.project($1, call) }
    }

    private func groupsOfProject(_ call: APICall) throws -> Response {
        let groups = try identity.endpointGroups(ofProject: call[parameter: "project_id"], as: call.context)
        return call.collection("endpoint_groups", groups) { $0.endpointGroup($1, call) }
    }

    private func endpointsOfGroup(_ call: APICall) throws -> Response {
        let endpoints = try identity.endpoints(ofEndpointGroup: call[parameter: "group_id"], as: call.context)
        return call.collection("endpoints", endpoints) { $0.endpoint($1, call) }
    }

    private func projectsOfGroup(_ call: APICall) throws -> Response {
        let projects = try identity.projects(ofEndpointGroup: call[parameter: "group_id"], as: call.context)
        return call.collection("projects", projects) { $0.project($1, call) }
    }

    private func checkGroup(_ call: APICall) throws -> Response {
        let (group, project) = (call[parameter: "group_id"], call[parameter: "project_id"])
        try identity.require(endpointGroup: group, inProject: project, as: call.context)
        return call.document("project_endpoint_group") { json in
            json.member("endpoint_group_id", group)
            json.member("project_id", project)
            json.selfLink(call, "OS-EP-FILTER/endpoint_groups/\(group)/projects/\(project)")
        }
    }

    private func showGroup(_ call: APICall) throws -> Response {
        try identity.show(
            endpointGroup: call[parameter: "group_id"], toProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func hideGroup(_ call: APICall) throws -> Response {
        try identity.hide(
            endpointGroup: call[parameter: "group_id"], fromProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }
}
