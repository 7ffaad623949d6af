import HTTP
import Networking
import ServiceCore

/// Which agent serves what: `/networks/{id}/dhcp-agents`, `/agents/{id}/dhcp-networks` and the same of routers; for
/// administrators.
struct NetworkScheduling: Sendable {
    let networking: NetworkingService

    func register(on table: inout RouteTable, hasRouters: Bool) {
        table.on(.get, "/v2.0/networks/{id}/dhcp-agents", dhcpAgents)
        table.on(.get, "/v2.0/agents/{id}/dhcp-networks", networks)
        table.on(.post, "/v2.0/agents/{id}/dhcp-networks", addNetwork)
        table.on(.delete, "/v2.0/agents/{id}/dhcp-networks/{network_id}", removeNetwork)
        guard hasRouters else { return }
        table.on(.get, "/v2.0/routers/{id}/l3-agents", routerAgents)
        table.on(.get, "/v2.0/agents/{id}/l3-routers", routers)
        table.on(.post, "/v2.0/agents/{id}/l3-routers", addRouter)
        table.on(.delete, "/v2.0/agents/{id}/l3-routers/{router_id}", removeRouter)
    }

    /// `GET …/dhcp-agents`: 200.
    func dhcpAgents(_ call: APICall) throws -> Response {
        answer(try networking.dhcpAgents(of: try identifier(call.resourceID, "Network"), as: call.context), call)
    }

    /// `GET …/l3-agents`: 200.
    func routerAgents(_ call: APICall) throws -> Response {
        answer(try networking.routerAgents(of: try identifier(call.resourceID, "Router"), as: call.context), call)
    }

    /// `GET …/dhcp-networks`: 200.
    func networks(_ call: APICall) throws -> Response {
        let networks = try networking.networks(servedBy: try agent(call), as: call.context)
        return list(networks, .networks(networking), call)
    }

    /// `GET …/l3-routers`: 200.
    func routers(_ call: APICall) throws -> Response {
        let routers = try networking.routers(servedBy: try agent(call), as: call.context)
        return list(routers, .routers(networking), call)
    }

    /// `POST …/dhcp-networks`: 201.
    func addNetwork(_ call: APICall) throws -> Response {
        let id: ID<Network> = try call.scheduled("network_id", "Network")
        try networking.addNetwork(id, toAgent: try agent(call), as: call.context)
        return .json(Array("null".utf8), status: .created)
    }

    /// `DELETE …/dhcp-networks/{network}`: 204.
    func removeNetwork(_ call: APICall) throws -> Response {
        let id: ID<Network> = try identifier(call[parameter: "network_id"], "Network")
        try networking.removeNetwork(id, fromAgent: try agent(call), as: call.context)
        return .nothing()
    }

    /// `POST …/l3-routers`: 201.
    func addRouter(_ call: APICall) throws -> Response {
        let id: ID<NetworkRouter> = try call.scheduled("router_id", "Router")
        try networking.addRouter(id, toAgent: try agent(call), as: call.context)
        return .json(Array("null".utf8), status: .created)
    }

    /// `DELETE …/l3-routers/{router}`: 204.
    func removeRouter(_ call: APICall) throws -> Response {
        let id: ID<NetworkRouter> = try identifier(call[parameter: "router_id"], "Router")
        try networking.removeRouter(id, fromAgent: try agent(call), as: call.context)
        return .nothing()
    }

    private func agent(_ call: APICall) throws -> ID<NetworkAgent> { try identifier(call.resourceID, "Agent") }

    private func answer(_ agents: [NetworkAgent], _ call: APICall) -> Response {
        list(agents, .agents(networking), call)
    }

    private func list<Item>(_ items: [Item], _ resource: NetworkResource<Item>, _ call: APICall) -> Response {
        let attributes = resource.attributes([], for: call.context)
        return call.answer(capacity: 256 + items.count * 1024) { json in
            json.entry(resource.plural) { json in
                json.list(items) { json, item in
                    json.object { json in
                        for attribute in attributes {
                            json.entry(attribute.name) { attribute.write?(&$0, NetworkShown(item: item, tags: [])) }
                        }
                    }
                }
            }
        }
    }
}

extension APICall {
    /// What is to be given to an agent: `{"network_id": …}`.
    fileprivate func scheduled<Resource>(_ name: String, _ kind: String) throws -> ID<Resource> {
        try identifier(try object(name, in: name) { try $0.text(1...255) }, kind)
    }
}
