public import ComputeHost
import Database
public import ServiceCore

/// What Compute asks for. Ports of instances are found by instance id and card index, so everything may be repeated.
extension NetworkingService {
    /// Whether `count` instances with these cards could be plugged in now: for the moment of launching, before any
    /// job. What is checked is checked again by ``bindPorts(_:as:)``.
    /// - Returns: the security groups by their ids, however they were named, so that a group may be renamed before the
    ///   instance is plugged in; the default group by its name while the project has none yet.
    /// - Throws: `ServiceError`: notFound for networks and ports the project cannot see, invalid for a network without
    ///   subnets, conflict `port_in_use`, overQuota.
    @discardableResult
    public func checkBinding(_ binding: InstanceBinding, count: Int, as context: RequestContext) throws -> [String] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.createPort, context)
        return try read { transaction in
            var newPorts = 0
            for card in binding.cards {
                switch card {
                case .network(let id):
                    _ = try attachableNetwork(id, context, transaction)
                    newPorts += count
                case .address(let id, let address):
                    try requireSingle(count, "networks", "address_for_several", address)
                    _ = try attachableNetwork(id, context, transaction)
                    newPorts += count
                case .port(let id):
                    try requireSingle(count, "ports", "port_for_several", id.text)
                    _ = try attachablePort(id, binding, context, transaction)
                }
            }
            try requireQuota(.port, adding: newPorts, binding.projectID, transaction)
            return try groups(of: binding, transaction)
        }
    }

    /// Plugs every card of an instance in: makes the ports that are missing and binds the ones that exist, all or
    /// none. Called again, it returns the same ports.
    /// - Returns: the ports in the order of the cards.
    /// - Throws: `ServiceError`, see ``checkBinding(_:count:as:)``; also conflict `ip_address_in_use`,
    ///   `ip_address_generation_failure`.
    public func bindPorts(_ binding: InstanceBinding, as context: RequestContext) throws -> [Port] {
        try write { transaction in
            let present = try portStore.cards(ofInstance: binding.instanceID, in: transaction)
            return try binding.cards.enumerated().map { index, card in
                if let port = present.first(where: { $0.nicIndex == index }) {
                    return try move(port, to: binding.host, transaction)
                }
                return try plug(card, index, of: binding, context, transaction)
            }
        }
    }

    /// Unplugs an instance: ports made for it are deleted, others are free again. Repeatable.
    /// - Throws: `ServiceError`.
    public func releasePorts(instanceID: String) throws {
        try write { transaction in
            for port in try portStore.cards(ofInstance: instanceID, in: transaction) {
                try release(port, transaction)
            }
        }
    }

    func release(_ port: Port, _ transaction: borrowing Transaction) throws {
        if try portStore.isMadeForInstance(port.id, in: transaction) {
            try remove(port, transaction)
        } else {
            try unplug(port, transaction)
        }
        guard let network = try networkStore.find(port.networkID, in: transaction) else { return }
        let context = RequestContext.system("release ports")
        try changed(network, .updated, context, transaction)
        try membersChanged(of: port.securityGroupIDs, but: network.id, context, transaction)
    }

    /// The cards of an instance as its host needs them, in their order.
    /// - Throws: `ServiceError`.
    public func portSpecs(instanceID: String) throws -> [PortSpec] {
        try read { transaction in
            let ports = try portStore.cards(ofInstance: instanceID, in: transaction)
            let subnets = try Set(ports.map(\.networkID)).flatMap {
                try subnetStore.list(of: $0, in: transaction)
            }
            return ports.map { PortSpec($0, subnets) }
        }
    }

    /// The addresses of some instances, by instance, in the order of their cards: one query for a page of a list.
    /// - Throws: `ServiceError`.
    public func addresses(instanceIDs: [String]) throws -> [String: [InstanceAddress]] {
        guard !instanceIDs.isEmpty else { return [:] }
        let rows = try read { try portStore.addresses(ofInstances: instanceIDs, in: $0) }
        return Dictionary(grouping: rows, by: \.instanceID).mapValues { $0.map(\.address) }
    }

    /// The floating IPs that lead to some instances, by instance, as addresses of the networks inside.
    /// - Throws: `ServiceError`.
    public func floatingAddresses(instanceIDs: [String]) throws -> [String: [InstanceAddress]] {
        guard !instanceIDs.isEmpty else { return [:] }
        let rows = try read { try floatingIPStore.addresses(ofInstances: instanceIDs, in: $0) }
        return Dictionary(grouping: rows, by: \.instanceID).mapValues { $0.map(\.address) }
    }

    /// The names of the groups that some instances' ports have, by instance: one query for a page of a list.
    /// - Throws: `ServiceError`.
    public func securityGroupNames(instanceIDs: [String]) throws -> [String: [String]] {
        guard !instanceIDs.isEmpty else { return [:] }
        let rows = try read { try portSecurityStore.groupNames(ofInstances: instanceIDs, in: $0) }
        return Dictionary(grouping: rows, by: \.instanceID).mapValues { $0.map(\.name) }
    }

    /// The instances with a port that has an address with this text in it.
    /// - Parameter version: addresses of this version only.
    /// - Throws: `ServiceError`.
    public func instanceIDs(addressContains text: String, version: IPVersion) throws -> [String] {
        try read { try portStore.instances(addressContains: text, version: version, in: $0) }
    }
}

