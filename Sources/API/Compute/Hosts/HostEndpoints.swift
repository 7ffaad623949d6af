import Compute
import HTTP
import ServiceCore

/// `/os-hosts`, which there was until 2.42.
struct HostEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        let versions = Microversion(2, 1)...Microversion(2, 42)
        table.on(.get, "/v2.1/os-hosts", in: versions, list)
        table.on(.get, "/v2.1/os-hosts/{host}", in: versions, show)
        table.on(.put, "/v2.1/os-hosts/{host}", in: versions, update)
        for action in ["startup", "shutdown", "reboot"] {
            table.on(.get, "/v2.1/os-hosts/{host}/\(action)", in: versions, power)
        }
    }

    func list(_ call: APICall) throws -> Response {
        // A blank one is none.
        let zone = call.query.text("zone").flatMap { $0.isEmpty ? nil : $0 }
        let service = call.query.text("service")
        let services = try compute.services(as: call.context).filter {
            (zone == nil || $0.zone == zone) && (service == nil || $0.binary.hasSuffix(service ?? ""))
        }
        return call.answer { json in
            json.list("hosts", services) { json, record in
                json.object {
                    $0.member("host_name", record.host)
                    $0.member("service", record.binary.replacing("nova-", with: ""))
                    $0.member("zone", record.zone)
                }
            }
        }
    }

    func show(_ call: APICall) throws -> Response {
        let record = try find(call)
        let use = record.use
        let lines = [
            ("(total)", use.vcpus, use.memoryMiB, use.diskGiB),
            ("(used_now)", use.vcpusUsed, use.memoryMiBUsed, use.diskGiBUsed),
            ("(used_max)", use.vcpusUsed, use.memoryMiBUsed, use.diskGiBUsed),
        ]
        return call.answer { json in
            json.list("host", lines) { json, line in
                json.object { json in
                    json.object("resource") {
                        $0.member("host", record.host)
                        $0.member("project", line.0)
                        $0.member("cpu", line.1)
                        $0.member("memory_mb", line.2)
                        $0.member("disk_gb", line.3)
                    }
                }
            }
        }
    }

    func update(_ call: APICall) throws -> Response {
        try compute.require(.updateServices, as: call.context)
        let (status, mode) = try call.content().object { reader in
            (
                try reader.optional("status")?.text().lowercased(),
                try reader.optional("maintenance_mode")?.text().lowercased()
            )
        }
        guard status != nil || mode != nil, [nil, "enable", "disable"].contains(status),
            [nil, "enable", "disable"].contains(mode)
        else { throw APIError(.badRequest, "The status or the maintenance mode is enable or disable.") }
        let record = try find(call)
        guard mode == nil else { throw APIError(.notImplemented, "Hosts of this cloud have no maintenance mode.") }
        try compute.setService("nova-compute", on: record.host, enabled: status == "enable", as: call.context)
        return call.answer {
            $0.member("host", record.host)
            $0.member("status", status == "enable" ? "enabled" : "disabled")
        }
    }

    /// Machines are started and stopped by people.
    func power(_ call: APICall) throws -> Response {
        _ = try find(call)
        throw APIError(.notImplemented, "Virt driver does not implement host power actions.")
    }

    private func find(_ call: APICall) throws -> HypervisorRecord {
        let host = call[parameter: "host"]
        guard let record = try compute.hypervisors(as: call.context).first(where: { $0.host == host }) else {
            throw APIError(.notFound, "Compute host \(host.prefix(80)) could not be found.")
        }
        return record
    }
}
