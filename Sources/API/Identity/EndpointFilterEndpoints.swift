import HTTP
import Identity

/// `/v3/OS-EP-FILTER`: which endpoints a project is shown.
struct EndpointFilterEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        let endpoints = "/v3/OS-EP-FILTER/projects/{project_id}/endpoints"
        let group = "/v3/OS-EP-FILTER/endpoint_groups/{group_id}"
        table.on(.get, endpoints, endpointsOfProject)
        table.on(.get, endpoints + "/{endpoint_id}", checkEndpoint)
        table.on(.put, endpoints + "/{endpoint_id}") { try show(Self.endpoint($0), $0) }
        table.on(.delete, endpoints + "/{endpoint_id}") { try hide(Self.endpoint($0), $0) }
        table.on(.get, "/v3/OS-EP-FILTER/endpoints/{endpoint_id}/projects") { try projects(Self.endpoint($0), $0) }
        table.on(.get, "/v3/OS-EP-FILTER/projects/{project_id}/endpoint_groups", groupsOfProject)
        table.on(.get, group + "/endpoints", endpointsOfGroup)
        table.on(.get, group + "/projects") { try projects(Self.group($0), $0) }
        table.on(.get, group + "/projects/{project_id}", checkGroup)
        table.on(.put, group + "/projects/{project_id}") { try show(Self.group($0), $0) }
        table.on(.delete, group + "/projects/{project_id}") { try hide(Self.group($0), $0) }
    }

    private static func endpoint(_ call: APICall) -> EndpointLink { .endpoint(call[parameter: "endpoint_id"]) }
    private static func group(_ call: APICall) -> EndpointLink { .group(call[parameter: "group_id"]) }

    private func show(_ link: EndpointLink, _ call: APICall) throws -> Response {
        try identity.show(link, toProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func hide(_ link: EndpointLink, _ call: APICall) throws -> Response {
        try identity.hide(link, fromProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func projects(_ link: EndpointLink, _ call: APICall) throws -> Response {
        let projects = try identity.projects(with: link, as: call.context)
        return call.collection("projects", projects) { $0.project($1, call) }
    }

    private func checkEndpoint(_ call: APICall) throws -> Response {
        try identity.require(Self.endpoint(call), inProject: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func checkGroup(_ call: APICall) throws -> Response {
        let (group, project) = (call[parameter: "group_id"], call[parameter: "project_id"])
        try identity.require(.group(group), inProject: project, as: call.context)
        return call.document("project_endpoint_group") { json in
            json.member("endpoint_group_id", group)
            json.member("project_id", project)
            json.selfLink(call, "OS-EP-FILTER/endpoint_groups/\(group)/projects/\(project)")
        }
    }

    private func endpointsOfProject(_ call: APICall) throws -> Response {
        let endpoints = try identity.endpoints(ofProject: call[parameter: "project_id"], as: call.context)
        return call.collection("endpoints", endpoints) { $0.endpoint($1, call) }
    }

    private func groupsOfProject(_ call: APICall) throws -> Response {
        let groups = try identity.endpointGroups(ofProject: call[parameter: "project_id"], as: call.context)
        return call.collection("endpoint_groups", groups) { $0.endpointGroup($1, call) }
    }

    private func endpointsOfGroup(_ call: APICall) throws -> Response {
        let endpoints = try identity.endpoints(ofEndpointGroup: call[parameter: "group_id"], as: call.context)
        return call.collection("endpoints", endpoints) { $0.endpoint($1, call) }
    }
}
