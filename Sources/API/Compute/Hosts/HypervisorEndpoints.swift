import Compute
import Foundation
import HTTP
import ServiceCore

/// `/os-hypervisors`.
struct HypervisorEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        let old = Microversion(2, 1)...Microversion(2, 87)
        let oldest = Microversion(2, 1)...Microversion(2, 52)
        table.on(.get, "/v2.1/os-hypervisors", list)
        table.on(.get, "/v2.1/os-hypervisors/detail", detail)
        table.on(.get, "/v2.1/os-hypervisors/statistics", in: old, statistics)
        table.on(.get, "/v2.1/os-hypervisors/{id}", show)
        table.on(.get, "/v2.1/os-hypervisors/{id}/uptime", in: old, uptime)
        table.on(.get, "/v2.1/os-hypervisors/{id}/search", in: oldest, search)
        table.on(.get, "/v2.1/os-hypervisors/{id}/servers", in: oldest, servers)
    }

    func list(_ call: APICall) throws -> Response { try answer(call, isWhole: false) }

    func detail(_ call: APICall) throws -> Response { try answer(call, isWhole: true) }

    private func answer(_ call: APICall, isWhole: Bool) throws -> Response {
        let query = call.query
        let request = call.isAtLeast(2, 33) ? try query.novaPage() : PageRequest()
        var (pattern, withServers): (String?, Bool) = (nil, false)
        if call.isAtLeast(2, 53) {
            pattern = query.text("hypervisor_hostname_pattern")
            withServers = try query.bool("with_servers") ?? false
        }
        try query.finish(call)
        var records = try compute.hypervisors(as: call.context).sorted { $0.service.number < $1.service.number }
        if let pattern {
            guard !query.has("limit"), !query.has("marker") else {
                throw APIError(
                    .badRequest, "Paging over hypervisors with the hypervisor_hostname_pattern is not supported.")
            }
            records = records.filter { $0.host.localizedCaseInsensitiveContains(pattern) }
            guard !records.isEmpty else {
                throw APIError(.notFound, "No hypervisor matching '\(pattern.prefix(80))' could be found.")
            }
        }
        if let marker = request?.marker {
            guard let place = records.firstIndex(where: { $0.apiID(call) == marker }) else {
                throw APIError(.badRequest, "marker [\(marker.prefix(80))] not found")
            }
            records.removeFirst(place + 1)
        }
        let items = Array(records.prefix(request?.limit ?? 0))
        let servers = withServers ? try compute.instancesByHost(as: call.context) : [:]
        return call.answer { json in
            json.list("hypervisors", items) { json, record in
                json.object {
                    $0.hypervisor(record, isWhole: isWhole, call)
                    if let own = servers[record.host] { $0.servers(own) }
                }
            }
            json.nextLink("hypervisors_links", records.count > items.count ? items.last?.apiID(call) : nil, call)
        }
    }

    func show(_ call: APICall) throws -> Response {
        let query = call.query
        let withServers = call.isAtLeast(2, 53) ? try query.bool("with_servers") ?? false : false
        try query.finish(call)
        let record = try find(call)
        let servers = withServers ? try compute.instancesByHost(as: call.context)[record.host] : nil
        return call.answer { json in
            json.object("hypervisor") {
                $0.hypervisor(record, isWhole: true, call)
                if let servers { $0.servers(servers) }
            }
        }
    }

    func uptime(_ call: APICall) throws -> Response {
        let record = try find(call)
        guard record.service.isUp else { throw APIError(.badRequest, "The host of this hypervisor is down.") }
        return call.answer { json in
            json.object("hypervisor") {
                $0.hypervisor(record, isWhole: false, call)
                $0.member("uptime", HostUptime.text)
            }
        }
    }

    func statistics(_ call: APICall) throws -> Response {
        let records = try compute.hypervisors(as: call.context).filter(\.service.isEnabled)
        return call.answer { json in
            json.object("hypervisor_statistics") {
                $0.member("count", records.count)
                $0.sums(records)
            }
        }
    }

    func search(_ call: APICall) throws -> Response {
        let records = try matching(call)
        return call.answer { json in
            json.list("hypervisors", records) { json, record in
                json.object { $0.hypervisor(record, isWhole: false, call) }
            }
        }
    }

    func servers(_ call: APICall) throws -> Response {
        let records = try matching(call)
        let servers = try compute.instancesByHost(as: call.context)
        return call.answer { json in
            json.list("hypervisors", records) { json, record in
                json.object {
                    $0.hypervisor(record, isWhole: false, call)
                    if let own = servers[record.host] { $0.servers(own) }
                }
            }
        }
    }

    private func matching(_ call: APICall) throws -> [HypervisorRecord] {
        let pattern = call[parameter: "id"]
        let records = try compute.hypervisors(as: call.context)
            .filter { $0.host.localizedCaseInsensitiveContains(pattern) }
        guard !records.isEmpty else {
            throw APIError(.notFound, "No hypervisor matching '\(pattern.prefix(80))' could be found.")
        }
        return records
    }

    private func find(_ call: APICall) throws -> HypervisorRecord {
        let id = call[parameter: "id"]
        let records = try compute.hypervisors(as: call.context)
        if call.isAtLeast(2, 53), !id.isUUID { throw APIError(.badRequest, "Invalid uuid \(id.prefix(80))") }
        guard let record = records.first(where: { $0.apiID(call) == id }) else {
            throw APIError(.notFound, "Hypervisor with ID '\(id.prefix(80))' could not be found.")
        }
        return record
    }
}

