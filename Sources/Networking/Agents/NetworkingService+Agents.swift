import Database
public import ServiceCore

extension NetworkingService {
    /// Neutron's agent list, by kind and host. A host whose networks are the emulator's own has none.
    /// - Throws: `ServiceError`: forbidden to all but administrators.
    public func networkAgents(as context: RequestContext) throws -> [NetworkAgent] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.agents, context)
        return try read { try agentStore.all(at: clock.now(), in: $0) }
    }
}
