import HTTP
import Identity

/// `/v3/services` and `/v3/endpoints`.
struct CatalogEndpoints: Sendable {
    let identity: IdentityService

    func register(on table: inout RouteTable) {
        table.on(.get, "/v3/services", listServices)
        table.on(.post, "/v3/services", createService)
        table.on(.get, "/v3/services/{service_id}", showService)
        table.on(.patch, "/v3/services/{service_id}", updateService)
        table.on(.delete, "/v3/services/{service_id}", deleteService)
        table.on(.get, "/v3/endpoints", listEndpoints)
        table.on(.post, "/v3/endpoints", createEndpoint)
        table.on(.get, "/v3/endpoints/{endpoint_id}", showEndpoint)
        table.on(.patch, "/v3/endpoints/{endpoint_id}", updateEndpoint)
        table.on(.delete, "/v3/endpoints/{endpoint_id}", deleteEndpoint)
    }

    private func listServices(_ call: APICall) throws -> Response {
        let filter = CatalogServiceFilter(type: call.query.filter("type"), name: call.query.filter("name"))
        return call.collection("services", try identity.services(filter, as: call.context)) { $0.service($1, call) }
    }

    private func createService(_ call: APICall) throws -> Response {
        let new = try call.object("service") { reader in
            reader.allowUnknown()
            return NewCatalogService(
                type: try reader.required("type").text(), name: try reader.nullable("name")?.text(),
                description: try reader.nullable("description")?.text(),
                isEnabled: try reader.optional("enabled")?.bool() ?? true)
        }
        let service = try identity.createService(new, as: call.context)
        return call.document("service", .created) { $0.service(service, call) }
    }

    private func showService(_ call: APICall) throws -> Response {
        let service = try identity.service(call[parameter: "service_id"], as: call.context)
        return call.document("service") { $0.service(service, call) }
    }

    private func updateService(_ call: APICall) throws -> Response {
        let update = try call.object("service") { reader in
            reader.allowUnknown()
            var update = CatalogServiceUpdate()
            update.type = try reader.optional("type")?.text()
            update.name = try reader.optional("name").map { try $0.nullableText() }
            update.description = try reader.optional("description").map { try $0.nullableText() }
            update.isEnabled = try reader.optional("enabled")?.bool()
            return update
        }
        let service = try identity.updateService(call[parameter: "service_id"], update, as: call.context)
        return call.document("service") { $0.service(service, call) }
    }

    private func deleteService(_ call: APICall) throws -> Response {
        try identity.deleteService(call[parameter: "service_id"], as: call.context)
        return .nothing()
    }

    // MARK: Endpoints

    private func listEndpoints(_ call: APICall) throws -> Response {
        let query = call.query
        let interface = query.filter("interface")
        let filter = EndpointFilter(
            serviceID: query.filter("service_id"), regionID: query.filter("region_id"),
            interface: interface.flatMap(Endpoint.Interface.init))
        let endpoints = try identity.endpoints(filter, as: call.context)
        let isKnown = interface == nil || filter.interface != nil
        return call.collection("endpoints", isKnown ? endpoints : []) { $0.endpoint($1, call) }
    }

    private func createEndpoint(_ call: APICall) throws -> Response {
        let new = try call.object("endpoint") { reader in
            reader.allowUnknown()
            var new = NewEndpoint(
                serviceID: try reader.required("service_id").text(),
                interface: try interface(reader.required("interface")),
                url: try reader.required("url").text(), isEnabled: try reader.optional("enabled")?.bool() ?? true)
            new.regionID = try reader.nullable("region_id")?.text()
            if new.regionID == nil, let region = reader.nullable("region") {
                new.regionID = try region.text()
                new.makesRegion = true
            }
            return new
        }
        let endpoint = try identity.createEndpoint(new, as: call.context)
        return call.document("endpoint", .created) { $0.endpoint(endpoint, call) }
    }

    private func showEndpoint(_ call: APICall) throws -> Response {
        let endpoint = try identity.endpoint(call[parameter: "endpoint_id"], as: call.context)
        return call.document("endpoint") { $0.endpoint(endpoint, call) }
    }

    private func updateEndpoint(_ call: APICall) throws -> Response {
        let update = try call.object("endpoint") { reader in
            reader.allowUnknown()
            var update = EndpointUpdate()
            update.serviceID = try reader.optional("service_id")?.text()
            update.interface = try reader.optional("interface").map(interface)
            update.url = try reader.optional("url")?.text()
            update.isEnabled = try reader.optional("enabled")?.bool()
            update.regionID = try reader.optional("region_id").map { try $0.nullableText() }
            if update.regionID == nil, let region = reader.optional("region") {
                update.regionID = try region.nullableText()
                update.makesRegion = true
            }
            return update
        }
        let endpoint = try identity.updateEndpoint(call[parameter: "endpoint_id"], update, as: call.context)
        return call.document("endpoint") { $0.endpoint(endpoint, call) }
    }

    private func interface(_ member: JSONMember) throws -> Endpoint.Interface {
        let text = try member.text()
        // The names of the second version of the interface.
        guard let interface = Endpoint.Interface(rawValue: text.hasSuffix("URL") ? String(text.dropLast(3)) : text)
        else {
            throw member.refusal("must be one of public, internal, admin")
        }
        return interface
    }

    private func deleteEndpoint(_ call: APICall) throws -> Response {
        try identity.deleteEndpoint(call[parameter: "endpoint_id"], as: call.context)
        return .nothing()
    }
}

extension JSONWriter {
    fileprivate mutating func service(_ service: CatalogService, _ call: APICall) {
        member("id", service.id)
        member("type", service.type)
        member("enabled", service.isEnabled)
        optionalMember("name", service.name)
        optionalMember("description", service.description)
        selfLink(call, "services/" + service.id)
    }

    mutating func endpoint(_ endpoint: Endpoint, _ call: APICall) {
        member("id", endpoint.id)
        member("service_id", endpoint.serviceID)
        member("interface", endpoint.interface.rawValue)
        member("url", endpoint.url(below: call.base))
        member("region", endpoint.regionID)
        member("region_id", endpoint.regionID)
        member("enabled", endpoint.isEnabled)
        selfLink(call, "endpoints/" + endpoint.id)
    }
}
