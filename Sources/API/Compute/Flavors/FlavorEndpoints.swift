import Compute
import HTTP
import ServiceCore

/// `/flavors`.
struct FlavorEndpoints: Sendable {
    let compute: ComputeService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/flavors", list)
        table.on(.get, "/v2.1/flavors/detail", detail)
        table.on(.post, "/v2.1/flavors", create)
        table.on(.get, "/v2.1/flavors/{id}", show)
        table.on(.put, "/v2.1/flavors/{id}", in: .since(55), update)
        table.on(.delete, "/v2.1/flavors/{id}", delete)
    }

    func list(_ call: APICall) throws -> Response {
        let page = try self.page(call)
        return call.answer { json in
            json.list("flavors", page.items) { $0.flavorReference($1, call) }
            json.nextLink("flavors_links", page.next, call)
        }
    }

    func detail(_ call: APICall) throws -> Response {
        let page = try self.page(call)
        return call.answer { json in
            json.list("flavors", page.items) { $0.flavor($1, call) }
            json.nextLink("flavors_links", page.next, call)
        }
    }

    func show(_ call: APICall) throws -> Response {
        answer(try compute.flavor(call[parameter: "id"], as: call.context), call)
    }

    func create(_ call: APICall) throws -> Response {
        let new = try call.object("flavor") { reader in
            var new = NewFlavor(
                name: try reader.required("name").name(), id: try reader.nullable("id")?.flavorID(),
                vcpus: try reader.required("vcpus").count(), memoryMiB: try reader.required("ram").count(),
                diskGiB: try reader.required("disk").count(0))
            new.ephemeralGiB = try reader.optional("OS-FLV-EXT-DATA:ephemeral")?.count(0) ?? 0
            new.swapMiB = try reader.optional("swap")?.count(0) ?? 0
            if !call.isAtLeast(2, 102) { new.rxtxFactor = try reader.optional("rxtx_factor")?.factor() ?? 1 }
            new.isPublic = try reader.optional("os-flavor-access:is_public")?.looseBool() ?? true
            if call.isAtLeast(2, 55) { new.description = try reader.optional("description")?.description(65_535) }
            return new
        }
        return answer(try compute.createFlavor(new, as: call.context), call)
    }

    func update(_ call: APICall) throws -> Response {
        let description = try call.object("flavor") { try $0.required("description").description(65_535) }
        return answer(
            try compute.describeFlavor(call[parameter: "id"], description, as: call.context), call)
    }

    func delete(_ call: APICall) throws -> Response {
        try compute.deleteFlavor(call[parameter: "id"], as: call.context)
        return .nothing(.accepted)
    }

    private func answer(_ flavor: Flavor, _ call: APICall) -> Response {
        call.answer { json in json.entry("flavor") { $0.flavor(flavor, call) } }
    }

    /// There are few flavors: they are sorted and cut here.
    private func page(_ call: APICall) throws -> Page<Flavor> {
        let query = call.query
        var filter = try self.filter(query)
        if call.isAtLeast(2, 102) { filter.name = query.text("name").map(NamePattern.init) }
        let key = try sortKey(query.text("sort_key") ?? "flavorid", call)
        let direction = query.text("sort_dir") ?? "asc"
        guard ["asc", "desc"].contains(direction) else {
            throw APIError(.badRequest, "Invalid input for sort_dir: '\(direction.prefix(80))'.")
        }
        let request = try query.novaPage()
        try query.finish(call)
        var flavors = try compute.flavors(filter, as: call.context).sorted {
            (key($0), $0.id) < (key($1), $1.id)
        }
        if direction == "desc" { flavors.reverse() }
        guard let request else { return Page(items: [], next: nil) }
        if let marker = request.marker {
            guard let place = flavors.firstIndex(where: { $0.id == marker }) else {
                throw APIError(.badRequest, "marker [\(marker.prefix(80))] not found")
            }
            flavors.removeFirst(place + 1)
        }
        let items = Array(flavors.prefix(request.limit))
        return Page(items: items, next: flavors.count > items.count ? items.last?.id : nil)
    }

    private func filter(_ query: QueryReader) throws -> FlavorFilter {
        var filter = FlavorFilter()
        filter.isPublic = true
        if let text = query.text("is_public") {
            filter.isPublic = text.lowercased() == "none" ? nil : try query.bool("is_public")
        }
        filter.minMemoryMiB = try query.integer("minRam")
        filter.minDiskGiB = try query.integer("minDisk")
        return filter
    }

    /// Numbers are filled up with zeros, so that texts and numbers are compared alike.
    private func sortKey(_ name: String, _ call: APICall) throws -> (Flavor) -> String {
        func padded(_ number: Int) -> String { String(repeating: "0", count: 20 - "\(number)".count) + "\(number)" }
        switch name {
        case "flavorid", "id", "created_at", "updated_at", "disabled", "vcpu_weight": return { $0.id }
        case "name": return { $0.name }
        case "description": return { $0.description ?? "" }
        case "memory_mb": return { padded($0.memoryMiB) }
        case "root_gb": return { padded($0.diskGiB) }
        case "ephemeral_gb": return { padded($0.ephemeralGiB) }
        case "swap": return { padded($0.swapMiB) }
        case "vcpus": return { padded($0.vcpus) }
        case "rxtx_factor" where !call.isAtLeast(2, 102): return { padded(Int($0.rxtxFactor * 1000)) }
        case "is_public": return { $0.isPublic ? "1" : "0" }
        default: throw APIError(.badRequest, "Invalid input for sort_key: '\(name.prefix(80))'.")
        }
    }
}

extension JSONMember {
    /// A flavor's id: a text, or a number, which nova takes as a text.
    fileprivate func flavorID() throws -> String {
        switch value {
        case .integer(let number): return String(number)
        case .number(let number): return String(number)
        default: return try text(1...255)
        }
    }

    /// A number above 0, also as a text.
    fileprivate func factor() throws -> Double {
        if case .text(let text) = value {
            guard let number = Double(text), number > 0 else { throw refusal("must be a number above 0") }
            return number
        }
        return try number()
    }
}