/// How long the machine has been up, as the command `uptime` says it.
enum HostUptime {
    static var text: String {
        let minutes = Int(ProcessInfo.processInfo.systemUptime / 60)
        return " up \(minutes / 1440) days, \(minutes / 60 % 24):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
}

extension HypervisorRecord {
    /// The number it has until 2.52, and the UUID after that.
    fileprivate func apiID(_ call: APICall) -> String {
        call.isAtLeast(2, 53) ? id.text : String(service.number)
    }
}

extension JSONWriter {
    fileprivate mutating func hypervisor(_ record: HypervisorRecord, isWhole: Bool, _ call: APICall) {
        if call.isAtLeast(2, 53) { member("id", record.id.text) } else { member("id", record.service.number) }
        member("hypervisor_hostname", record.host)
        member("state", record.service.isUp ? "up" : "down")
        member("status", record.service.isEnabled ? "enabled" : "disabled")
        guard isWhole else { return }
        member("hypervisor_type", record.capacityText.type)
        member("hypervisor_version", record.capacityText.version)
        member("host_ip", "127.0.0.1")
        object("service") {
            if call.isAtLeast(2, 53) {
                $0.member("id", record.service.id.text)
            } else {
                $0.member("id", record.service.number)
            }
            $0.member("host", record.host)
            $0.member("disabled_reason", record.service.disabledReason)
        }
        guard !call.isAtLeast(2, 88) else { return member("uptime", HostUptime.text) }
        if call.isAtLeast(2, 28) { object("cpu_info") { _ in } } else { member("cpu_info", "{}") }
        sums([record])
    }

    /// What several hosts have together.
    fileprivate mutating func sums(_ records: [HypervisorRecord]) {
        let uses = records.map(\.use)
        func sum(_ path: KeyPath<HypervisorRecord.Use, Int>) -> Int { uses.reduce(0) { $0 + $1[keyPath: path] } }
        member("vcpus", sum(\.vcpus))
        member("vcpus_used", sum(\.vcpusUsed))
        member("memory_mb", sum(\.memoryMiB))
        member("memory_mb_used", sum(\.memoryMiBUsed))
        member("free_ram_mb", sum(\.memoryMiB) - sum(\.memoryMiBUsed))
        member("local_gb", sum(\.diskGiB))
        member("local_gb_used", sum(\.diskGiBUsed))
        member("free_disk_gb", sum(\.diskGiB) - sum(\.diskGiBUsed))
        member("disk_available_least", sum(\.diskGiB) - sum(\.diskGiBUsed))
        member("current_workload", 0)
        member("running_vms", sum(\.guests))
    }

    fileprivate mutating func servers(_ servers: [(id: String, name: String)]) {
        list("servers", servers) { json, server in
            json.object {
                $0.member("name", server.name)
                $0.member("uuid", server.id)
            }
        }
    }
}
