import Compute
import HTTP
import ServiceCore

/// `/servers/{id}/metadata` and `/servers/{id}/tags`.
struct ServerMetadataEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/servers/{id}/metadata", list)
        table.on(.post, "/v2.1/servers/{id}/metadata", merge)
        table.on(.put, "/v2.1/servers/{id}/metadata", replace)
        table.on(.get, "/v2.1/servers/{id}/metadata/{key}", show)
        table.on(.put, "/v2.1/servers/{id}/metadata/{key}", set)
        table.on(.delete, "/v2.1/servers/{id}/metadata/{key}", delete)
        let tagged = ClosedRange<Microversion>.since(26)
        table.on(.get, "/v2.1/servers/{id}/tags", in: tagged, tags)
        table.on(.put, "/v2.1/servers/{id}/tags", in: tagged, replaceTags)
        table.on(.delete, "/v2.1/servers/{id}/tags", in: tagged, deleteTags)
        table.on(.get, "/v2.1/servers/{id}/tags/{tag}", in: tagged, hasTag)
        table.on(.put, "/v2.1/servers/{id}/tags/{tag}", in: tagged, addTag)
        table.on(.delete, "/v2.1/servers/{id}/tags/{tag}", in: tagged, deleteTag)
    }

    func list(_ call: APICall) throws -> Response {
        let metadata = try compute.instance(call.serverID(), as: call.context).metadata
        return call.answer { $0.member("metadata", metadata) }
    }

    func merge(_ call: APICall) throws -> Response {
        let pairs = try self.pairs(call)
        let metadata = try compute.mergeMetadata(pairs, into: call.serverID(), as: call.context)
        return call.answer { $0.member("metadata", metadata) }
    }

    func replace(_ call: APICall) throws -> Response {
        let pairs = try self.pairs(call)
        let metadata = try compute.setMetadata(pairs, of: call.serverID(), as: call.context).metadata
        return call.answer { $0.member("metadata", metadata) }
    }

    func show(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        guard let value = try compute.instance(call.serverID(), as: call.context).metadata[key] else {
            throw APIError(.notFound, "Metadata item was not found")
        }
        return call.answer { $0.object("meta") { $0.entry(key, value) } }
    }

    func set(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        let pairs = try call.content().object { try $0.required("meta").metadata() }
        guard pairs.count == 1, let value = pairs[key] else {
            throw APIError(.badRequest, "Request body and URI mismatch")
        }
        try compute.mergeMetadata(pairs, into: call.serverID(), as: call.context)
        return call.answer { $0.object("meta") { $0.entry(key, value) } }
    }

    func delete(_ call: APICall) throws -> Response {
        try compute.removeMetadata(call[parameter: "key"], from: call.serverID(), as: call.context)
        return .nothing()
    }

    private func pairs(_ call: APICall) throws -> [String: String] {
        try call.content().object { try $0.required("metadata").metadata() }
    }
}

extension ServerMetadataEndpoints {
    func tags(_ call: APICall) throws -> Response {
        let tags = try compute.tags(of: call.serverID(), as: call.context)
        return call.answer { $0.list("tags", tags) }
    }

    func hasTag(_ call: APICall) throws -> Response {
        let tag = call[parameter: "tag"]
        guard try compute.tags(of: call.serverID(), as: call.context).contains(tag) else {
            throw APIError(.notFound, "Server \(call[parameter: "id"]) has no tag '\(tag.prefix(80))'")
        }
        return .nothing()
    }

    func replaceTags(_ call: APICall) throws -> Response {
        let wanted = try call.content().object { reader in
            try reader.required("tags").list(0...50).map { try $0.tag() }
        }
        let tags = try compute.setTags(wanted, of: call.serverID(), as: call.context)
        return call.answer { $0.list("tags", tags) }
    }

    func addTag(_ call: APICall) throws -> Response {
        let isNew = try compute.addTag(call[parameter: "tag"], to: call.serverID(), as: call.context)
        var response = Response.nothing(isNew ? .created : .noContent)
        response.fields.set("Location", call.root + "/servers/\(try call.serverID())/tags/\(call[parameter: "tag"])")
        return response
    }

    func deleteTag(_ call: APICall) throws -> Response {
        try compute.removeTag(call[parameter: "tag"], from: call.serverID(), as: call.context)
        return .nothing()
    }

    func deleteTags(_ call: APICall) throws -> Response {
        try compute.setTags([], of: call.serverID(), as: call.context)
        return .nothing()
    }
}
