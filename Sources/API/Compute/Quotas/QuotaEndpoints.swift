import Compute
import HTTP
import Networking
import ServiceCore

/// `/os-quota-sets` and `/os-quota-class-sets`.
struct QuotaEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-quota-sets/{project}", show)
        table.on(.get, "/v2.1/os-quota-sets/{project}/defaults", defaults)
        table.on(.get, "/v2.1/os-quota-sets/{project}/detail", detail)
        table.on(.put, "/v2.1/os-quota-sets/{project}", update)
        table.on(.delete, "/v2.1/os-quota-sets/{project}", delete)
        table.on(.get, "/v2.1/os-quota-class-sets/{class}", showClass)
        table.on(.put, "/v2.1/os-quota-class-sets/{class}", updateClass)
    }

    func show(_ call: APICall) throws -> Response {
        try readUser(call)
        let limits = try compute.limits(projectID: call[parameter: "project"], as: call.context)
        return answer(limits, id: call[parameter: "project"], call)
    }

    func defaults(_ call: APICall) throws -> Response {
        answer(try compute.defaultLimits(as: call.context), id: call[parameter: "project"], call)
    }

    func detail(_ call: APICall) throws -> Response {
        try readUser(call)
        let limits = try compute.limits(projectID: call[parameter: "project"], as: call.context)
        return call.answer { json in
            json.object("quota_set") {
                $0.member("id", call[parameter: "project"])
                for limit in Self.limits(call) {
                    $0.entry(limit.rawValue) { json in
                        json.object {
                            $0.member("limit", limits[limit])
                            $0.member("in_use", limits.used[limit] ?? 0)
                            $0.member("reserved", 0)
                        }
                    }
                }
            }
        }
    }

    func update(_ call: APICall) throws -> Response {
        try readUser(call)
        let (changes, force) = try call.object("quota_set") { reader in
            _ = try reader.optional("tenant_id")?.text()
            let force = try reader.optional("force")?.looseBool() ?? false
            return (try self.changes(reader, Self.limits(call, isOfClass: false)), force)
        }
        let project = call[parameter: "project"]
        try compute.setLimits(changes, projectID: project, force: force, as: call.context)
        return answer(try compute.limits(projectID: project, as: call.context), id: nil, call)
    }

    func delete(_ call: APICall) throws -> Response {
        try readUser(call)
        try compute.resetLimits(projectID: call[parameter: "project"], as: call.context)
        return .nothing(.accepted)
    }

    func showClass(_ call: APICall) throws -> Response {
        try compute.require(.updateQuotas, as: call.context)
        return answer(try compute.defaultLimits(as: call.context), id: call[parameter: "class"], ofClass: true, call)
    }

    func updateClass(_ call: APICall) throws -> Response {
        let changes = try call.object("quota_class_set") { reader in
            try self.changes(reader, Self.limits(call, isOfClass: true))
        }
        guard call[parameter: "class"] == "default" else {
            throw APIError(.badRequest, "There is no quota class but 'default'.")
        }
        try compute.setLimits(changes, projectID: nil, as: call.context)
        return answer(try compute.defaultLimits(as: call.context), id: nil, ofClass: true, call)
    }

    /// Limits of single users are gone from nova, too; who names one gets the project's.
    private func readUser(_ call: APICall) throws {
        let query = call.query
        _ = query.has("user_id")
        try query.finish(call)
    }

    private func changes(_ reader: JSONReader, _ limits: [ComputeLimit]) throws -> [ComputeLimit: Int] {
        try limits.reduce(into: [:]) { changes, limit in
            guard let member = reader.optional(limit.rawValue) else { return }
            changes[limit] = try member.looseInteger(-1...Int(Int32.max))
        }
    }

    /// The limits that a microversion knows.
    static func limits(_ call: APICall, isOfClass: Bool = false) -> [ComputeLimit] {
        ComputeLimit.allCases.filter { limit in
            switch limit {
            case .floatingIPs, .fixedIPs, .securityGroups, .securityGroupRules:
                !call.isAtLeast(2, isOfClass ? 50 : 36)
            case .injectedFiles, .injectedFileContentBytes, .injectedFilePathBytes: !call.isAtLeast(2, 57)
            default: true
            }
        }
    }

    private func answer(_ limits: ComputeLimits, id: String?, ofClass: Bool = false, _ call: APICall) -> Response {
        call.answer { json in
            json.entry(ofClass ? "quota_class_set" : "quota_set") { json in
                json.object {
                    $0.optionalMember("id", id)
                    for limit in Self.limits(call, isOfClass: ofClass) { $0.entry(limit.rawValue, limits[limit]) }
                }
            }
        }
    }
}
