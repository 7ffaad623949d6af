import Compute
import HTTP
import ServiceCore

/// `/allocations`, `/usages` and `/allocation_candidates`.
struct AllocationEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        let newest = Microversion(1, 39)
        table.on(.get, "/allocations/{consumer}", allocations)
        table.on(.get, "/usages", in: Microversion(1, 9)...newest, usages)
        table.on(.get, "/allocation_candidates", in: Microversion(1, 10)...newest, candidates)
    }

    /// What one instance takes; nothing for what is no instance.
    func allocations(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        let consumer = call[parameter: "consumer"]
        guard consumer.isUUID else { throw APIError(.badRequest, "Malformed consumer_uuid: \(consumer.prefix(80))") }
        var filter = InstanceFilter()
        (filter.id, filter.allProjects) = (consumer, true)
        let instance = try compute.instances(filter, as: call.context).items.first
        let host = instance.flatMap { compute.internals(of: $0, as: call.context)?.host }
        let provider = try host.flatMap { host in
            try compute.hypervisors(as: call.context).first { $0.host == host }
        }
        return call.answer { json in
            json.object("allocations") { json in
                guard let instance, let provider else { return }
                json.entry(provider.id.text) { json in
                    json.object {
                        $0.member("generation", 0)
                        $0.resources(of: instance.flavor)
                    }
                }
            }
            guard let instance, provider != nil else { return }
            if call.isAtLeast(1, 12) {
                json.member("project_id", instance.projectID)
                json.member("user_id", instance.userID)
            }
            if call.isAtLeast(1, 28) { json.member("consumer_generation", 1) }
            if call.isAtLeast(1, 38) { json.member("consumer_type", "INSTANCE") }
        }
    }

    /// What a project takes.
    func usages(_ call: APICall) throws -> Response {
        let query = call.query
        guard let project = query.text("project_id"), !project.isEmpty else {
            throw APIError(.badRequest, "project_id is required.")
        }
        _ = query.has("user_id")
        if call.isAtLeast(1, 38) { _ = query.has("consumer_type") }
        try query.refuseUnknown()
        let used = try compute.quota(projectID: project, as: call.context).used
        return call.answer { json in
            json.object("usages") { json in
                guard used.instances > 0 else { return }
                if call.isAtLeast(1, 38) {
                    json.object("INSTANCE") {
                        $0.member("consumer_count", used.instances)
                        $0.member("VCPU", used.cores)
                        $0.member("MEMORY_MB", used.memoryMiB)
                    }
                } else {
                    json.member("VCPU", used.cores)
                    json.member("MEMORY_MB", used.memoryMiB)
                }
            }
        }
    }

    func candidates(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        let query = call.query
        guard let text = query.text("resources") else {
            throw APIError(.badRequest, "Querystring must contain at least one resources parameter.")
        }
        let wanted = try call.resources(text)
        let limit = call.isAtLeast(1, 16) ? try query.integer("limit", 1...Int.max) : nil
        for name in ["required", "member_of", "in_tree", "group_policy"] { _ = query.has(name) }
        try query.refuseUnknown()
        let fitting = try compute.hypervisors(as: call.context).filter { record in
            record.service.isEnabled && wanted.allSatisfy { $0.isThere(in: record, $1) }
        }
        let hosts = fitting.prefix(limit ?? fitting.count)
        return call.answer { json in
            json.list("allocation_requests", hosts) { $0.request(wanted, on: $1, call) }
            json.object("provider_summaries") { json in
                for host in hosts {
                    json.entry(host.id.text) { json in json.object { $0.summary(of: host, call) } }
                }
            }
        }
    }
}

extension JSONWriter {
    private mutating func amounts(_ wanted: [ResourceClass: Int]) {
        object("resources") { json in
            for (kind, amount) in wanted.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                json.entry(kind.rawValue, amount)
            }
        }
    }

    /// Until 1.11 a list of providers, from 1.12 on an object by their ids.
    fileprivate mutating func request(_ wanted: [ResourceClass: Int], on host: HypervisorRecord, _ call: APICall) {
        object { json in
            guard call.isAtLeast(1, 12) else {
                return json.list("allocations", [host]) { json, host in
                    json.object { json in
                        json.object("resource_provider") { $0.member("uuid", host.id.text) }
                        json.amounts(wanted)
                    }
                }
            }
            json.object("allocations") { json in
                json.entry(host.id.text) { json in json.object { $0.amounts(wanted) } }
            }
            if call.isAtLeast(1, 34) {
                json.object("mappings") { $0.list("", [host.id.text]) }
            }
        }
    }

    fileprivate mutating func summary(of host: HypervisorRecord, _ call: APICall) {
        object("resources") { json in
            for kind in ResourceClass.allCases {
                let inventory = kind.inventory(of: host)
                json.entry(kind.rawValue) { json in
                    json.object {
                        $0.member("capacity", Int(Double(inventory.total) * inventory.ratio))
                        $0.member("used", inventory.used)
                    }
                }
            }
        }
        if call.isAtLeast(1, 17) { list("traits", [] as [String]) }
        guard call.isAtLeast(1, 29) else { return }
        member("parent_provider_uuid", nil as String?)
        member("root_provider_uuid", host.id.text)
    }
}
