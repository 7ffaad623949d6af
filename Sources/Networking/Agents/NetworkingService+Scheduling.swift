import Database
public import ServiceCore

/// Which agent serves what: an agent serves what has a port of its kind on its host.
extension NetworkingService {
    /// The DHCP agents that serve a network.
    /// - Throws: `ServiceError`: notFound, forbidden to all but administrators. So do the others here.
    public func dhcpAgents(of id: ID<Network>, as context: RequestContext) throws -> [NetworkAgent] {
        let port = try read { transaction in
            _ = try visibleNetwork(id, context, transaction)
            return try portStore.dhcpPort(of: id, in: transaction)
        }
        return try networkAgents(as: context).filter { $0.kind == .dhcp && $0.host == port?.bindingHost }
    }

    /// The L3 agents that serve a router.
    /// - Throws: `ServiceError`.
    public func routerAgents(of id: ID<NetworkRouter>, as context: RequestContext) throws -> [NetworkAgent] {
        let hosts = Set(try routerPorts(of: id, as: context).map(\.bindingHost))
        return try networkAgents(as: context).filter { $0.kind == .layer3 && hosts.contains($0.host) }
    }

    /// The networks that a DHCP agent serves, by name.
    /// - Throws: `ServiceError`.
    public func networks(servedBy id: ID<NetworkAgent>, as context: RequestContext) throws -> [Network] {
        let agent = try networkAgent(id, as: context)
        guard agent.kind == .dhcp else { return [] }
        return try read { try networkStore.list(servedFrom: agent.host, in: $0) }
    }

    /// The routers that an L3 agent serves, by name.
    /// - Throws: `ServiceError`.
    public func routers(servedBy id: ID<NetworkAgent>, as context: RequestContext) throws -> [NetworkRouter] {
        let agent = try networkAgent(id, as: context)
        guard agent.kind == .layer3 else { return [] }
        return try read { try routerStore.list(servedFrom: agent.host, in: $0) }
    }
}
