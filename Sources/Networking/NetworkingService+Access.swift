import Database
import ServiceCore

/// What every method begins and ends with: who may, whether it is still what the caller saw, who must be told.
extension NetworkingService {
    func read<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        try ServiceError.wrapping { try database.read(body) }
    }

    func write<T>(_ body: (borrowing Transaction) throws -> T) throws -> T {
        try ServiceError.wrapping { try database.write(body) }
    }

    /// Whether the caller may look at anything. Neutron does not refuse who may not, but has nothing to show.
    func mayLook(_ context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.get, context)
    }

    /// A network the caller may see: its project's own, one that is shared with it or leads out for it, or any to an
    /// administrator.
    func visibleNetwork(
        _ id: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Network {
        guard mayLook(context), let network = try networkStore.find(id, in: transaction),
            try isVisible(network, context, transaction)
        else {
            throw ServiceError.notFound("Network", id.text)
        }
        return network
    }

    private func isVisible(
        _ network: Network, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Bool {
        if context.canSee(projectID: network.projectID) { return true }
        return try rbacStore.isShared(.network, network.id.text, with: context.projectID, in: transaction)
    }

    /// A network the caller may change under a rule: what can only be seen is forbidden.
    func changeableNetwork(
        _ id: ID<Network>, _ rule: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Network {
        let network = try visibleNetwork(id, context, transaction)
        try NetworkingPolicy.policy.require(rule, on: network.projectID, context)
        return network
    }

    /// A network on which the caller may make something: neutron looks whose it is with an administrator's eyes, so that
    /// others are forbidden, and not told that there is none.
    func extensibleNetwork(
        _ id: ID<Network>, _ rule: String, evenShared: Bool = false, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws -> Network {
        try NetworkingPolicy.policy.require(rule, context)
        guard let network = try networkStore.find(id, in: transaction) else {
            throw ServiceError.notFound("Network", id.text)
        }
        let isOpen = try evenShared && isVisible(network, context, transaction)
        if !isOpen { try NetworkingPolicy.policy.require(rule, on: network.projectID, context) }
        return network
    }

    /// A subnet is visible with its network.
    func visibleSubnet(
        _ id: ID<Subnet>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> (subnet: Subnet, network: Network) {
        guard mayLook(context), let subnet = try subnetStore.find(id, in: transaction),
            let network = try networkStore.find(subnet.networkID, in: transaction),
            try isVisible(network, context, transaction)
        else { throw ServiceError.notFound("Subnet", id.text) }
        return (subnet, network)
    }

    func changeableSubnet(
        _ id: ID<Subnet>, _ rule: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> (subnet: Subnet, network: Network) {
        let found = try visibleSubnet(id, context, transaction)
        try NetworkingPolicy.policy.require(rule, on: found.network.projectID, context)
        return found
    }

    /// A port is visible to its project and to the project of its network.
    func visiblePort(
        _ id: ID<Port>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Port {
        guard mayLook(context), let port = try portStore.find(id, in: transaction) else {
            throw ServiceError.notFound("Port", id.text)
        }
        if context.canSee(projectID: port.projectID) { return port }
        guard let network = try networkStore.find(port.networkID, in: transaction),
            context.canSee(projectID: network.projectID)
        else { throw ServiceError.notFound("Port", id.text) }
        return port
    }

    /// The project something new belongs to.
    func owner(_ projectID: String?, _ context: RequestContext) throws -> String {
        guard let projectID, projectID != context.projectID else { return try context.requireProject() }
        try NetworkingPolicy.policy.require(NetworkingPolicy.otherProject, context)
        return projectID
    }

    /// Refuses a change by somebody who looked at an older state.
    func requireRevision(_ seen: Int?, current: Int, _ name: String) throws {
        guard let seen, seen != current else { return }
        throw ServiceError.conflict(
            code: "revision_conflict",
            Message(
                "{name} was changed by somebody else in the meantime. Nothing was saved; compare and save again.",
                ["name": name, "seen": String(seen), "current": String(current)]))
    }

    /// Tells the hosts and the open pages, if the transaction is committed.
    func changed(
        _ network: Network, _ what: ResourceEvent.Change = .updated, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws {
        try enqueueApply(network.id, context, transaction)
        events.publish(.change(of: network, what), in: transaction)
    }

    /// Has the hosts look at a network again.
    func enqueueApply(
        _ id: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        let job = NewJob(
            kind: ApplyNetwork.kind, resource: "network/\(id)", payload: ["network_id": id.text],
            requestID: context.requestID)
        try jobs.enqueueUnlessWaiting(job, in: transaction)
    }

    func changed(_ port: Port, _ what: ResourceEvent.Change, _ transaction: borrowing Transaction) {
        events.publish(
            ResourceEvent(kind: "port", id: port.id.text, projectID: port.projectID, what: what), in: transaction)
    }
}

extension ResourceEvent {
    /// Everybody may have a page with a shared network open.
    static func change(of network: Network, _ what: Change = .updated) -> ResourceEvent {
        let projectID = network.shared || network.external ? nil : network.projectID
        return ResourceEvent(kind: "network", id: network.id.text, projectID: projectID, what: what)
    }
}
