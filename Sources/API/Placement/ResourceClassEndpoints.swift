import Compute
import HTTP
import ServiceCore

/// `/resource_classes` and `/traits`.
struct ResourceClassEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        let newest = Microversion(1, 39)
        table.on(.get, "/resource_classes", in: Microversion(1, 2)...newest, list)
        table.on(.get, "/resource_classes/{name}", in: Microversion(1, 2)...newest, show)
        table.on(.get, "/traits", in: Microversion(1, 6)...newest, traits)
        table.on(.get, "/traits/{name}", in: Microversion(1, 6)...newest, trait)
    }

    func list(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        return call.answer { json in
            json.list("resource_classes", ResourceClass.allCases) { json, kind in
                json.object { $0.resourceClass(kind) }
            }
        }
    }

    func show(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        guard let kind = ResourceClass(rawValue: call[parameter: "name"]) else {
            throw APIError(.notFound, "No such resource class \(call[parameter: "name"].prefix(80)).")
        }
        return call.answer { $0.resourceClass(kind) }
    }

    /// Hosts here are told apart by the metadata of their aggregates, and have no traits.
    func traits(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        return call.answer { $0.list("traits", [] as [String]) }
    }

    func trait(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        throw APIError(.notFound, "No such trait(s): \(call[parameter: "name"].prefix(80)).")
    }
}

extension JSONWriter {
    fileprivate mutating func resourceClass(_ kind: ResourceClass) {
        member("name", kind.rawValue)
        list("links", ["/placement/resource_classes/" + kind.rawValue]) { $0.link("self", $1) }
    }
}
