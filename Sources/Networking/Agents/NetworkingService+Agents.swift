import ComputeHost
import Database
public import ServiceCore

extension NetworkingService {
    /// Neutron's agent list, by kind and host. A host whose networks are the emulator's own has none.
    /// - Throws: `ServiceError`: forbidden to all but administrators.
    public func networkAgents(as context: RequestContext) throws -> [NetworkAgent] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.agents, context)
        return try read { try agentStore.all(at: clock.now(), in: $0) }
    }

    /// - Throws: `ServiceError`: notFound, forbidden to all but administrators.
    public func networkAgent(_ id: ID<NetworkAgent>, as context: RequestContext) throws -> NetworkAgent {
        guard let agent = try networkAgents(as: context).first(where: { $0.id == id }) else {
            throw ServiceError.notFound("Agent", id.text)
        }
        return agent
    }

    /// Lets an agent take new work, or no more of it: what it has it keeps. DHCP servers and routers' ports that nobody
    /// could take wait, DOWN and on no host, for one that is let again.
    /// - Throws: `ServiceError`: notFound, forbidden to all but administrators.
    public func updateNetworkAgent(
        _ id: ID<NetworkAgent>, adminStateUp: Bool, as context: RequestContext
    ) throws -> NetworkAgent {
        try NetworkingPolicy.policy.require(NetworkingPolicy.updateAgent, context)
        return try write { transaction in
            guard try agentStore.setAdminState(id, up: adminStateUp, in: transaction),
                let agent = try agentStore.all(at: clock.now(), in: transaction).first(where: { $0.id == id })
            else { throw ServiceError.notFound("Agent", id.text) }
            if adminStateUp { try takeUpWaiting(agent, context, transaction) }
            return agent
        }
    }

    private func takeUpWaiting(
        _ agent: NetworkAgent, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        for var port in try portStore.waitingForHost(agent.kind.deviceOwners, in: transaction) {
            port.status = .active
            _ = try move(port, to: agent.host, transaction)
            try enqueueApply(port.networkID, context, transaction)
            if agent.kind == .layer3, port.deviceOwner != DeviceOwner.floatingIP {
                try enqueueApply(ID<NetworkRouter>(port.deviceID), context, transaction)
            }
        }
    }

    /// Where a port of the cloud's own is to be; "" while nobody may take it.
    func host(forOwn deviceOwner: String, _ transaction: borrowing Transaction) throws -> String {
        let kind: NetworkAgent.Kind = deviceOwner == DeviceOwner.dhcp ? .dhcp : .layer3
        let candidates = kind == .layer3 ? [hosts.networkNode].compactMap { $0 } : hosts.hosts
        return try agentStore.host(for: kind, among: candidates, in: transaction) ?? ""
    }
}

extension NetworkAgent.Kind {
    /// The ports that such an agent makes.
    fileprivate var deviceOwners: [String] {
        switch self {
        case .dhcp: [DeviceOwner.dhcp]
        case .layer3: [DeviceOwner.routerInterface, DeviceOwner.routerGateway, DeviceOwner.floatingIP]
        case .bridge, .metadata: []
        }
    }
}
