import HTTP
import Networking
import ServiceCore

extension NetworkResource where Item == NetworkRouter {
    static func routers(_ networking: NetworkingService) -> Self {
        NetworkResource(
            name: "router", plural: "routers", path: "routers", attributes: attributes, id: \.id.text,
            tagged: { ID(untrusted: $0).map(TaggedResource.router) },
            list: { try networking.routers($0, as: $1) },
            show: { try networking.router(try identifier($0, "Router"), as: $1) },
            create: { bodies, context in try networking.createRouters(try bodies.map(newRouter), as: context) },
            update: { id, body, seen, context in
                var update = try routerUpdate(body)
                update.revision = seen
                return try networking.updateRouter(try identifier(id, "Router"), update, as: context)
            },
            delete: { try networking.deleteRouter(try identifier($0, "Router"), revision: $1, as: $2) })
    }

    private static var attributes: [NetworkAttribute<NetworkRouter>] {
        [
            .init("id") { $0.id.text },
            .init("name", [.post, .put]) { $0.name },
        ] + NetworkAttribute.owner { $0.projectID } + [
            .init("admin_state_up", [.post, .put]) { $0.adminStateUp },
            .init("status") { $0.status },
            .init("external_gateway_info", [.post, .put]) { $0.gateway.map(GatewayDocument.init) },
            .init("description", [.post, .put]) { $0.description },
            .init("routes", .put) { $0.routes.map(RouteDocument.init) },
            .tags,
            .init("created_at") { $0.createdAt.iso8601 },
            .init("updated_at") { $0.updatedAt.iso8601 },
            .init("revision_number") { $0.revision },
        ]
    }
}

private struct GatewayDocument: JSONWritable {
    let gateway: RouterGateway

    func write(to json: inout JSONWriter) {
        json.object {
            $0.member("network_id", gateway.networkID.text)
            $0.member("external_fixed_ips", gateway.fixedIPs.map(FixedIPDocument.init))
            $0.member("enable_snat", gateway.enableSNAT)
        }
    }
}

private func newRouter(_ body: NetworkBody) throws -> NewRouter {
    var new = NewRouter(name: try body.text("name") ?? "")
    new.description = try body.text("description") ?? ""
    new.adminStateUp = try body.flag("admin_state_up") ?? true
    if case .set(let gateway) = try body.gateway() { new.gateway = gateway }
    new.projectID = try body.owner()
    return new
}

private func routerUpdate(_ body: NetworkBody) throws -> RouterUpdate {
    var update = RouterUpdate()
    update.name = try body.text("name")
    update.description = try body.text("description")
    update.adminStateUp = try body.flag("admin_state_up")
    update.gateway = try body.gateway()
    update.routes = try body.routes("routes")
    return update
}

extension NetworkBody {
    /// The way out; an empty object and null are none.
    fileprivate func gateway() throws -> RouterUpdate.Gateway? {
        guard let member = self["external_gateway_info"] else { return nil }
        if try member.isNull || member.members().isEmpty { return .clear }
        return try member.object { info in
            .set(
                RouterGatewayInput(
                    networkID: ID(try info.required("network_id").uuid()),
                    enableSNAT: try info.nullable("enable_snat")?.looseBool(),
                    fixedIPs: try info.nullable("external_fixed_ips")?.list().map { try $0.fixedIP() }))
        }
    }
}

/// What routers can do beside.
struct RouterActions: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable) {
        table.on(.put, "/v2.0/routers/{id}/add_router_interface", add)
        table.on(.put, "/v2.0/routers/{id}/remove_router_interface", remove)
        table.on(.put, "/v2.0/routers/{id}/add_extraroutes") { call in
            try changeRoutes(call) { $0.addedRoutes = $1 }
        }
        table.on(.put, "/v2.0/routers/{id}/remove_extraroutes") { call in
            try changeRoutes(call) { $0.removedRoutes = $1 }
        }
    }

    /// `PUT …/add_router_interface`: 200.
    func add(_ call: APICall) throws -> Response {
        let target = try target(call)
        if case (nil, nil) = target { throw Self.invalid("Either subnet_id or port_id must be specified") }
        guard target.subnetID == nil || target.portID == nil else {
            throw Self.invalid("Cannot specify both subnet-id and port-id")
        }
        let id: ID<NetworkRouter> = try identifier(call.resourceID, "Router")
        let wanted: RouterInterfaceTarget =
            if let portID = target.portID { .port(portID) } else { .subnet(target.subnetID ?? ID("")) }
        return try answer(try networking.addInterface(to: id, wanted, as: call.context), call)
    }

    /// `PUT …/remove_router_interface`: 200. A port and its subnet may both be named.
    func remove(_ call: APICall) throws -> Response {
        let target = try target(call)
        if case (nil, nil) = target { throw Self.invalid("Either subnet_id or port_id must be specified") }
        let id: ID<NetworkRouter> = try identifier(call.resourceID, "Router")
        guard let portID = target.portID else {
            return try answer(
                try networking.removeInterface(from: id, .subnet(target.subnetID ?? ID("")), as: call.context), call)
        }
        if let subnetID = target.subnetID,
            try !networking.port(portID, as: call.context).fixedIPs.contains(where: { $0.subnetID == subnetID })
        {
            throw APIError(
                .conflict, "Subnet \(subnetID) could not be found on the port \(portID).",
                type: "SubnetMismatchForPort")
        }
        return try answer(try networking.removeInterface(from: id, .port(portID), as: call.context), call)
    }

    private func target(_ call: APICall) throws -> (subnetID: ID<Subnet>?, portID: ID<Port>?) {
        try call.content().object {
            (
                try $0.nullable("subnet_id").map { ID(try $0.uuid()) },
                try $0.nullable("port_id").map { ID(try $0.uuid()) }
            )
        }
    }

    private static func invalid(_ words: String) -> APIError {
        APIError(.badRequest, "Bad router request: \(words).", type: "BadRequest")
    }

    private func answer(_ interface: RouterInterface, _ call: APICall) throws -> Response {
        call.answer {
            $0.member("id", interface.routerID.text)
            $0.member("tenant_id", interface.port.projectID)
            $0.member("project_id", interface.port.projectID)
            $0.member("network_id", interface.port.networkID.text)
            $0.member("port_id", interface.port.id.text)
            $0.member("subnet_id", interface.subnetIDs.first?.text)
            $0.member("subnet_ids", interface.subnetIDs.map(\.text))
            $0.member("tags", [String]())
        }
    }

    private func changeRoutes(
        _ call: APICall, _ change: (inout RouterUpdate, [HostRouteInput]) -> Void
    ) throws -> Response {
        let routes = try call.object("router") { router in
            try router.required("routes").list().map { route in
                try route.object {
                    HostRouteInput(
                        destination: try $0.required("destination").text(), nextHop: try $0.required("nexthop").text())
                }
            }
        }
        var update = RouterUpdate()
        change(&update, routes)
        let router = try networking.updateRouter(
            try identifier(call.resourceID, "Router"), update, as: call.context)
        return try NetworkEndpoints(resource: .routers(networking), networking: networking)
            .answer(router, fields: [], .ok, call)
    }
}
