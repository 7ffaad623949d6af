import Database
public import ServiceCore

extension NetworkingService {
    /// The groups of an instance's ports, by name.
    /// - Throws: `ServiceError`: notFound when the instance has ports and the caller may see none.
    public func securityGroups(ofInstance instanceID: String, as context: RequestContext) throws -> [SecurityGroup] {
        try NetworkingPolicy.policy.require(NetworkingPolicy.get, context)
        return try read { transaction in
            let ports = try visibleCards(of: instanceID, context, transaction)
            return try groupStore.find(Set(ports.flatMap(\.securityGroupIDs)), in: transaction)
        }
    }

    /// Gives all guarded ports of an instance these groups and no others.
    /// - Parameter groups: ids, or names that only one group of the project has.
    /// - Throws: `ServiceError`: notFound, forbidden, conflict `security_group_no_unique_match`.
    public func setSecurityGroups(
        _ groups: [String], ofInstance instanceID: String, as context: RequestContext
    ) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.updatePort, context)
        try write { transaction in
            for port in try visibleCards(of: instanceID, context, transaction) where port.portSecurityEnabled {
                var changed = port
                changed.securityGroupIDs = try groupIDs(named: groups, ofProject: port.projectID, transaction)
                guard changed.securityGroupIDs != port.securityGroupIDs else { continue }
                changed.revision += 1
                changed.updatedAt = clock.now()
                try portStore.update(changed, in: transaction)
                try portSecurityStore.replace(of: changed, in: transaction)
                self.changed(changed, .updated, transaction)
                try enqueueApply(port.networkID, context, transaction)
                try membersChanged(
                    of: port.securityGroupIDs + changed.securityGroupIDs, but: port.networkID, context, transaction)
            }
        }
    }

    private func visibleCards(
        of instanceID: String, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> [Port] {
        let ports = try portStore.cards(ofInstance: instanceID, in: transaction)
        let visible = ports.filter { context.canSee(projectID: $0.projectID) }
        guard ports.isEmpty || !visible.isEmpty else { throw ServiceError.notFound("Instance", instanceID) }
        return visible
    }
}

/// What neutron asks of the groups and address pairs of a port.
extension NetworkingService {
    /// The groups that names or ids stand for, in a project, in the order of their ids. Nova takes both.
    func groupIDs(
        named texts: [String], ofProject projectID: String, _ transaction: borrowing Transaction
    ) throws -> [ID<SecurityGroup>] {
        let ids = try Set(texts).map { text in
            if text == SecurityGroup.defaultName { return try defaultGroup(of: projectID, transaction) }
            if let id = try usableGroup(text, by: projectID, transaction) { return id }
            var filter = SecurityGroupFilter()
            filter.name = text
            let named = try groupStore.list(filter, visibleTo: projectID, in: transaction)
            guard let group = named.first else { throw ServiceError.notFound("Security group", text) }
            guard named.count == 1 else {
                throw ServiceError.conflict(
                    code: "security_group_no_unique_match",
                    Message("Several security groups are called {name}; use an id.", ["name": text]))
            }
            return group.id
        }
        return Set(ids).sorted { $0.text < $1.text }
    }

    /// The groups of a port that is wanted: those that are named, or the default group of a guarded port.
    func securityGroups(
        for new: NewPort, ofProject projectID: String, _ transaction: borrowing Transaction
    ) throws -> [ID<SecurityGroup>] {
        guard let ids = new.securityGroups else {
            guard new.portSecurityEnabled ?? true, !DeviceOwner.isTrusted(new.deviceOwner) else { return [] }
            return [try defaultGroup(of: projectID, transaction)]
        }
        return try usableGroups(ids, by: projectID, transaction)
    }

    func usableGroups(
        _ texts: [String], by projectID: String, _ transaction: borrowing Transaction
    ) throws -> [ID<SecurityGroup>] {
        try Set(texts).sorted().map { text in
            guard let id = try usableGroup(text, by: projectID, transaction) else {
                throw ServiceError.notFound("Security group", text)
            }
            return id
        }
    }

    private func usableGroup(
        _ text: String, by projectID: String, _ transaction: borrowing Transaction
    ) throws -> ID<SecurityGroup>? {
        guard let id = ID<SecurityGroup>(untrusted: text), let group = try groupStore.find(id, in: transaction)
        else { return nil }
        if group.projectID == projectID { return id }
        let isShared = try rbacStore.isShared(.securityGroup, id.text, with: projectID, in: transaction)
        return isShared ? id : nil
    }

    /// Reads address pairs, or notes what is wrong with them; the port's own MAC stands in for one that is not named.
    func addressPairs(
        _ inputs: [AddressPairInput], macAddress own: MACAddress, _ faults: inout Faults
    ) -> [AddressPair] {
        let list = "allowed_address_pairs"
        let limit = configuration.maxAllowedAddressPairs
        if inputs.count > limit {
            faults.add(
                Place(list), "too_many_address_pairs", "There are {value} entries; at most {limit} are allowed.",
                value: String(inputs.count), ["limit": String(limit)])
        }
        var pairs: [AddressPair] = []
        for (index, input) in inputs.prefix(limit).enumerated() {
            let place = Place("\(list)[\(index)]")
            guard let address = pairAddress(input.ipAddress, place.part("ip_address"), &faults) else { continue }
            var macAddress = own
            if let text = input.macAddress, !text.isEmpty {
                guard let typed = MACAddress(text) else {
                    faults.add(
                        place.part("mac_address"), "invalid_mac_address",
                        "'{value}' is not a MAC address of a card, such as fa:16:3e:12:34:56.", value: text)
                    continue
                }
                macAddress = typed
            }
            let pair = AddressPair(ipAddress: address, macAddress: macAddress)
            if pairs.contains(pair) {
                faults.add(place, "duplicate_address_pair", "{value} is listed twice.", value: address)
            } else {
                pairs.append(pair)
            }
        }
        return pairs
    }

    private func pairAddress(_ text: String, _ place: Place, _ faults: inout Faults) -> String? {
        guard text.contains("/") else { return faults.address(text, place)?.description }
        return faults.cidr(text, place)?.description
    }

    /// Groups and pairs are part of the guard: without it there can be none.
    func requireGuard(of port: Port) throws {
        guard !port.portSecurityEnabled else { return }
        guard port.securityGroupIDs.isEmpty else {
            throw ServiceError.conflict(
                code: "port_security_port_has_security_group",
                "A port without port security has no security groups: remove them first.")
        }
        guard port.allowedAddressPairs.isEmpty else {
            throw ServiceError.conflict(
                code: "address_pair_and_port_security_required",
                "A port without port security has no allowed address pairs: remove them first.")
        }
    }
}
