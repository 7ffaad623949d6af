import Database
public import ServiceCore

extension NetworkingService {
    /// Networks by name, the unnamed first, with the summaries of their subnets.
    /// - Throws: `ServiceError`: forbidden when all networks are asked for by others than administrators.
    public func networks(as context: RequestContext, filter: NetworkFilter = NetworkFilter()) throws -> [Network] {
        guard mayLook(context) else { return [] }
        var projectID: String?
        switch filter.scope {
        case .everything: guard context.isAdmin else { throw ServiceError.forbidden(NetworkingPolicy.get) }
        case .project: projectID = try context.requireProject()
        }
        return try read { transaction in
            let networks = try networkStore.list(filter, visibleTo: projectID, in: transaction)
            let shared = try projectID.map { try rbacStore.shared(.network, with: $0, in: transaction) } ?? []
            return networks.map { shown($0, sharedWithCaller: shared.contains($0.id.text), to: context) }
        }
    }

    /// - Throws: `ServiceError`: notFound.
    public func network(_ id: ID<Network>, as context: RequestContext) throws -> Network {
        try read { transaction in
            let network = try visibleNetwork(id, context, transaction)
            let isShared = try rbacStore.isShared(
                .network, id.text, with: context.projectID, as: .shared, in: transaction)
            return shown(network, sharedWithCaller: isShared, to: context)
        }
    }

    /// Whether the caller may edit a network, add subnets to it and delete it: which buttons a page shows.
    public func canChange(_ network: Network, as context: RequestContext) -> Bool {
        NetworkingPolicy.policy.allows(NetworkingPolicy.updateNetwork, context)
            && context.canSee(projectID: network.projectID)
    }

    /// Refuses callers who may not change a network or its subnets, before they fill in a form.
    /// - Throws: `ServiceError`: forbidden.
    public func requireChange(of network: Network, as context: RequestContext) throws {
        guard canChange(network, as: context) else { throw ServiceError.forbidden(NetworkingPolicy.updateNetwork) }
    }

    /// Makes a network and, if one is given, its first subnet, both or neither.
    /// - Throws: `ServiceError`: invalid with every fault (those of the subnet below `subnet.`), overQuota, forbidden,
    ///   conflict `segment_in_use`.
    public func createNetwork(
        _ new: NewNetwork, subnet: NewSubnet? = nil, as context: RequestContext
    ) throws -> Network {
        try write { try makeNetwork(new, subnet, context, $0) }
    }

    /// Makes all of several networks, or none.
    /// - Throws: `ServiceError`, as ``createNetwork(_:subnet:as:)``.
    public func createNetworks(_ all: [NewNetwork], as context: RequestContext) throws -> [Network] {
        try write { transaction in try all.map { try makeNetwork($0, nil, context, transaction) } }
    }

