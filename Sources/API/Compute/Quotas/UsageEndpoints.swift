import Compute
import HTTP
import ServiceCore

/// `/os-simple-tenant-usage`.
struct UsageEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/os-simple-tenant-usage", list)
        table.on(.get, "/v2.1/os-simple-tenant-usage/{project}", show)
    }

    func list(_ call: APICall) throws -> Response {
        let query = call.query
        let (start, end) = try stretch(query)
        let detailed = query.text("detailed") == "1"
        let page = call.isAtLeast(2, 40) ? try query.novaPage() : PageRequest()
        try query.finish(call)
        let usages = try compute.usage(ofProject: nil, from: start, to: end, as: call.context)
        let cut = try self.cut(usages.flatMap { usage in usage.instances.map { (usage.projectID, $0) } }, page)
        let byProject = Dictionary(grouping: cut.items, by: \.0).mapValues { $0.map(\.1) }
        return call.answer { json in
            json.list("tenant_usages", byProject.keys.sorted()) { json, project in
                json.object {
                    $0.usage(project, byProject[project] ?? [], start, end, detailed: detailed)
                }
            }
            if call.isAtLeast(2, 40) { json.nextLink("tenant_usages_links", cut.next, call) }
        }
    }

    func show(_ call: APICall) throws -> Response {
        let query = call.query
        let (start, end) = try stretch(query)
        _ = query.has("detailed")
        let page = call.isAtLeast(2, 40) ? try query.novaPage() : PageRequest()
        try query.finish(call)
        let project = call[parameter: "project"]
        let usage = try compute.usage(ofProject: project, from: start, to: end, as: call.context)
        let cut = try self.cut(usage.flatMap { usage in usage.instances.map { (usage.projectID, $0) } }, page)
        return call.answer { json in
            json.object("tenant_usage") {
                guard !cut.items.isEmpty else { return }
                $0.usage(project, cut.items.map(\.1), start, end, detailed: true)
            }
            if call.isAtLeast(2, 40) { json.nextLink("tenant_usage_links", cut.next, call) }
        }
    }

    /// Four weeks back from now, unless the query says otherwise.
    private func stretch(_ query: QueryReader) throws -> (Timestamp, Timestamp) {
        let now = compute.now
        let end = try query.moment("end") ?? now
        let start = try query.moment("start") ?? end.adding(seconds: -28 * 86_400)
        guard start <= end else {
            throw APIError(.badRequest, "Invalid start time. The start time cannot occur after the end time.")
        }
        return (start, end)
    }

    /// Pages are of instances; the marker is the last one's id.
    private func cut(
        _ all: [(String, InstanceUsage)], _ page: PageRequest?
    ) throws -> (items: [(String, InstanceUsage)], next: String?) {
        guard let page else { return ([], nil) }
        var all = all
        if let marker = page.marker {
            guard let place = all.firstIndex(where: { $0.1.instance.id.text == marker }) else {
                throw APIError(.badRequest, "marker [\(marker.prefix(80))] not found")
            }
            all.removeFirst(place + 1)
        }
        let items = Array(all.prefix(page.limit))
        return (items, all.count > items.count ? items.last?.1.instance.id.text : nil)
    }
}

extension JSONWriter {
    fileprivate mutating func usage(
        _ project: String, _ usages: [InstanceUsage], _ start: Timestamp, _ end: Timestamp, detailed: Bool
    ) {
        func sum(_ size: (InstanceFlavor) -> Int) -> Double {
            usages.reduce(0) { $0 + $1.hours * Double(size($1.instance.flavor)) }
        }
        member("tenant_id", project)
        member("start", start.withMicroseconds)
        member("stop", end.withMicroseconds)
        member("total_hours", usages.reduce(0) { $0 + $1.hours })
        member("total_vcpus_usage", sum(\.vcpus))
        member("total_memory_mb_usage", sum(\.memoryMiB))
        member("total_local_gb_usage", sum { $0.diskGiB + $0.ephemeralGiB })
        guard detailed else { return }
        list("server_usages", usages) { json, usage in json.object { $0.usage(usage) } }
    }

    private mutating func usage(_ usage: InstanceUsage) {
        let instance = usage.instance
        member("instance_id", instance.id.text)
        member("name", instance.name)
        member("tenant_id", instance.projectID)
        member("flavor", instance.flavor.name)
        member("vcpus", instance.flavor.vcpus)
        member("memory_mb", instance.flavor.memoryMiB)
        member("local_gb", instance.flavor.diskGiB + instance.flavor.ephemeralGiB)
        member("hours", usage.hours)
        member("uptime", usage.uptime)
        member("started_at", (instance.launchedAt ?? instance.createdAt).withMicroseconds)
        member("ended_at", instance.deletedAt?.withMicroseconds)
        member("state", instance.deletedAt == nil ? instance.vmState.rawValue : "terminated")
    }
}
