import Database
public import ServiceCore

extension NetworkingService {
    /// Ports by name, the unnamed first: the caller's project's own and those on its networks; to administrators all.
    /// - Throws: `ServiceError`.
    public func ports(as context: RequestContext, filter: PortFilter = PortFilter()) throws -> [Port] {
        guard mayLook(context) else { return [] }
        let projectID = context.isAdmin ? nil : try context.requireProject()
        return try read { try portStore.list(filter, visibleTo: projectID, in: $0) }
    }

    /// - Throws: `ServiceError`: notFound.
    public func port(_ id: ID<Port>, as context: RequestContext) throws -> Port {
        try read { try visiblePort(id, context, $0) }
    }

    /// Where a port is bound, "" when it is not (neutron: binding:host_id, which only administrators are told); nil for
    /// callers whose role does not let them know.
    public func bindingHost(of port: Port, as context: RequestContext) -> String? {
        NetworkingPolicy.policy.allows(NetworkingPolicy.getBinding, context) ? port.bindingHost : nil
    }

    /// Makes a port on a network that the caller may see.
    /// - Throws: `ServiceError`: invalid, notFound, forbidden, overQuota, conflict `ip_address_in_use`,
    ///   `ip_address_generation_failure`, `mac_address_in_use`.
    public func createPort(_ new: NewPort, as context: RequestContext) throws -> Port {
        try write { try makePort(new, context, $0) }
    }

    /// Makes all of several ports, or none.
    /// - Throws: `ServiceError`, as ``createPort(_:as:)``.
    public func createPorts(_ all: [NewPort], as context: RequestContext) throws -> [Port] {
        try write { transaction in try all.map { try makePort($0, context, transaction) } }
    }

