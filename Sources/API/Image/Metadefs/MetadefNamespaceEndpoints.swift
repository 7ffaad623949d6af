import HTTP
import Images
import ServiceCore

/// `/v2/metadefs/namespaces` and `/v2/metadefs/resource_types`.
struct MetadefNamespaceEndpoints: Sendable {
    let images: ImageService

    /// `GET /v2/metadefs/resource_types`: 200.
    func resourceTypes(_ call: APICall) throws -> Response {
        let types = try images.metadefResourceTypes(as: call.context)
        return call.answer { json in
            json.list("resource_types", types) { json, type in
                json.object {
                    $0.member("name", type.name)
                    $0.member("created_at", type.createdAt.iso8601)
                    $0.member("updated_at", type.updatedAt.iso8601)
                }
            }
        }
    }

    /// `GET /v2/metadefs/namespaces`: 200 with a page.
    func list(_ call: APICall) throws -> Response {
        let query = call.query
        var filter = MetadefFilter()
        if let text = query.text("visibility"), !text.isEmpty {
            guard let visibility = MetadefNamespace.Visibility(rawValue: text) else {
                throw APIError(.badRequest, "Invalid visibility value: \(text.prefix(80))")
            }
            filter.visibility = visibility
        }
        filter.resourceTypes = query.text("resource_types").map { $0.split(separator: ",").map(String.init) }
        if let text = query.text("sort_dir") {
            guard text == "asc" || text == "desc" else {
                throw APIError(.badRequest, "Invalid sort direction: \(text.prefix(80))")
            }
            filter.isAscending = text == "asc"
        }
        let limit = try query.integer("limit", 0...Int.max) ?? ImageQuery.defaultLimit
        let page = try images.metadefNamespaces(
            filter, page: PageRequest(marker: query.text("marker"), limit: limit), as: call.context)
        let associations = try images.metadefItems(
            .resourceType, of: page.items.map(\.name), as: call.context)
        return call.answer { json in
            json.list("namespaces", page.items) { json, namespace in
                Self.write(namespace, [.resourceType: associations[namespace.name] ?? []], to: &json)
            }
            json.member("first", "/v2/metadefs/namespaces")
            if let next = page.next {
                json.member("next", "/v2/metadefs/namespaces?" + query.replacing("marker", with: next))
            }
            json.member("schema", "/v2/schemas/metadefs/namespaces")
        }
    }

    /// `POST /v2/metadefs/namespaces`: 201.
    func create(_ call: APICall) throws -> Response {
        let new = try call.content().object(Self.namespace)
        let namespace = try images.createMetadefNamespace(new, as: call.context)
        var response = try document(namespace.name, call, .created)
        response.fields.set(
            "Location", call.base + "/image/v2/metadefs/namespaces/" + PercentCoding.encode(namespace.name))
        return response
    }

    /// `GET /v2/metadefs/namespaces/{namespace}`: 200 with all its entries.
    func show(_ call: APICall) throws -> Response {
        try document(call[parameter: "namespace"], call)
    }

    /// `PUT /v2/metadefs/namespaces/{namespace}`: 200.
    func update(_ call: APICall) throws -> Response {
        let new = try call.content().object(Self.namespace)
        let namespace = try images.updateMetadefNamespace(call[parameter: "namespace"], new, as: call.context)
        return call.answer { Self.members(namespace, [:], to: &$0) }
    }

    /// `DELETE /v2/metadefs/namespaces/{namespace}`: 204.
    func delete(_ call: APICall) throws -> Response {
        try images.deleteMetadefNamespace(call[parameter: "namespace"], as: call.context)
        return .nothing()
    }

    private static func namespace(_ reader: JSONReader) throws -> NewMetadefNamespace {
        for readOnly in ["self", "schema", "created_at", "updated_at"] where reader.has(readOnly) {
            throw APIError(.forbidden, "Attribute '\(readOnly)' is read-only.")
        }
        var new = NewMetadefNamespace(name: try reader.required("namespace").text())
        new.displayName = try reader.nullable("display_name")?.text()
        new.description = try reader.nullable("description")?.text()
        if let text = try reader.nullable("visibility")?.choice(MetadefNamespace.Visibility.allCases.map(\.rawValue)) {
            new.visibility = MetadefNamespace.Visibility(rawValue: text) ?? .private
        }
        new.isProtected = try reader.nullable("protected")?.bool() ?? false
        new.ownerProjectID = try reader.nullable("owner")?.text()
        new.items = try MetadefContent.items(reader)
        return new
    }

    private func document(_ name: String, _ call: APICall, _ status: Status = .ok) throws -> Response {
        let whole = try images.metadefNamespace(name, as: call.context)
        return call.answer(status) { Self.members(whole.namespace, whole.items, to: &$0) }
    }

    private static func write(
        _ namespace: MetadefNamespace, _ items: [MetadefItem.Kind: [MetadefItem]], to json: inout JSONWriter
    ) {
        json.object { members(namespace, items, to: &$0) }
    }

    private static func members(
        _ namespace: MetadefNamespace, _ items: [MetadefItem.Kind: [MetadefItem]], to json: inout JSONWriter
    ) {
        json.member("namespace", namespace.name)
        json.optionalMember("display_name", namespace.displayName)
        json.optionalMember("description", namespace.description)
        json.member("visibility", namespace.visibility.rawValue)
        json.member("protected", namespace.isProtected)
        json.member("owner", namespace.ownerProjectID)
        json.member("created_at", namespace.createdAt.iso8601)
        json.member("updated_at", namespace.updatedAt.iso8601)
        json.member("self", "/v2/metadefs/namespaces/\(namespace.name)")
        json.member("schema", "/v2/schemas/metadefs/namespace")
        for (name, kind) in [
            ("resource_type_associations", MetadefItem.Kind.resourceType), ("objects", .object), ("tags", .tag),
        ] {
            guard let entries = items[kind], !entries.isEmpty else { continue }
            json.entry(name) { json in
                json.list(entries) { MetadefContent.write($1, of: namespace.name, to: &$0) }
            }
        }
        guard let properties = items[.property], !properties.isEmpty else { return }
        json.object("properties") { json in
            for property in properties {
                json.entry(property.name) { json in
                    json.object { MetadefContent.members(of: property, to: &$0) }
                }
            }
        }
    }
}
