import ComputeHost
import Database
public import ServiceCore

/// Which agent serves what: an agent serves what has a port of its kind on its host. Administrators only.
extension NetworkingService {
    /// The DHCP agents that serve a network: at most one.
    /// - Throws: `ServiceError`: notFound, forbidden to all but administrators. So do the others here.
    public func dhcpAgents(of id: ID<Network>, as context: RequestContext) throws -> [NetworkAgent] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.agents, context)
        let host = try read { transaction in
            _ = try visibleNetwork(id, context, transaction)
            return try dhcpHost(of: id, transaction)
        }
        return try networkAgents(as: context).filter { $0.kind == .dhcp && $0.host == host }
    }

    /// The L3 agents that serve a router.
    /// - Throws: `ServiceError`.
    public func routerAgents(of id: ID<NetworkRouter>, as context: RequestContext) throws -> [NetworkAgent] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.agents, context)
        let hosts = Set(try routerPorts(of: id, as: context).map(\.bindingHost))
        return try networkAgents(as: context).filter { $0.kind == .layer3 && hosts.contains($0.host) }
    }

    /// The networks that a DHCP agent serves, by name.
    /// - Throws: `ServiceError`.
    public func networks(servedBy id: ID<NetworkAgent>, as context: RequestContext) throws -> [Network] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.agents, context)
        let agent = try networkAgent(id, as: context)
        guard agent.kind == .dhcp else { return [] }
        return try read { try networkStore.list(servedFrom: agent.host, in: $0) }
    }

    /// The routers that an L3 agent serves, by name.
    /// - Throws: `ServiceError`.
    public func routers(servedBy id: ID<NetworkAgent>, as context: RequestContext) throws -> [NetworkRouter] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.agents, context)
        let agent = try networkAgent(id, as: context)
        guard agent.kind == .layer3 else { return [] }
        return try read { try routerStore.list(servedFrom: agent.host, in: $0) }
    }

    /// Has a DHCP agent serve a network that none serves: a network has one DHCP server.
    /// - Throws: `ServiceError`: notFound, also for an agent that is no DHCP agent or may take no work; conflict
    ///   `network_hosted_by_dhcp_agent`.
    public func addNetwork(
        _ id: ID<Network>, toAgent agentID: ID<NetworkAgent>, as context: RequestContext
    ) throws {
        try schedule(agentID, .dhcp, context) { agent, transaction in
            let network = try visibleNetwork(id, context, transaction)
            guard agent.adminStateUp else { throw ServiceError.notFound("Agent", agentID.text) }
            if let host = try dhcpHost(of: id, transaction) {
                throw ServiceError.conflict(
                    code: "network_hosted_by_dhcp_agent",
                    Message(
                        "The network {name} is hosted by the DHCP agent on {host} already.",
                        ["name": network.displayName, "host": host]))
            }
            guard let port = try portStore.dhcpPort(of: id, in: transaction) else {
                return try agentStore.bind(id, to: agentID, in: transaction)
            }
            try place(port, on: agent.host, context, transaction)
        }
    }

    /// Takes a network from the DHCP agent that serves it. Guests keep their addresses and get no new ones, until the
    /// network is given to an agent again or an agent is let take work.
    /// - Throws: `ServiceError`: notFound; conflict `network_not_hosted_by_dhcp_agent`.
    public func removeNetwork(
        _ id: ID<Network>, fromAgent agentID: ID<NetworkAgent>, as context: RequestContext
    ) throws {
        try schedule(agentID, .dhcp, context) { agent, transaction in
            let network = try visibleNetwork(id, context, transaction)
            guard try dhcpHost(of: id, transaction) == agent.host else {
                throw ServiceError.conflict(
                    code: "network_not_hosted_by_dhcp_agent",
                    Message(
                        "The network {name} is not hosted by the DHCP agent on {host}.",
                        ["name": network.displayName, "host": agent.host]))
            }
            try agentStore.unbind(id, in: transaction)
            if let port = try portStore.dhcpPort(of: id, in: transaction) {
                try place(port, on: "", context, transaction)
            }
        }
    }

    /// Has an L3 agent serve a router that none serves. Repeatable.
    /// - Throws: `ServiceError`: notFound, also for an agent that is no L3 agent or may take no work; conflict
    ///   `router_hosted_by_l3_agent`, and `router_scheduling_failed` for another host than the network node.
    public func addRouter(
        _ id: ID<NetworkRouter>, toAgent agentID: ID<NetworkAgent>, as context: RequestContext
    ) throws {
        try schedule(agentID, .layer3, context) { agent, transaction in
            let router = try visibleRouter(id, context, transaction)
            guard agent.adminStateUp else { throw ServiceError.notFound("Agent", agentID.text) }
            let ports = try ownPorts(of: id, transaction)
            if let other = ports.first(where: { !$0.bindingHost.isEmpty && $0.bindingHost != agent.host }) {
                throw ServiceError.conflict(
                    code: "router_hosted_by_l3_agent",
                    Message(
                        "The router {name} is hosted by the L3 agent on {host} already.",
                        ["name": router.displayName, "host": other.bindingHost]))
            }
            guard agent.host == hosts.networkNode else {
                throw ServiceError.conflict(
                    code: "router_scheduling_failed",
                    Message("Routers are on the network node, which {host} is not.", ["host": agent.host]))
            }
            for port in ports where port.bindingHost.isEmpty {
                try place(port, on: agent.host, context, transaction)
            }
        }
    }

    /// Takes a router from the L3 agent that serves it: nothing passes it until it is given to the agent again.
    /// - Throws: `ServiceError`: notFound; conflict `router_not_hosted_by_l3_agent`.
    public func removeRouter(
        _ id: ID<NetworkRouter>, fromAgent agentID: ID<NetworkAgent>, as context: RequestContext
    ) throws {
        try schedule(agentID, .layer3, context) { agent, transaction in
            let router = try visibleRouter(id, context, transaction)
            let ports = try ownPorts(of: id, transaction).filter { $0.bindingHost == agent.host }
            guard !ports.isEmpty else {
                throw ServiceError.conflict(
                    code: "router_not_hosted_by_l3_agent",
                    Message(
                        "The router {name} is not hosted by the L3 agent on {host}.",
                        ["name": router.displayName, "host": agent.host]))
            }
            for port in ports { try place(port, on: "", context, transaction) }
        }
    }

    private func schedule(
        _ id: ID<NetworkAgent>, _ kind: NetworkAgent.Kind, _ context: RequestContext,
        _ body: (NetworkAgent, borrowing Transaction) throws -> Void
    ) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.updateAgent, context)
        try write { transaction in
            let agents = try agentStore.all(at: clock.now(), in: transaction)
            guard let agent = agents.first(where: { $0.id == id && $0.kind == kind }) else {
                throw ServiceError.notFound("Agent", id.text)
            }
            try body(agent, transaction)
        }
    }

    /// Where a network's DHCP server is, or will be; nil for nowhere.
    private func dhcpHost(of id: ID<Network>, _ transaction: borrowing Transaction) throws -> String? {
        guard let port = try portStore.dhcpPort(of: id, in: transaction) else {
            return try agentStore.chosenHost(of: id, in: transaction)
        }
        return port.bindingHost.isEmpty ? nil : port.bindingHost
    }

    private func ownPorts(of id: ID<NetworkRouter>, _ transaction: borrowing Transaction) throws -> [Port] {
        try portStore.list(PortFilter(deviceID: id.text), visibleTo: nil, in: transaction)
            .filter { [DeviceOwner.routerInterface, DeviceOwner.routerGateway].contains($0.deviceOwner) }
    }
}