    private func makePort(
        _ new: NewPort, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws -> Port {
        let policy = NetworkingPolicy.policy
        try policy.require(NetworkingPolicy.createPort, context)
        if !new.bindingHost.isEmpty || new.bindingProfile != "{}" {
            try policy.require(NetworkingPolicy.bindPort, context)
        }
        let projectID = try owner(new.projectID, context)
        let network = try extensibleNetwork(
            new.networkID, NetworkingPolicy.createPort, evenShared: true, context, transaction)
        var new = new
        new.portSecurityEnabled = new.portSecurityEnabled ?? network.portSecurityEnabled
        let isShaped =
            new.macAddress?.isEmpty == false || new.portSecurityEnabled != network.portSecurityEnabled
            || !new.allowedAddressPairs.isEmpty || new.fixedIPs?.contains { $0.address?.isEmpty == false } == true
            || DeviceOwner.isTrusted(new.deviceOwner)
        if isShaped { try requireShaping(network, context) }
        try requireQuota(.port, adding: 1, projectID, transaction)
        let port = try addPort(new, to: network, projectID: projectID, card: nil, transaction)
        try changed(network, .updated, context, transaction)
        try membersChanged(of: port.securityGroupIDs, but: network.id, context, transaction)
        return port
    }

    /// - Throws: `ServiceError`: invalid, notFound, forbidden, conflict `revision_conflict`, `ip_address_in_use`,
    ///   `ip_address_generation_failure`, `mac_address_in_use`.
    public func updatePort(_ id: ID<Port>, _ update: PortUpdate, as context: RequestContext) throws -> Port {
        try write { transaction in
            var port = try visiblePort(id, context, transaction)
            let before = port
            try requireUpdate(update, of: port, context, transaction)
            try apply(update, to: &port, transaction)
            try portStore.update(port, in: transaction)
            if port.securityGroupIDs != before.securityGroupIDs
                || port.allowedAddressPairs != before.allowedAddressPairs
            {
                try portSecurityStore.replace(of: port, in: transaction)
            }
            if port.extraDHCPOptions != before.extraDHCPOptions {
                try extraDHCPOptionStore.replace(of: port, in: transaction)
            }
            if let inputs = update.fixedIPs {
                let recipient = AddressAllocator.Recipient(
                    portID: id, macAddress: port.macAddress, isDHCP: port.deviceOwner == DeviceOwner.dhcp)
                let subnets = try subnetStore.list(of: port.networkID, in: transaction)
                let addressing = PortAddressing(allocator: allocator, subnets: subnets)
                port.fixedIPs = try addressing.allocate(
                    inputs, present: port.fixedIPs, for: recipient, in: transaction)
                try disassociate(from: port, keeping: port.fixedIPs, context, transaction)
            }
            try noteChange(of: port, .updated, context, transaction)
            try membersChanged(
                of: before.securityGroupIDs + port.securityGroupIDs, but: port.networkID, context, transaction)
            return port
        }
    }

    /// - Throws: `ServiceError`: notFound, forbidden, conflict `port_in_use` while an instance, DHCP, a router or
    ///   a floating IP uses it.
    public func deletePort(
        _ id: ID<Port>, revision: Int? = nil, as context: RequestContext
    ) throws {
        try write { transaction in
            let port = try visiblePort(id, context, transaction)
            try NetworkingPolicy.policy.require(NetworkingPolicy.deletePort, context)
            try requireRevision(revision, current: port.revision, port.displayName)
            try requireUnused(port)
            try remove(port, transaction)
            try noteChange(of: port, .deleted, context, transaction)
            try membersChanged(of: port.securityGroupIDs, but: port.networkID, context, transaction)
        }
    }

    /// Stores a port with its addresses. `card` is the place in an instance the port is made for.
    func addPort(
        _ new: NewPort, to network: Network, projectID: String, card: Int?, _ transaction: borrowing Transaction
    ) throws -> Port {
        var faults = Faults()
        check(new, &faults)
        let typedMAC = macAddress(new.macAddress, &faults)
        try faults.throwIfAny()
        let macAddress = try typedMAC ?? freeMACAddress(on: network.id, transaction)
        if typedMAC != nil { try requireFree(macAddress, on: network.id, transaction) }
        let pairs = addressPairs(new.allowedAddressPairs, macAddress: macAddress, &faults)
        let options = ExtraDHCPOptionRules.apply(new.extraDHCPOptions, to: [], &faults)
        try faults.throwIfAny()
        let now = clock.now()
        var port = Port(
            id: .random(), networkID: network.id, networkName: network.name, mtu: network.mtu, projectID: projectID,
            name: new.name, description: new.description, macAddress: macAddress, adminStateUp: new.adminStateUp,
            status: card == nil ? .down : .active, deviceID: new.deviceID, deviceOwner: new.deviceOwner, fixedIPs: [],
            bindingHost: new.bindingHost, vnicType: new.vnicType,
            portSecurityEnabled: new.portSecurityEnabled ?? network.portSecurityEnabled,
            securityGroupIDs: try securityGroups(for: new, ofProject: projectID, transaction),
            allowedAddressPairs: pairs, extraDHCPOptions: options, bindingProfile: new.bindingProfile, nicIndex: card,
            revision: 1, createdAt: now, updatedAt: now)
        try requireGuard(of: port)
        try portStore.insert(port, madeForInstance: card != nil, in: transaction)
        let recipient = AddressAllocator.Recipient(portID: port.id, macAddress: macAddress, isDHCP: false)
        let addressing = PortAddressing(
            allocator: allocator, subnets: try subnetStore.list(of: network.id, in: transaction))
        port.fixedIPs =
            if let inputs = new.fixedIPs {
                try addressing.allocate(inputs, for: recipient, in: transaction)
            } else {
                try addressing.allocateDefault(for: recipient, in: transaction)
            }
        changed(port, .created, transaction)
        return port
    }
}

extension NetworkingService {
    /// What changes a card's identity on a network, neutron leaves to the network's owner and to administrators.
    private func requireShaping(_ network: Network, _ context: RequestContext) throws {
        try NetworkingPolicy.policy.require(NetworkingPolicy.shapePort, context)
        guard context.canSee(projectID: network.projectID) else {
            throw ServiceError(
                .forbidden, code: "network_owner_only",
                "On a network that is only shared with your project, its owner chooses addresses, MAC addresses, port security and the cloud's own devices."
            )
        }
    }

    private func requireUpdate(
        _ update: PortUpdate, of port: Port, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        let policy = NetworkingPolicy.policy
        try policy.require(NetworkingPolicy.updatePort, context)
        guard context.canSee(projectID: port.projectID) else {
            throw ServiceError.forbidden(NetworkingPolicy.updatePort)
        }
        if update.bindingHost ?? port.bindingHost != port.bindingHost
            || update.bindingProfile ?? port.bindingProfile != port.bindingProfile
        {
            try policy.require(NetworkingPolicy.bindPort, context)
        }
        if update.macAddress?.isEmpty == false { try policy.require(NetworkingPolicy.changeMAC, context) }
        let isShaped =
            update.portSecurityEnabled == false || update.allowedAddressPairs?.isEmpty == false
            || update.fixedIPs != nil || update.deviceOwner.map(DeviceOwner.isTrusted) == true
        if isShaped, let network = try networkStore.find(port.networkID, in: transaction) {
            try requireShaping(network, context)
        }
        try requireRevision(update.revision, current: port.revision, port.displayName)
        let isReplugged =
            update.deviceID ?? port.deviceID != port.deviceID
            || update.deviceOwner ?? port.deviceOwner != port.deviceOwner
            || update.macAddress?.isEmpty == false
        if isReplugged { try requireUnused(port) }
    }

