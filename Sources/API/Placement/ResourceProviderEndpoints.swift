import Compute
import HTTP
import ServiceCore

/// `/resource_providers`.
struct ResourceProviderEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/resource_providers", list)
        table.on(.get, "/resource_providers/{uuid}", show)
        table.on(.get, "/resource_providers/{uuid}/inventories", inventories)
        table.on(.get, "/resource_providers/{uuid}/inventories/{class}", inventory)
        table.on(.get, "/resource_providers/{uuid}/usages", usages)
        table.on(.get, "/resource_providers/{uuid}/allocations", allocations)
        let newest = Microversion(1, 39)
        table.on(.get, "/resource_providers/{uuid}/aggregates", in: Microversion(1, 1)...newest, aggregates)
        table.on(.get, "/resource_providers/{uuid}/traits", in: Microversion(1, 6)...newest, traits)
    }

    func list(_ call: APICall) throws -> Response {
        try compute.require(.seeHosts, as: call.context)
        let query = call.query
        let (name, uuid) = (query.text("name"), query.text("uuid"))
        let resources = call.isAtLeast(1, 4) ? try query.text("resources").map(call.resources) ?? [:] : [:]
        let member = call.isAtLeast(1, 3) ? query.text("member_of") : nil
        let tree = call.isAtLeast(1, 14) ? query.text("in_tree") : nil
        let required = call.isAtLeast(1, 18) ? query.text("required") : nil
        try query.refuseUnknown()
        let groups = member == nil ? [] : try compute.aggregates(as: call.context)
        let records = try compute.hypervisors(as: call.context).filter { record in
            let id = record.id.text
            let isMember = member.map { member in
                groups.contains { member.contains($0.uuid) && $0.hosts.contains(record.host) }
            }
            return (name == nil || record.host == name) && (uuid == nil || id == uuid) && (tree == nil || id == tree)
                && isMember ?? true && (required == nil || required?.hasPrefix("!") == true)
                && resources.allSatisfy { $0.isThere(in: record, $1) }
        }
        return call.answer { json in json.list("resource_providers", records) { $0.provider($1, call) } }
    }

    func show(_ call: APICall) throws -> Response {
        let record = try find(call)
        var json = JSONWriter()
        json.provider(record, call)
        return .json(json.bytes)
    }

    func inventories(_ call: APICall) throws -> Response {
        let record = try find(call)
        return call.answer { json in
            json.object("inventories") { json in
                for kind in ResourceClass.allCases {
                    json.entry(kind.rawValue) { json in json.object { $0.inventory(kind, of: record) } }
                }
            }
            json.member("resource_provider_generation", 0)
        }
    }

    func inventory(_ call: APICall) throws -> Response {
        let record = try find(call)
        guard let kind = ResourceClass(rawValue: call[parameter: "class"]) else {
            throw APIError(.notFound, "No inventory of class \(call[parameter: "class"].prefix(80)) found.")
        }
        return call.answer { json in
            json.inventory(kind, of: record)
            json.member("resource_provider_generation", 0)
        }
    }

    func usages(_ call: APICall) throws -> Response {
        let record = try find(call)
        return call.answer { json in
            json.object("usages") { json in
                for kind in ResourceClass.allCases { json.entry(kind.rawValue, kind.inventory(of: record).used) }
            }
            json.member("resource_provider_generation", 0)
        }
    }

    func allocations(_ call: APICall) throws -> Response {
        let record = try find(call)
        var filter = InstanceFilter()
        (filter.host, filter.allProjects) = (record.host, true)
        let instances = try compute.instances(filter, as: call.context).items
        return call.answer { json in
            json.object("allocations") { json in
                for instance in instances {
                    json.entry(instance.id.text) { json in
                        json.object {
                            $0.resources(of: instance.flavor)
                            if call.isAtLeast(1, 28) { $0.member("consumer_generation", 1) }
                        }
                    }
                }
            }
            json.member("resource_provider_generation", 0)
        }
    }

    func aggregates(_ call: APICall) throws -> Response {
        let record = try find(call)
        let aggregates = try compute.aggregates(as: call.context).filter { $0.hosts.contains(record.host) }
        return call.answer {
            $0.list("aggregates", aggregates.map(\.uuid))
            if call.isAtLeast(1, 19) { $0.member("resource_provider_generation", 0) }
        }
    }

    func traits(_ call: APICall) throws -> Response {
        _ = try find(call)
        return call.answer {
            $0.list("traits", [] as [String])
            $0.member("resource_provider_generation", 0)
        }
    }

    private func find(_ call: APICall) throws -> HypervisorRecord {
        try compute.require(.seeHosts, as: call.context)
        let uuid = call[parameter: "uuid"]
        let record = try compute.hypervisors(as: call.context).first { $0.id.text == uuid }
        guard let record else {
            throw APIError(.notFound, "No resource provider with uuid \(uuid.prefix(80)) found")
        }
        return record
    }
}

extension ResourceClass {
    /// Whether so much more may be promised.
    func isThere(in record: HypervisorRecord, _ amount: Int) -> Bool {
        let inventory = inventory(of: record)
        return Double(inventory.used + amount) <= Double(inventory.total) * inventory.ratio
    }
}

extension JSONWriter {
    fileprivate mutating func provider(_ record: HypervisorRecord, _ call: APICall) {
        let id = record.id.text
        let path = "/placement/resource_providers/" + id
        var parts = ["inventories", "usages"]
        if call.isAtLeast(1, 1) { parts.append("aggregates") }
        if call.isAtLeast(1, 6) { parts.append("traits") }
        if call.isAtLeast(1, 11) { parts.append("allocations") }
        object {
            $0.member("uuid", id)
            $0.member("name", record.host)
            $0.member("generation", 0)
            if call.isAtLeast(1, 14) {
                $0.member("root_provider_uuid", id)
                $0.member("parent_provider_uuid", nil as String?)
            }
            $0.list("links", ["self"] + parts) { json, rel in
                json.link(rel, rel == "self" ? path : path + "/" + rel)
            }
        }
    }

    mutating func inventory(_ kind: ResourceClass, of record: HypervisorRecord) {
        let inventory = kind.inventory(of: record)
        member("total", inventory.total)
        member("reserved", 0)
        member("min_unit", 1)
        member("max_unit", max(1, inventory.total))
        member("step_size", 1)
        member("allocation_ratio", inventory.ratio)
    }

    /// `resources`: what an instance takes.
    mutating func resources(of flavor: InstanceFlavor) {
        object("resources") { json in
            for kind in ResourceClass.allCases where kind.amount(of: flavor) > 0 {
                json.entry(kind.rawValue, kind.amount(of: flavor))
            }
        }
    }
}
