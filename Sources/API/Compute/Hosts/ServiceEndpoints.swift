import Compute
import HTTP
import ServiceCore

/// `/os-services`.
struct ServiceEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-services", list)
        table.on(.put, "/v2.1/os-services/{id}", update)
        table.on(.delete, "/v2.1/os-services/{id}", delete)
    }

    func list(_ call: APICall) throws -> Response {
        let query = call.query
        let (host, binary) = (query.text("host"), query.text("binary"))
        try query.finish(call)
        let services = try compute.services(as: call.context).filter {
            (host?.isEmpty != false || $0.host == host) && (binary?.isEmpty != false || $0.binary == binary)
        }
        return call.answer { json in json.list("services", services) { $0.service($1, call) } }
    }

    func update(_ call: APICall) throws -> Response {
        let id = call[parameter: "id"]
        guard call.isAtLeast(2, 53) else { return try updateByName(id, call) }
        let service = try find(id, call)
        let change = try call.content().object { reader in
            (
                status: try reader.optional("status")?.choice(["enabled", "disabled"]),
                reason: try reader.optional("disabled_reason")?.text(1...255),
                isDown: try reader.optional("forced_down")?.looseBool()
            )
        }
        guard change.status != nil || change.isDown != nil || change.reason != nil else {
            throw APIError(
                .badRequest, "No updates were requested. Fields 'status' or 'forced_down' should be specified.")
        }
        guard change.reason == nil || change.status == "disabled" else {
            throw APIError(.badRequest, "Specifying 'disabled_reason' is only valid when 'status' is 'disabled'.")
        }
        try requireCompute(service.binary)
        if let status = change.status {
            try compute.setService(
                service.binary, on: service.host, enabled: status == "enabled", reason: change.reason, as: call.context)
        }
        if let isDown = change.isDown {
            try compute.forceDown(service.binary, on: service.host, isDown, as: call.context)
        }
        let changed = try find(id, call)
        return call.answer { json in json.entry("service") { $0.service(changed, call) } }
    }

    /// Before 2.53 the path says what is to be done, and the content to which service.
    private func updateByName(_ action: String, _ call: APICall) throws -> Response {
        try compute.require(.updateServices, as: call.context)
        let wanted = try call.content().object { reader in
            (
                host: try reader.required("host").text(1...255), binary: try reader.required("binary").text(1...255),
                reason: try reader.optional("disabled_reason")?.text(1...255),
                isDown: try reader.optional("forced_down")?.looseBool()
            )
        }
        let isForced = action == "force-down" && call.isAtLeast(2, 11)
        guard ["enable", "disable", "disable-log-reason"].contains(action) || isForced else {
            throw APIError(.notFound, "Unknown action")
        }
        if action == "disable-log-reason", wanted.reason == nil {
            throw APIError(.badRequest, "Missing disabled reason field")
        }
        try requireCompute(wanted.binary)
        if isForced {
            guard let isDown = wanted.isDown else { throw APIError(.badRequest, "Missing forced_down field") }
            try compute.forceDown(wanted.binary, on: wanted.host, isDown, as: call.context)
        } else {
            let reason = action == "disable-log-reason" ? wanted.reason : nil
            try compute.setService(
                wanted.binary, on: wanted.host, enabled: action == "enable", reason: reason, as: call.context)
        }
        return call.answer { json in
            json.object("service") {
                $0.member("host", wanted.host)
                $0.member("binary", wanted.binary)
                if isForced {
                    $0.member("forced_down", wanted.isDown ?? false)
                } else {
                    $0.member("status", action == "enable" ? "enabled" : "disabled")
                }
                if action == "disable-log-reason" { $0.member("disabled_reason", wanted.reason) }
            }
        }
    }

    func delete(_ call: APICall) throws -> Response {
        let service = try find(call[parameter: "id"], call)
        try compute.deleteService(service.binary, on: service.host, as: call.context)
        return .nothing()
    }

    private func requireCompute(_ binary: String) throws {
        guard binary == "nova-compute" else {
            throw APIError(
                .badRequest,
                "Updating a \(binary.prefix(80)) service is not supported. Only nova-compute services can be updated.")
        }
    }

    private func find(_ id: String, _ call: APICall) throws -> ServiceRecord {
        let services = try compute.services(as: call.context)
        let isUUID = call.isAtLeast(2, 53)
        guard isUUID ? id.isUUID : Int(id) != nil else { throw APIError(.badRequest, "Invalid id \(id.prefix(80))") }
        guard let service = services.first(where: { isUUID ? $0.id.text == id : String($0.number) == id }) else {
            throw APIError(.notFound, "Service \(id) not found.")
        }
        return service
    }
}

extension JSONWriter {
    fileprivate mutating func service(_ service: ServiceRecord, _ call: APICall) {
        object {
            if call.isAtLeast(2, 53) { $0.member("id", service.id.text) } else { $0.member("id", service.number) }
            $0.member("binary", service.binary)
            $0.member("host", service.host)
            $0.member("zone", service.zone)
            $0.member("status", service.isEnabled ? "enabled" : "disabled")
            $0.member("state", service.isUp ? "up" : "down")
            $0.member("updated_at", service.updatedAt?.withMicroseconds)
            $0.member("disabled_reason", service.disabledReason)
            if call.isAtLeast(2, 11) { $0.member("forced_down", service.isForcedDown) }
        }
    }
}