    private func makeNetwork(
        _ new: NewNetwork, _ subnet: NewSubnet?, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Network {
        try requireCreation(of: new, subnet, context)
        let projectID = try owner(new.projectID, context)
        let wanted = try subnet.map { subnet in
            try Self.namingSubnet { try cut(subnet, projectID: projectID, context, transaction) }
        }
        let (network, content) = try checkedNetwork(new, wanted, projectID: projectID)
        try requireQuota(.network, adding: 1, projectID, transaction)
        try storeNetwork(network, content, context, transaction)
        return shown(try visibleNetwork(network.id, context, transaction), to: context)
    }

    /// - Throws: `ServiceError`: notFound, forbidden, invalid, conflict `revision_conflict`, `shared_network_in_use`,
    ///   `external_network_in_use`.
    public func updateNetwork(
        _ id: ID<Network>, _ update: NetworkUpdate, as context: RequestContext
    ) throws -> Network {
        try write { transaction in
            var network = try changeableNetwork(id, NetworkingPolicy.updateNetwork, context, transaction)
            try requireRevision(update.revision, current: network.revision, network.displayName)
            if let shared = update.shared, shared != network.shared {
                try NetworkingPolicy.policy.require(NetworkingPolicy.shareNetwork, context)
                try requireUnshareable(network, shared: shared, transaction)
            }
            if let external = update.external, external != network.external {
                try NetworkingPolicy.policy.require(NetworkingPolicy.setExternal, context)
                try requireNoWaysOut(network, transaction)
            }
            if update.provider != nil { try refuseMove(context) }
            var faults = Faults()
            apply(update, to: &network, &faults)
            try faults.throwIfAny()
            try networkStore.update(network, in: transaction)
            try changed(network, .updated, context, transaction)
            return shown(network, to: context)
        }
    }

    /// Deletes a network with its subnets, its DHCP port and the floating IPs of it that lead nowhere.
    /// - Throws: `ServiceError`: notFound, forbidden, conflict `network_in_use` when other ports are on it.
    public func deleteNetwork(
        _ id: ID<Network>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let network = try changeableNetwork(id, NetworkingPolicy.deleteNetwork, context, transaction)
            try requireRevision(revision, current: network.revision, network.displayName)
            if network.external { try releaseIdleFloatingIPs(of: id, context, transaction) }
            let ports = try portStore.ordinaryPorts(of: id, limit: 4, in: transaction)
            guard ports.isEmpty else {
                throw ServiceError.conflict(
                    code: "network_in_use",
                    Message(
                        "There are one or more ports still in use on the network {name}: {ports}. Delete the instances or ports first.",
                        ["name": network.displayName, "ports": Self.listed(ports)]))
            }
            if let port = try portStore.dhcpPort(of: id, in: transaction) { try remove(port, transaction) }
            for subnet in network.subnets { try subnetStore.delete(subnet.id, in: transaction) }
            try networkStore.delete(id, in: transaction)
            try changed(network, .deleted, context, transaction)
        }
    }

    /// How many addresses each subnet of a network has, and how many are used.
    /// - Throws: `ServiceError`: notFound.
    public func availability(of id: ID<Network>, as context: RequestContext) throws -> IPAvailability {
        try read { transaction in
            _ = try visibleNetwork(id, context, transaction)
            let used = try allocationStore.counts(ofNetwork: id, in: transaction)
            let subnets = try subnetStore.list(of: id, in: transaction)
            return IPAvailability(networkID: id, subnets.map { SubnetAvailability($0, used: used[$0.id] ?? 0) })
        }
    }

    /// At most three identifiers of several, for a message.
    static func listed<Resource>(_ ids: [ID<Resource>]) -> String {
        ids.prefix(3).map(\.text).joined(separator: ", ") + (ids.count > 3 ? ", …" : "")
    }

    /// Without what only administrators may know. Shared with the caller's project alone is shared, to the caller.
    func shown(
        _ network: Network, sharedWithCaller: Bool = false, to context: RequestContext
    ) -> Network {
        var network = network
        network.shared = network.shared || sharedWithCaller
        guard !NetworkingPolicy.policy.allows(NetworkingPolicy.provider, context) else { return network }
        network.provider = nil
        return network
    }
}

extension NetworkingService {
    private func requireCreation(of new: NewNetwork, _ subnet: NewSubnet?, _ context: RequestContext) throws {
        let policy = NetworkingPolicy.policy
        try policy.require(NetworkingPolicy.createNetwork, context)
        if new.shared { try policy.require(NetworkingPolicy.shareNetwork, context) }
        if new.external { try policy.require(NetworkingPolicy.setExternal, context) }
        if new.provider != nil { try policy.require(NetworkingPolicy.provider, context) }
        if subnet != nil { try policy.require(NetworkingPolicy.createSubnet, context) }
    }

    private func apply(_ update: NetworkUpdate, to network: inout Network, _ faults: inout Faults) {
        faults.checkLength(update.name, "name")
        faults.checkLength(update.description, "description")
        network.name = update.name ?? network.name
        network.description = update.description ?? network.description
        network.adminStateUp = update.adminStateUp ?? network.adminStateUp
        network.shared = update.shared ?? network.shared
        network.external = update.external ?? network.external
        network.portSecurityEnabled = update.portSecurityEnabled ?? network.portSecurityEnabled
        if let mtu = update.mtu { network.mtu = NetworkRules(configuration: configuration).mtu(mtu, &faults) }
        network.revision += 1
        network.updatedAt = clock.now()
    }

