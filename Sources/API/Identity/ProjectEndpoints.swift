import HTTP
import Identity

/// `/v3/projects` with their tags.
struct ProjectEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/projects", list)
        table.on(.post, "/v3/projects", create)
        table.on(.get, "/v3/projects/{project_id}", show)
        table.on(.patch, "/v3/projects/{project_id}", update)
        table.on(.delete, "/v3/projects/{project_id}", delete)
        table.on(.get, "/v3/projects/{project_id}/tags", tags)
        table.on(.put, "/v3/projects/{project_id}/tags", setTags)
        table.on(.delete, "/v3/projects/{project_id}/tags", clearTags)
        table.on(.get, "/v3/projects/{project_id}/tags/{tag}", checkTag)
        table.on(.put, "/v3/projects/{project_id}/tags/{tag}", addTag)
        table.on(.delete, "/v3/projects/{project_id}/tags/{tag}", removeTag)
    }

    private func list(_ call: APICall) throws -> Response {
        let query = call.query
        var filter = ProjectFilter(
            domainID: query.filter("domain_id"), name: query.filter("name"), parentID: query.filter("parent_id"),
            isEnabled: query.flag("enabled"))
        filter.isDomain = query.flag("is_domain") ?? false
        filter.tags = query.tags("tags")
        filter.anyTags = query.tags("tags-any")
        filter.notTags = query.tags("not-tags")
        filter.notAnyTags = query.tags("not-tags-any")
        return call.collection("projects", try identity.projects(filter, as: call.context)) { $0.project($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("project") { reader in
            var new = NewProject(
                domainID: try reader.nullable("domain_id")?.text(), name: try reader.required("name").text(),
                description: try reader.nullable("description")?.text() ?? "",
                isEnabled: try reader.optional("enabled")?.bool() ?? true,
                parentID: try reader.nullable("parent_id")?.text())
            new.isDomain = try reader.optional("is_domain")?.bool() ?? false
            new.tags = try reader.optional("tags")?.list().map { try $0.text() } ?? []
            new.isImmutable = try reader.isImmutable() ?? false
            new.extra = ExtraAttributes(reader.others())
            return new
        }
        let project = try identity.createProject(new, as: call.context)
        return call.document("project", .created) { $0.project(project, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let project = try identity.project(call[parameter: "project_id"], as: call.context)
        let query = call.query
        let wanted = ["parents_as_list", "parents_as_ids", "subtree_as_list", "subtree_as_ids"].filter(query.has)
        guard !wanted.isEmpty else { return call.document("project") { $0.project(project, call) } }
        let (parents, subtree) = try identity.surroundings(of: project.id, as: call.context)
        return call.document("project") { json in
            json.project(project, call)
            if wanted.contains("parents_as_list") { json.projects("parents", parents, call) }
            if wanted.contains("subtree_as_list") { json.projects("subtree", subtree, call) }
            if wanted.contains("parents_as_ids") {
                let ids = parents.map(\.id) + [project.domainID]
                json.entry("parents") { $0.nested(ids[...]) }
            }
            if wanted.contains("subtree_as_ids") {
                let children = Dictionary(grouping: subtree) { $0.parentID ?? "" }
                json.entry("subtree") { $0.tree(below: project.id, children) }
            }
        }
    }

    private func update(_ call: APICall) throws -> Response {
        let update = try call.object("project") { reader in
            var update = ProjectUpdate(
                name: try reader.optional("name")?.text(),
                description: try reader.optional("description").map { try $0.nullableText() ?? "" },
                isEnabled: try reader.optional("enabled")?.bool(),
                tags: try reader.optional("tags")?.list().map { try $0.text() })
            try refuseMove(reader, call)
            update.isImmutable = try reader.isImmutable()
            update.extra = ExtraAttributes(reader.others())
            return update
        }
        let project = try identity.updateProject(call[parameter: "project_id"], update, as: call.context)
        return call.document("project") { $0.project(project, call) }
    }

    /// Domain and parent stay what they are; saying what they are is no change.
    private func refuseMove(_ reader: JSONReader, _ call: APICall) throws {
        let places = ["domain_id", "parent_id", "is_domain"].compactMap(reader.optional)
        guard !places.isEmpty else { return }
        let project = try identity.project(call[parameter: "project_id"], as: call.context)
        for place in places where place.value != project.place(place.path) {
            throw APIError(
                place.path.hasSuffix("parent_id") ? .forbidden : .badRequest, "\(place.path) cannot be changed.")
        }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteProject(call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    // MARK: Tags

    private func tags(_ call: APICall) throws -> Response {
        let project = try identity.project(call[parameter: "project_id"], as: call.context)
        return tags(project.tags, call)
    }

    private func tags(_ tags: [String], _ call: APICall) -> Response {
        call.answer { json in
            json.list("tags", tags)
            json.object("links") { $0.member("self", call.base + call.request.rawTarget) }
        }
    }

    private func setTags(_ call: APICall) throws -> Response {
        let wanted = try call.content().object { try $0.required("tags").list().map { try $0.text() } }
        return tags(try identity.setTags(wanted, of: call[parameter: "project_id"], as: call.context), call)
    }

    private func clearTags(_ call: APICall) throws -> Response {
        _ = try identity.setTags([], of: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }

    private func checkTag(_ call: APICall) throws -> Response {
        let project = try identity.project(call[parameter: "project_id"], as: call.context)
        guard project.tags.contains(call[parameter: "tag"]) else {
            throw APIError(.notFound, "Could not find project tag: \(call[parameter: "tag"]).")
        }
        return .nothing()
    }

    private func addTag(_ call: APICall) throws -> Response {
        try identity.addTag(call[parameter: "tag"], to: call[parameter: "project_id"], as: call.context)
        var response = Response.nothing(.created)
        response.fields.set("Location", call.base + call.request.rawTarget)
        return response
    }

    private func removeTag(_ call: APICall) throws -> Response {
        try identity.removeTag(call[parameter: "tag"], from: call[parameter: "project_id"], as: call.context)
        return .nothing()
    }
}

extension Project {
    fileprivate func place(_ path: String) -> JSONValue {
        if path.hasSuffix("is_domain") { return .bool(isDomain) }
        if isDomain { return .null }
        return .text(path.hasSuffix("domain_id") ? domainID : parentID ?? domainID)
    }
}

extension QueryReader {
    fileprivate func tags(_ name: String) -> Set<String> {
        Set(texts(name).flatMap { $0.split(separator: ",").map(String.init) })
    }
}

extension JSONWriter {
    mutating func project(_ project: Project, _ call: APICall) {
        member("id", project.id)
        member("name", project.name)
        member("domain_id", project.isDomain ? nil : project.domainID)
        member("description", project.description)
        member("enabled", project.isEnabled)
        member("parent_id", project.isDomain ? nil : project.parentID ?? project.domainID)
        member("is_domain", project.isDomain)
        list("tags", project.tags)
        options(isImmutable: project.isImmutable)
        selfLink(call, "projects/" + project.id)
        members(project.extra)
    }

    fileprivate mutating func projects(_ name: StaticString, _ projects: [Project], _ call: APICall) {
        list(name, projects) { json, project in
            json.object { $0.object("project") { $0.project(project, call) } }
        }
    }

    /// `{"a": {"b": null}}`.
    fileprivate mutating func nested(_ ids: ArraySlice<String>) {
        guard let first = ids.first else { return null() }
        object { $0.entry(first) { $0.nested(ids.dropFirst()) } }
    }

    fileprivate mutating func tree(below id: String, _ children: [String: [Project]]) {
        guard let below = children[id] else { return null() }
        object { json in
            for child in below { json.entry(child.id) { $0.tree(below: child.id, children) } }
        }
    }
}
