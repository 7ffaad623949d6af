import Compute
import HTTP
import ServiceCore

/// `/flavors/{id}/os-extra_specs`, and who may use a flavor.
struct FlavorExtraEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/flavors/{id}/os-extra_specs", list)
        table.on(.post, "/v2.1/flavors/{id}/os-extra_specs", create)
        table.on(.get, "/v2.1/flavors/{id}/os-extra_specs/{key}", show)
        table.on(.put, "/v2.1/flavors/{id}/os-extra_specs/{key}", update)
        table.on(.delete, "/v2.1/flavors/{id}/os-extra_specs/{key}", delete)
        table.on(.get, "/v2.1/flavors/{id}/os-flavor-access", access)
        table.on(.post, "/v2.1/flavors/{id}/action", act)
    }

    func list(_ call: APICall) throws -> Response {
        try compute.require(.look, as: call.context)
        let flavor = try flavor(call)
        return call.answer { $0.member("extra_specs", flavor.extraSpecs) }
    }

    func create(_ call: APICall) throws -> Response {
        let specs = try call.object("extra_specs", { reader in try self.specs(reader) })
        let flavor = try flavor(call)
        try compute.setExtraSpecs(
            flavor.extraSpecs.merging(specs) { $1 }, ofFlavor: flavor.id, as: call.context)
        return call.answer { $0.member("extra_specs", specs) }
    }

    func show(_ call: APICall) throws -> Response {
        try compute.require(.look, as: call.context)
        let key = call[parameter: "key"]
        guard let value = try flavor(call).extraSpecs[key] else { throw missing(key, call) }
        return call.answer { $0.entry(key, value) }
    }

    func update(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        let specs = try call.content().object { try self.specs($0) }
        guard specs.count == 1, let value = specs[key] else {
            throw APIError(.badRequest, "Request body and URI mismatch")
        }
        let flavor = try flavor(call)
        try compute.setExtraSpecs(
            flavor.extraSpecs.merging(specs) { $1 }, ofFlavor: flavor.id, as: call.context)
        return call.answer { $0.entry(key, value) }
    }

    func delete(_ call: APICall) throws -> Response {
        let key = call[parameter: "key"]
        try requireRight(call)
        let flavor = try flavor(call)
        var specs = flavor.extraSpecs
        guard specs.removeValue(forKey: key) != nil else { throw missing(key, call) }
        try compute.setExtraSpecs(specs, ofFlavor: flavor.id, as: call.context)
        return .nothing(.ok)
    }

    func access(_ call: APICall) throws -> Response {
        answer(try compute.flavorAccess(call[parameter: "id"], as: call.context), call)
    }

    func act(_ call: APICall) throws -> Response {
        let (project, allowed) = try call.content().object { reader in
            let name = reader.names.first ?? ""
            guard ["addTenantAccess", "removeTenantAccess"].contains(name), reader.names.count == 1 else {
                throw APIError(.badRequest, "There is no such action: \(name.prefix(80))")
            }
            let project = try reader.required(name).object { try $0.required("tenant").text(1...255) }
            return (project, name == "addTenantAccess")
        }
        guard
            project.utf8.allSatisfy({
                $0 == UInt8(ascii: "-") || Character(UnicodeScalar($0)).isLetter
                    || Character(UnicodeScalar($0)).isNumber
            })
        else {
            throw APIError(.badRequest, "Project ID \(project.prefix(80)) is not a valid project.")
        }
        return answer(
            try compute.setFlavorAccess(call[parameter: "id"], project: project, allowed, as: call.context), call)
    }

    private func answer(_ projects: [String], _ call: APICall) -> Response {
        call.answer { json in
            json.list("flavor_access", projects) { json, project in
                json.object {
                    $0.member("flavor_id", call[parameter: "id"])
                    $0.member("tenant_id", project)
                }
            }
        }
    }

    private func flavor(_ call: APICall) throws -> Flavor {
        try compute.flavor(call[parameter: "id"], as: call.context)
    }

    /// Who may not change specs is told so, and not which there are.
    private func requireRight(_ call: APICall) throws {
        guard compute.canChangeFlavors(as: call.context) else {
            throw APIError(
                .forbidden, "Policy doesn't allow os_compute_api:os-flavor-extra-specs:delete to be performed.")
        }
    }

    private func specs(_ reader: JSONReader) throws -> [String: String] {
        try reader.names.reduce(into: [:]) { specs, name in
            guard MetadataName.isPossible(name) else {
                throw APIError(.badRequest, "Invalid input for extra_specs: '\(name.prefix(80))' is not a name.")
            }
            switch try reader.required(name).value {
            case .text(let text) where text.unicodeScalars.count <= 255: specs[name] = text
            case .integer(let number): specs[name] = String(number)
            case .number(let number): specs[name] = String(number)
            default: throw APIError(.badRequest, "Invalid input for \(name): it is not a text or a number.")
            }
        }
    }

    private func missing(_ key: String, _ call: APICall) -> APIError {
        APIError(.notFound, "Flavor \(call[parameter: "id"]) has no extra specs with key \(key).")
    }
}