    /// A network stays on the segment it was made on: hosts and switches beyond know it by that.
    private func refuseMove(_ context: RequestContext) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.provider, context)
        var faults = Faults()
        faults.add(
            Place("provider:network_type"), "provider_cannot_change",
            "How a network is carried cannot be changed.", value: "")
        throw ServiceError.invalid(faults.violations)
    }

    /// Neutron's ExternalNetworkInUse: routers and floating IPs keep their network an external one.
    private func requireNoWaysOut(_ network: Network, _ transaction: borrowing Transaction) throws {
        guard network.external, try portStore.hasWaysOut(network.id, in: transaction) else { return }
        throw ServiceError.conflict(
            code: "external_network_in_use",
            Message("Routers or floating IPs use the network {name}.", ["name": network.displayName]))
    }

    /// Neutron's InvalidSharedSetting: a network others use cannot be taken away from them.
    private func requireUnshareable(
        _ network: Network, shared: Bool, _ transaction: borrowing Transaction
    ) throws {
        guard !shared, try portStore.isUsedByOthers(network, in: transaction) else { return }
        throw ServiceError.conflict(
            code: "shared_network_in_use",
            Message("Other projects have ports on the network {name}.", ["name": network.displayName]))
    }
}

extension NetworkingService {
    /// Faults of the first subnet, by the field names of a form that makes it together with its network.
    private static func namingSubnet<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as ServiceError where error.kind == .invalid {
            throw ServiceError.invalid(
                error.violations.map {
                    Violation(field: "subnet.\($0.field)", code: $0.code, message: $0.message, value: $0.value)
                })
        }
    }
}

/// Creating in two steps, so that all faults are found before anything is stored.
extension NetworkingService {
    /// - Throws: `ServiceError`: invalid with every fault, those of the subnet below `subnet.`.
    func checkedNetwork(
        _ new: NewNetwork, _ subnet: NewSubnet?, projectID: String
    ) throws -> (network: Network, subnet: SubnetContent?) {
        let rules = NetworkRules(configuration: configuration)
        var faults = Faults()
        faults.checkLength(new.name, "name")
        faults.checkLength(new.description, "description")
        rules.availabilityZoneHints(new.availabilityZoneHints, &faults)
        let mtu = rules.mtu(new.mtu, &faults)
        let segment = rules.segment(new.provider, &faults)
        var subnetFaults = Faults()
        let content = subnet.flatMap {
            SubnetRules(configuration: configuration).content(of: $0, siblings: [], &subnetFaults)
        }
        faults.add(subnetFaults, under: "subnet")
        try faults.throwIfAny()
        let now = clock.now()
        let network = Network(
            id: .random(), projectID: projectID, name: new.name, description: new.description,
            adminStateUp: new.adminStateUp, status: .active, shared: new.shared, external: new.external, mtu: mtu,
            portSecurityEnabled: new.portSecurityEnabled, availabilityZoneHints: new.availabilityZoneHints,
            provider: segment, subnets: [], revision: 1, createdAt: now, updatedAt: now)
        return (network, content)
    }

    /// - Throws: `ServiceError`: conflict `segment_in_use`, overQuota for the subnet.
    func storeNetwork(
        _ network: Network, _ subnet: SubnetContent?, _ context: RequestContext,
        _ transaction: borrowing Transaction
    ) throws {
        if let segment = network.provider, try networkStore.isTaken(segment, in: transaction) {
            throw ServiceError.conflict(
                code: "segment_in_use", "Another network is carried by this physical network and segmentation ID.")
        }
        try networkStore.insert(network, in: transaction)
        if let subnet {
            _ = try addSubnet(subnet, to: network, transaction)
            // A second revision, as when the subnet is asked for by itself.
            try networkStore.touch(network.id, at: network.createdAt, in: transaction)
        }
        try changed(network, .created, context, transaction)
    }
}