extension NetworkingService {
    /// A network an instance of the project may be plugged into: nova asks for one with a subnet.
    private func attachableNetwork(
        _ id: ID<Network>, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Network {
        let network = try visibleNetwork(id, context, transaction)
        guard !network.subnets.isEmpty else {
            let message = Message(
                "The network {name} has no subnet to take an address of.", ["name": network.displayName])
            throw ServiceError.invalid([
                Violation(field: "networks", code: "network_requires_subnet", message: message, value: id.text)
            ])
        }
        return network
    }

    /// The groups an instance is to have are there. The default group is made with the first port.
    private func groups(of binding: InstanceBinding, _ transaction: borrowing Transaction) throws -> [String] {
        let isMissing = try groupStore.defaultID(ofProject: binding.projectID, in: transaction) == nil
        let (unmade, named) = (
            binding.securityGroups.filter { isMissing && $0 == SecurityGroup.defaultName },
            binding.securityGroups.filter { !isMissing || $0 != SecurityGroup.defaultName }
        )
        return try unmade + groupIDs(named: named, ofProject: binding.projectID, transaction).map(\.text)
    }

    /// A port or an address of its own can go to one instance only.
    private func requireSingle(_ count: Int, _ field: String, _ code: String, _ value: String) throws {
        guard count > 1 else { return }
        let message = Message(
            "{value} can be used by one instance only, not by {count}.", ["value": value, "count": String(count)])
        throw ServiceError.invalid([Violation(field: field, code: code, message: message, value: value)])
    }

    private func attachablePort(
        _ id: ID<Port>, _ binding: InstanceBinding, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Port {
        let port = try visiblePort(id, context, transaction)
        guard port.projectID == binding.projectID || context.isAdmin else {
            throw ServiceError.notFound("Port", id.text)
        }
        guard port.deviceID.isEmpty else {
            throw ServiceError.conflict(
                code: "port_in_use",
                Message(
                    "The port {name} is in use by {device}.", ["name": port.displayName, "device": port.deviceID]))
        }
        return port
    }

    func plug(
        _ card: InstanceBinding.Card, _ index: Int, of binding: InstanceBinding, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws -> Port {
        switch card {
        case .network(let id):
            return try makePort(binding.port(on: id), index, of: binding, context, transaction)
        case .address(let id, let address):
            return try makePort(
                binding.port(on: id, address: address), index, of: binding, context, transaction)
        case .port(let id):
            var port = try attachablePort(id, binding, context, transaction)
            port = port.plugged(into: binding, card: index, at: clock.now())
            try portStore.update(port, in: transaction)
            try tell(port, context, transaction)
            return port
        }
    }

    private func makePort(
        _ wanted: NewPort, _ card: Int, of binding: InstanceBinding, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws -> Port {
        var new = wanted
        let network = try attachableNetwork(new.networkID, context, transaction)
        let projectID = try new.projectID ?? context.requireProject()
        try requireQuota(.port, adding: 1, projectID, transaction)
        new.portSecurityEnabled = network.portSecurityEnabled
        if network.portSecurityEnabled {
            let groups = try groupIDs(named: binding.securityGroups, ofProject: projectID, transaction)
            new.securityGroups = groups.map(\.text)
        }
        let port = try addPort(new, to: network, projectID: projectID, card: card, transaction)
        try changed(network, .updated, context, transaction)
        try membersChanged(of: port.securityGroupIDs, but: network.id, context, transaction)
        return port
    }

    func move(_ port: Port, to host: String, _ transaction: borrowing Transaction) throws -> Port {
        guard port.bindingHost != host else { return port }
        var port = port
        port.bindingHost = host
        port.revision += 1
        port.updatedAt = clock.now()
        try portStore.update(port, in: transaction)
        changed(port, .updated, transaction)
        return port
    }

    private func unplug(_ port: Port, _ transaction: borrowing Transaction) throws {
        let free = port.unplugged(at: clock.now())
        try portStore.update(free, in: transaction)
        changed(free, .updated, transaction)
    }

    private func tell(_ port: Port, _ context: RequestContext, _ transaction: borrowing Transaction) throws {
        changed(port, .updated, transaction)
        guard let network = try networkStore.find(port.networkID, in: transaction) else { return }
        try changed(network, .updated, context, transaction)
    }
}
