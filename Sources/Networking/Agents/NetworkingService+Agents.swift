import ComputeHost
import Database
public import ServiceCore

extension NetworkingService {
    /// Neutron's agent list, by kind and host. A host whose networks are the emulator's own has none.
    /// To all but administrators there are none.
    /// - Throws: `ServiceError`.
    public func networkAgents(as context: RequestContext) throws -> [NetworkAgent] {
        guard NetworkingPolicy.policy.allows(NetworkingPolicy.agents, context) else { return [] }
        return try read { try agentStore.all(at: clock.now(), in: $0) }
    }

    /// - Throws: `ServiceError`: notFound.
    public func networkAgent(_ id: ID<NetworkAgent>, as context: RequestContext) throws -> NetworkAgent {
        guard let agent = try networkAgents(as: context).first(where: { $0.id == id }) else {
            throw ServiceError.notFound("Agent", id.text)
        }
        return agent
    }

    /// Lets an agent take new work, or no more of it: what it has it keeps. DHCP servers and routers' ports that nobody
    /// could take wait, DOWN and on no host, for one that is let again.
    /// - Parameters:
    ///   - adminStateUp: nil leaves it as it is.
    ///   - description: nil leaves it as it is.
    /// - Throws: `ServiceError`: notFound, invalid, forbidden.
    public func updateNetworkAgent(
        _ id: ID<NetworkAgent>, adminStateUp: Bool? = nil, description: String? = nil, as context: RequestContext
    ) throws -> NetworkAgent {
        try requireChangeable(id, context)
        var faults = Faults()
        faults.checkLength(description, "description")
        try faults.throwIfAny()
        return try write { transaction in
            guard
                try agentStore.update(id, adminStateUp: adminStateUp, description: description, in: transaction),
                let agent = try agentStore.all(at: clock.now(), in: transaction).first(where: { $0.id == id })
            else { throw ServiceError.notFound("Agent", id.text) }
            if adminStateUp == true { try takeUpWaiting(agent, context, transaction) }
            return agent
        }
    }

    /// Forgets an agent. One that works reports again, and is another one then, as in neutron.
    /// - Throws: `ServiceError`: notFound, forbidden.
    public func deleteNetworkAgent(_ id: ID<NetworkAgent>, as context: RequestContext) throws {
        try requireChangeable(id, context)
        try write { transaction in
            guard try agentStore.delete(id, in: transaction) else { throw ServiceError.notFound("Agent", id.text) }
        }
    }

    private func requireChangeable(_ id: ID<NetworkAgent>, _ context: RequestContext) throws {
        _ = try networkAgent(id, as: context)
        try NetworkingPolicy.policy.require(NetworkingPolicy.updateAgent, context)
    }

    private func takeUpWaiting(
        _ agent: NetworkAgent, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        for port in try portStore.waitingForHost(agent.kind.deviceOwners, in: transaction) {
            try place(port, on: agent.host, context, transaction)
        }
    }

    /// Moves a port of the cloud's own to another host, or with "" to none, and has the hosts told.
    func place(
        _ port: Port, on host: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        var port = port
        port.status = host.isEmpty ? .down : .active
        _ = try move(port, to: host, transaction)
        try enqueueApply(port.networkID, context, transaction)
        if port.deviceOwner == DeviceOwner.routerInterface || port.deviceOwner == DeviceOwner.routerGateway {
            try enqueueApply(ID<NetworkRouter>(port.deviceID), context, transaction)
        }
    }

    /// Where a port of the cloud's own is to be; "" while nobody may take it, and for a router that was taken from its
    /// agent. A network goes where an administrator put it before it had a port.
    func host(
        forOwn deviceOwner: String, of device: String, on networkID: ID<Network>, _ transaction: borrowing Transaction
    ) throws -> String {
        switch deviceOwner {
        case DeviceOwner.dhcp:
            if let host = try agentStore.chosenHost(of: networkID, in: transaction) {
                try agentStore.unbind(networkID, in: transaction)
                return host
            }
        case DeviceOwner.routerInterface, DeviceOwner.routerGateway:
            let others = try portStore.list(PortFilter(deviceID: device), visibleTo: nil, in: transaction)
                .filter { $0.deviceOwner.hasPrefix("network:router_") }
            if !others.isEmpty, others.allSatisfy(\.bindingHost.isEmpty) { return "" }
        default: break
        }
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
