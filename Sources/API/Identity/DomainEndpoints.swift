import HTTP
import Identity

/// `/v3/domains`.
struct DomainEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/domains", list)
        table.on(.post, "/v3/domains", create)
        table.on(.get, "/v3/domains/{domain_id}", show)
        table.on(.patch, "/v3/domains/{domain_id}", update)
        table.on(.delete, "/v3/domains/{domain_id}", delete)
    }

    private func list(_ call: APICall) throws -> Response {
        let filter = DomainFilter(name: call.query.filter("name"), isEnabled: call.query.flag("enabled"))
        return call.collection("domains", try identity.domains(filter, as: call.context)) { $0.domain($1, call) }
    }

    private func create(_ call: APICall) throws -> Response {
        let new = try call.object("domain") { reader in
            reader.allowUnknown()
            var new = NewDomain(
                name: try reader.required("name").text(),
                description: try reader.nullable("description")?.text() ?? "",
                isEnabled: try reader.optional("enabled")?.bool() ?? true,
                id: try reader.optional("explicit_domain_id")?.text())
            new.isImmutable = try reader.isImmutable() ?? false
            return new
        }
        let domain = try identity.createDomain(new, as: call.context)
        return call.document("domain", .created) { $0.domain(domain, call) }
    }

    private func show(_ call: APICall) throws -> Response {
        let domain = try identity.domain(call[parameter: "domain_id"], as: call.context)
        return call.document("domain") { $0.domain(domain, call) }
    }

    private func update(_ call: APICall) throws -> Response {
        let update = try call.object("domain") { reader in
            reader.allowUnknown()
            var update = DomainUpdate(
                name: try reader.optional("name")?.text(),
                description: try reader.optional("description").map { try $0.nullableText() ?? "" },
                isEnabled: try reader.optional("enabled")?.bool())
            update.isImmutable = try reader.isImmutable()
            return update
        }
        let domain = try identity.updateDomain(call[parameter: "domain_id"], update, as: call.context)
        return call.document("domain") { $0.domain(domain, call) }
    }

    private func delete(_ call: APICall) throws -> Response {
        try identity.deleteDomain(call[parameter: "domain_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    mutating func domain(_ domain: Domain, _ call: APICall) {
        member("id", domain.id)
        member("name", domain.name)
        member("description", domain.description)
        member("enabled", domain.isEnabled)
        list("tags", [String]())
        options(isImmutable: domain.isImmutable)
        selfLink(call, "domains/" + domain.id)
    }
}