    /// A port that an instance, the DHCP server or a router uses stays as they know it.
    private func requireUnused(_ port: Port) throws {
        guard port.nicIndex != nil || DeviceOwner.reserved.contains(port.deviceOwner) else { return }
        throw ServiceError.conflict(
            code: "port_in_use",
            Message("The port {name} is in use by {device}.", ["name": port.displayName, "device": port.deviceID]))
    }

    private func noteChange(
        of port: Port, _ what: ResourceEvent.Change, _ context: RequestContext, _ transaction: borrowing Transaction
    ) throws {
        if what == .updated { changed(port, what, transaction) }
        guard let network = try networkStore.find(port.networkID, in: transaction) else { return }
        try changed(network, .updated, context, transaction)
    }

    private func check(_ new: NewPort, _ faults: inout Faults) {
        faults.checkLength(new.name, "name")
        faults.checkLength(new.description, "description")
        faults.checkLength(new.deviceID, "device_id")
        faults.checkLength(new.deviceOwner, "device_owner")
        checkDeviceOwner(new.deviceOwner, &faults)
        checkProfile(new.bindingProfile, &faults)
    }

    /// Neutron's BINDING_PROFILE_LEN.
    private func checkProfile(_ profile: String, _ faults: inout Faults) {
        guard profile.utf8.count > 4095 else { return }
        faults.add(
            Place("binding:profile"), "profile_too_large", "The profile has {value} bytes; at most 4095 are allowed.",
            value: String(profile.utf8.count))
    }

    /// The ports of DHCP servers, routers and floating IPs are made by this service alone.
    private func checkDeviceOwner(_ deviceOwner: String, _ faults: inout Faults) {
        guard DeviceOwner.reserved.contains(deviceOwner) else { return }
        faults.add(
            Place("device_owner"), "reserved_device_owner", "'{value}' is reserved for this cloud's own ports.",
            value: deviceOwner)
    }

    private func macAddress(_ text: String?, _ faults: inout Faults) -> MACAddress? {
        guard let text, !text.isEmpty else { return nil }
        guard let address = MACAddress(text), address.isUnicast else {
            faults.add(
                Place("mac_address"), "invalid_mac_address",
                "'{value}' is not a MAC address of a card, such as fa:16:3e:12:34:56.", value: text)
            return nil
        }
        return address
    }

    private func requireFree(
        _ macAddress: MACAddress, on networkID: ID<Network>, _ transaction: borrowing Transaction
    ) throws {
        guard try portStore.isTaken(macAddress, on: networkID, in: transaction) else { return }
        throw ServiceError.conflict(
            code: "mac_address_in_use",
            Message(
                "The MAC address {address} is already in use on this network.",
                ["address": macAddress.description]))
    }

    private func apply(_ update: PortUpdate, to port: inout Port, _ transaction: borrowing Transaction) throws {
        var faults = Faults()
        faults.checkLength(update.name, "name")
        faults.checkLength(update.description, "description")
        faults.checkLength(update.deviceID, "device_id")
        faults.checkLength(update.deviceOwner, "device_owner")
        if let owner = update.deviceOwner, owner != port.deviceOwner { checkDeviceOwner(owner, &faults) }
        let macAddress = macAddress(update.macAddress, &faults)
        if let inputs = update.allowedAddressPairs {
            port.allowedAddressPairs = addressPairs(inputs, macAddress: macAddress ?? port.macAddress, &faults)
        }
        if let inputs = update.extraDHCPOptions {
            port.extraDHCPOptions = ExtraDHCPOptionRules.apply(inputs, to: port.extraDHCPOptions, &faults)
        }
        checkProfile(update.bindingProfile ?? "", &faults)
        try faults.throwIfAny()
        if let macAddress, macAddress != port.macAddress {
            try requireFree(macAddress, on: port.networkID, transaction)
            port.macAddress = macAddress
        }
        port.name = update.name ?? port.name
        port.description = update.description ?? port.description
        port.adminStateUp = update.adminStateUp ?? port.adminStateUp
        port.deviceID = update.deviceID ?? port.deviceID
        port.deviceOwner = update.deviceOwner ?? port.deviceOwner
        port.bindingHost = update.bindingHost ?? port.bindingHost
        port.vnicType = update.vnicType ?? port.vnicType
        port.bindingProfile = update.bindingProfile ?? port.bindingProfile
        port.portSecurityEnabled = update.portSecurityEnabled ?? port.portSecurityEnabled
        if let ids = update.securityGroups {
            port.securityGroupIDs = try usableGroups(ids, by: port.projectID, transaction)
        }
        try requireGuard(of: port)
        port.revision += 1
        port.updatedAt = clock.now()
    }
}
