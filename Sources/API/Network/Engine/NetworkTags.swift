import HTTP
import Networking
import ServiceCore

/// `/networks/{id}/tags`: neutron's tags, of every kind of resource that has some.
struct NetworkTags: Sendable {
    let networking: NetworkingService
    /// The resource with an identifier; nil for a text that is none.
    let find: @Sendable (String) -> TaggedResource?

    func register(_ path: String, on table: inout RouteTable) {
        table.on(.get, path + "/{id}/tags", list)
        table.on(.put, path + "/{id}/tags", replace)
        table.on(.delete, path + "/{id}/tags", clear)
        table.on(.get, path + "/{id}/tags/{tag}", check)
        table.on(.put, path + "/{id}/tags/{tag}", add)
        table.on(.delete, path + "/{id}/tags/{tag}", remove)
    }

    /// `GET`: 200.
    func list(_ call: APICall) throws -> Response {
        answer(try networking.tags(of: resource(call), as: call.context), call)
    }

    /// `PUT`: 200 with the tags as they are now.
    func replace(_ call: APICall) throws -> Response {
        let tags = try call.object("tags", in: "tags") { try $0.list().map { try $0.text(0...255) } }
        try networking.setTags(tags, of: resource(call), as: call.context)
        return try list(call)
    }

    /// `DELETE`: 204.
    func clear(_ call: APICall) throws -> Response {
        try networking.setTags([], of: resource(call), as: call.context)
        return .nothing()
    }

    /// `GET …/tags/{tag}`: 204, or 404.
    func check(_ call: APICall) throws -> Response {
        guard try networking.tags(of: resource(call), as: call.context).contains(call[parameter: "tag"]) else {
            throw ServiceError.notFound("Tag", call[parameter: "tag"])
        }
        return .nothing()
    }

    /// `PUT …/tags/{tag}`: 201.
    func add(_ call: APICall) throws -> Response {
        try networking.addTag(call[parameter: "tag"], to: resource(call), as: call.context)
        return .nothing(.created)
    }

    /// `DELETE …/tags/{tag}`: 204, or 404.
    func remove(_ call: APICall) throws -> Response {
        try networking.removeTag(call[parameter: "tag"], from: resource(call), as: call.context)
        return .nothing()
    }

    private func resource(_ call: APICall) throws -> TaggedResource {
        guard let resource = find(call[parameter: "id"]) else {
            throw ServiceError.notFound("Resource", call[parameter: "id"])
        }
        return resource
    }

    private func answer(_ tags: [String], _ call: APICall) -> Response {
        call.answer { $0.list("tags", tags) }
    }
}

extension APICall {
    /// Reads the only member of the content.
    /// - Throws: `APIError` 400; what `body` throws.
    func object<T>(_ name: String, in path: String, _ body: (JSONMember) throws -> T) throws -> T {
        try content().object { try body(try $0.required(name)) }
    }
}
