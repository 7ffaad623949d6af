import HTTP
import Identity

/// `/v3/regions`.
struct RegionEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/regions", list)
        table.on(.post, "/v3/regions") { try create($0, id: nil) }
        table.on(.get, "/v3/regions/{region_id}", show)
        table.on(.put, "/v3/regions/{region_id}") { try create($0, id: $0[parameter: "region_id"]) }
        table.on(.patch, "/v3/regions/{region_id}", update)
        table.on(.delete, "/v3/regions/{region_id}", delete)
    }

    private func list(_ call: APICall) throws -> Response {
        let regions = try identity.regions(partsOf: call.query.filter("parent_region_id"))
        return call.collection("regions", regions) { $0.region($1, call) }
    }

    private func create(_ call: APICall, id: String?) throws -> Response {
        let new = try call.object("region") { reader in
            reader.allowUnknown()
            let named = try reader.nullable("id")?.text()
            guard id == nil || named == nil || named == id else {
                throw APIError(.badRequest, "region.id is not that of the URL.")
            }
            return NewRegion(
                id: id ?? named.flatMap { $0.isEmpty ? nil : $0 },
                description: try reader.nullable("description")?.text() ?? "",
                parentID: try reader.nullable("parent_region_id")?.text())
        }
        let region = try identity.createRegion(new, as: call.context)
        return call.document("region", .created) { $0.region(region, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let region = try identity.region(call[parameter: "region_id"])
        return call.document("region") { $0.region(region, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let update = try call.object("region") { reader in
            reader.allowUnknown()
            return RegionUpdate(
                description: try reader.optional("description").map { try $0.nullableText() ?? "" },
                parentID: try reader.optional("parent_region_id").map { try $0.nullableText() })
        }
        let region = try identity.updateRegion(call[parameter: "region_id"], update, as: call.context)
        return call.document("region") { $0.region(region, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteRegion(call[parameter: "region_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func region(_ region: Region, _ call: APICall) {
        member("id", region.id)
        member("description", region.description)
        member("parent_region_id", region.parentID)
        selfLink(call, "regions/" + region.id)
    }
}
