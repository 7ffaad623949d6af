import HTTP
import Networking
import ServiceCore

/// The endpoints that every kind of resource has: what neutron's one controller does with its attribute maps.
struct NetworkEndpoints<Item: Sendable>: Sendable {
    let resource: NetworkResource<Item>
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        let path = "/v2.0/" + resource.path
        for suffix in ["", ".json"] {
            table.on(.get, path + suffix, list)
            if resource.create != nil { table.on(.post, path + suffix, create) }
        }
        table.on(.get, path + "/{id}", show)
        if resource.update != nil { table.on(.put, path + "/{id}", update) }
        if resource.delete != nil { table.on(.delete, path + "/{id}", delete) }
        if let tagged = resource.tagged { NetworkTags(networking: networking, find: tagged).register(path, on: &table) }
    }

    /// `GET /networks`: 200.
    func list(_ call: APICall) throws -> Response {
        let query = try NetworkQuery(call.query)
        let items = try resource.list(query.listing, call.context)
        let ids = items.map(resource.id)
        let attributes = resource.attributes(query.fields, for: call.context)
        let tags = try tags(of: ids, attributes)
        return call.answer(capacity: 256 + items.count * 1024) { json in
            json.entry(resource.plural) { json in
                json.list(items.indices) { json, index in
                    write(&json, items[index], tags[ids[index]] ?? [], attributes)
                }
            }
            let links = query.links(ids, to: call.base + call.request.path)
            guard !links.isEmpty else { return }
            json.entry(resource.plural + "_links") { json in json.list(links) { $0.link($1.rel, $1.href) } }
        }
    }

    /// `GET /networks/{id}`: 200.
    func show(_ call: APICall) throws -> Response {
        let item = try resource.show(call.resourceID, call.context)
        return try answer(item, fields: call.query.texts("fields").filter { !$0.isEmpty }, .ok, call)
    }

    /// `POST /networks`: 201, of one or of several, which are all made or none.
    func create(_ call: APICall) throws -> Response {
        guard let create = resource.create else { throw APIError(.notFound, APIError.nowhere) }
        let content = try call.content().members()
        guard let several = content[resource.plural] else {
            let items = try create([body(try one(of: content), .post)], call.context)
            guard let item = items.first else { throw APIError(.badRequest, "Resource body required") }
            return try answer(item, fields: [], .created, call)
        }
        let wanted = try JSONMember(value: several, path: resource.plural).list()
        guard !wanted.isEmpty else { throw APIError(.badRequest, "Resources required") }
        let bodies = try wanted.map { member in
            var value = member.value
            if case .object(let members) = value, let inner = members[resource.name] { value = inner }
            return try body(value, .post)
        }
        let items = try create(bodies, call.context)
        let attributes = resource.attributes([], for: call.context)
        return call.answer(.created, capacity: 256 + items.count * 1024) { json in
            json.entry(resource.plural) { json in
                json.list(items) { json, item in write(&json, item, [], attributes) }
            }
        }
    }

    /// `PUT /networks/{id}`: 200.
    func update(_ call: APICall) throws -> Response {
        guard let update = resource.update else { throw APIError(.notFound, APIError.nowhere) }
        let value = try one(of: try call.content().members())
        let item = try update(call.resourceID, try body(value, .put), try call.seenRevision(), call.context)
        return try answer(item, fields: [], .ok, call)
    }

    /// `DELETE /networks/{id}`: 204.
    func delete(_ call: APICall) throws -> Response {
        try resource.delete?(call.resourceID, try call.seenRevision(), call.context)
        return .nothing()
    }

    private func one(of content: [String: JSONValue]) throws -> JSONValue {
        guard let value = content[resource.name] else {
            throw APIError(.badRequest, "Unable to find '\(resource.name)' in request body")
        }
        return value
    }

    private func body(_ value: JSONValue, _ use: NetworkAttribute<Item>.Use) throws -> NetworkBody {
        try NetworkBody(value, path: resource.name, of: resource.attributes, for: use)
    }

    func answer(_ item: Item, fields: [String], _ status: Status, _ call: APICall) throws -> Response {
        let attributes = resource.attributes(fields, for: call.context)
        let id = resource.id(item)
        let tags = status == .created ? [] : try tags(of: [id], attributes)[id] ?? []
        return call.answer(status) { json in
            json.entry(resource.name) { write(&$0, item, tags, attributes) }
        }
    }

    /// The tags are asked for only where they are told.
    private func tags(of ids: [String], _ attributes: [NetworkAttribute<Item>]) throws -> [String: [String]] {
        guard resource.tagged != nil, attributes.contains(where: { $0.name == "tags" }) else { return [:] }
        return try networking.tags(ofVisible: ids)
    }

    private func write(
        _ json: inout JSONWriter, _ item: Item, _ tags: [String], _ attributes: [NetworkAttribute<Item>]
    ) {
        let shown = NetworkShown(item: item, tags: tags)
        json.object { json in
            for attribute in attributes { json.entry(attribute.name) { attribute.write?(&$0, shown) } }
        }
    }
}

extension APICall {
    /// The identifier in the path; clients of old wrote `.json` behind it.
    var resourceID: String {
        let text = self[parameter: "id"]
        return text.hasSuffix(".json") ? String(text.dropLast(5)) : text
    }

    /// The revision that the caller saw and wants to be the present one: `If-Match: revision_number=3`.
    /// - Throws: `APIError` 400 for another condition.
    func seenRevision() throws -> Int? {
        guard let condition = request.fields["If-Match"] else { return nil }
        let parts = condition.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0] == "revision_number", let number = Int(parts[1]) else {
            throw APIError(.badRequest, "Bad format for If-Match: '\(condition.prefix(80))'.")
        }
        return number
    }
}

extension JSONMember {
    /// The members of an object.
    func members() throws -> [String: JSONValue] {
        guard case .object(let members) = value else {
            throw APIError(.badRequest, "Request body is not a valid dictionary")
        }
        return members
    }
}

extension APIError {
    static let nowhere = "The resource could not be found."
}
