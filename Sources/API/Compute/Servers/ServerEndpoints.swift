import Compute
import HTTP
import ServiceCore

/// `/servers`.
struct ServerEndpoints: Sendable {
    let compute: ComputeService
    private let rows = ServerRows()

    init(compute: ComputeService) {
        self.compute = compute
    }

    func register(on table: inout RouteTable) {
        table.on(.get, "/v2.1/servers", list)
        table.on(.get, "/v2.1/servers/detail", detail)
        table.on(.post, "/v2.1/servers", create)
        table.on(.get, "/v2.1/servers/{id}", show)
        table.on(.put, "/v2.1/servers/{id}", update)
        table.on(.delete, "/v2.1/servers/{id}", delete)
    }

    func list(_ call: APICall) throws -> Response {
        let query = try ServerListQuery(call)
        let page = try query.page.map { try compute.instances(query.filter, page: $0, as: call.context) } ?? .empty
        let document = ServerDocument(call, compute)
        return call.answer(capacity: 512 + page.items.count * 512) { json in
            json.list("servers", page.items) { document.reference($1, &$0) }
            json.nextLink("servers_links", page.next, call)
        }
    }

    func detail(_ call: APICall) throws -> Response {
        let query = try ServerListQuery(call)
        let list = ServerDetailList(call: call, compute: compute, rows: rows)
        let page = try query.page.map { try list.page(query.filter, $0) } ?? .empty
        let size = page.items.reduce(0) { $0 + $1.count + 1 }
        return call.answer(capacity: 512 + size) { json in
            json.list("servers", page.items) { $0.raw($1) }
            json.nextLink("servers_links", page.next, call)
        }
    }

    func show(_ call: APICall) throws -> Response {
        try answer(about: compute.instance(call.serverID(), as: call.context), call)
    }

    func create(_ call: APICall) throws -> Response {
        let creation = try ServerCreation(call)
        let instances = try compute.launch(creation.request, as: call.context)
        guard let first = instances.first else { throw APIError(.internalServerError, "No server was made.") }
        if creation.wantsReservation {
            return call.answer(.accepted) { $0.member("reservation_id", first.reservationID) }
        }
        var response = call.answer(.accepted) { json in
            json.object("server") {
                $0.member("id", first.id.text)
                $0.links(to: "/servers/" + first.id.text, call)
                $0.member("OS-DCF:diskConfig", first.diskConfig.rawValue)
                $0.list("security_groups", creation.request.securityGroups) { json, name in
                    json.object { $0.member("name", name) }
                }
                $0.member("adminPass", creation.password)
            }
        }
        response.fields.set("Location", call.root + "/servers/" + first.id.text)
        return response
    }

    func update(_ call: APICall) throws -> Response {
        let id = try call.serverID()
        let update = try call.object("server") { reader in
            var update = InstanceUpdate()
            update.name = try reader.optional("name")?.name()
            update.accessIPv4 = try reader.optional("accessIPv4")?.ipv4()
            update.accessIPv6 = try reader.optional("accessIPv6")?.ipv6()
            update.diskConfig = try reader.optional("OS-DCF:diskConfig")?.diskConfig()
            if call.isAtLeast(2, 19), let member = reader.optional("description") {
                update.description = try member.description() ?? ""
            }
            if call.isAtLeast(2, 90) { update.hostname = try reader.optional("hostname")?.hostname(call) }
            if call.isAtLeast(2, 104), let member = reader.optional("pinned_availability_zone") {
                update.pinnedZone = member.isNull ? .remove : .set(try member.name())
            }
            return update
        }
        let instance = try compute.update(id, update, as: call.context)
        if call.isAtLeast(2, 75) { return try answer(about: instance, call) }
        return try answer(about: instance, call, ofRebuild: false)
    }

    func delete(_ call: APICall) throws -> Response {
        try compute.perform(.delete, on: call.serverID(), as: call.context)
        return .nothing()
    }

    /// One server in full.
    private func answer(about instance: Instance, _ call: APICall) throws -> Response {
        let (details, group) = try more(about: instance, call)
        let facts = try facts(of: [instance], call)[instance.id]
        return call.answer(capacity: 4096) { json in
            json.entry("server") { ServerDocument(call, compute).full(instance, details, facts, group: group, &$0) }
        }
    }

    /// What is told since 2.98 only.
    private func facts(of instances: [Instance], _ call: APICall) throws -> [ID<Instance>: LaunchFacts] {
        call.isAtLeast(2, 98) ? try compute.launchFacts(of: instances, as: call.context) : [:]
    }

    /// What a change answered before 2.75, and a rebuild.
    func answer(
        about instance: Instance, _ call: APICall, ofRebuild: Bool, password: String? = nil,
        status: Status = .ok
    ) throws -> Response {
        let (details, group) = try more(about: instance, call)
        return call.answer(status, capacity: 4096) { json in
            json.entry("server") {
                ServerDocument(call, compute).short(
                    instance, details, group: group, ofRebuild: ofRebuild, password: password, &$0)
            }
        }
    }

    /// What a rebuild answers.
    func rebuilt(_ instance: Instance, password: String, _ call: APICall) throws -> Response {
        guard call.isAtLeast(2, 75) else {
            return try answer(about: instance, call, ofRebuild: true, password: password, status: .accepted)
        }
        let (details, group) = try more(about: instance, call)
        let facts = try facts(of: [instance], call)[instance.id]
        return call.answer(.accepted, capacity: 4096) { json in
            json.entry("server") {
                ServerDocument(call, compute).full(instance, details, facts, group: group, password: password, &$0)
            }
        }
    }

    private func more(
        about instance: Instance, _ call: APICall
    ) throws -> (InstanceDetails?, ServerDocument.Group) {
        let details = try compute.details(of: [instance], as: call.context)[instance.id]
        guard call.isAtLeast(2, 71) else { return (details, .none) }
        let group = try compute.serverGroupID(of: instance.id, as: call.context)
        return (details, group.map(ServerDocument.Group.some) ?? .none)
    }
}

extension APICall {
    /// The instance that a path names.
    /// - Throws: `APIError` 404 for what cannot be one.
    func serverID() throws -> ID<Instance> {
        let text = self[parameter: "id"]
        guard let id = ID<Instance>(untrusted: text) else {
            throw APIError(.notFound, "Instance \(text.prefix(255)) could not be found.")
        }
        return id
    }
}
