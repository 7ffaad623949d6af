import HTTP
import Images
import ServiceCore

/// `/v2/metadefs/namespaces/{namespace}/…`: the entries of one kind.
struct MetadefItemEndpoints: Sendable {
    let images: ImageService
    let kind: MetadefItem.Kind

    /// The last part of the path.
    var collection: String {
        switch kind {
        case .object: "objects"
        case .property: "properties"
        case .tag: "tags"
        case .resourceType: "resource_types"
        }
    }

    /// `GET`: 200.
    func list(_ call: APICall) throws -> Response {
        let namespace = call[parameter: "namespace"]
        let items = try images.metadefItems(kind, of: [namespace], as: call.context)[namespace] ?? []
        return call.answer { json in
            write(items, of: namespace, to: &json)
            if kind == .object || kind == .tag { json.member("schema", "/v2/schemas/metadefs/\(collection)") }
            if kind == .tag { json.member("first", "/v2/metadefs/namespaces/\(namespace)/tags") }
        }
    }

    /// `POST`: 201. Tags come together, and replace the others unless `X-Openstack-Append` says otherwise.
    func create(_ call: APICall) throws -> Response {
        let namespace = call[parameter: "namespace"]
        guard kind == .tag else {
            let new = try call.content().object { try MetadefContent.item(kind, $0) }
            let added = try images.addMetadefItems([new], to: namespace, as: call.context)
            return document(added[0], of: namespace, .created)
        }
        let tags = try call.content().object { reader in
            try reader.required("tags").list().map { try $0.object { try MetadefContent.item(.tag, $0) } }
        }
        let isAppended = call.request.fields["X-Openstack-Append"]?.lowercased() == "true"
        let added = try images.addMetadefItems(tags, to: namespace, replacesOthers: !isAppended, as: call.context)
        return call.answer(.created) { write(added, of: namespace, to: &$0) }
    }

    /// `POST …/tags/{name}`: 201.
    func createTag(_ call: APICall) throws -> Response {
        let namespace = call[parameter: "namespace"]
        let new = NewMetadefItem(.tag, name: call[parameter: "name"])
        return document(
            try images.addMetadefItems([new], to: namespace, as: call.context)[0], of: namespace, .created)
    }

    /// `GET …/{name}`: 200.
    func show(_ call: APICall) throws -> Response {
        let namespace = call[parameter: "namespace"]
        return document(
            try images.metadefItem(kind, call[parameter: "name"], of: namespace, as: call.context), of: namespace)
    }

    /// `PUT …/{name}`: 200.
    func update(_ call: APICall) throws -> Response {
        let namespace = call[parameter: "namespace"]
        let new = try call.content().object { try MetadefContent.item(kind, $0) }
        let item = try images.updateMetadefItem(call[parameter: "name"], of: namespace, new, as: call.context)
        return document(item, of: namespace)
    }

    /// `DELETE …/{name}`: 204.
    func delete(_ call: APICall) throws -> Response {
        try images.removeMetadefItem(
            kind, call[parameter: "name"], from: call[parameter: "namespace"], as: call.context)
        return .nothing()
    }

    /// `DELETE`: 204; all of them go.
    func deleteAll(_ call: APICall) throws -> Response {
        try images.removeMetadefItem(kind, nil, from: call[parameter: "namespace"], as: call.context)
        return .nothing()
    }

    private func document(_ item: MetadefItem, of namespace: String, _ status: Status = .ok) -> Response {
        var json = JSONWriter()
        MetadefContent.write(item, of: namespace, to: &json)
        return .json(json.bytes, status: status)
    }

    /// Properties are an object by their names, the others lists.
    private func write(_ items: [MetadefItem], of namespace: String, to json: inout JSONWriter) {
        if kind == .property {
            json.object("properties") { json in
                for item in items {
                    json.entry(item.name) { json in json.object { MetadefContent.members(of: item, to: &$0) } }
                }
            }
        } else {
            json.entry(kind == .resourceType ? "resource_type_associations" : collection) { json in
                json.list(items) { MetadefContent.write($1, of: namespace, to: &$0) }
            }
        }
    }
}
