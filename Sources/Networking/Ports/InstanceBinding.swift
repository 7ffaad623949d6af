public import ServiceCore

/// The cards an instance wants, for Compute.
public struct InstanceBinding: Sendable {
    /// The instance's id.
    public let instanceID: String
    /// The instance's project, which new ports belong to.
    public let projectID: String
    /// The host it runs on; "" while none is chosen.
    public let host: String
    /// In the order of the cards: the place in this list is the card's index.
    public let cards: [Card]
    /// The groups of new ports, by name or id.
    public let securityGroups: [String]

    /// What one card is plugged into.
    public enum Card: Sendable, Hashable {
        /// A new port, with an address of the service's choice.
        case network(ID<Network>)
        /// A new port with this address.
        case address(ID<Network>, String)
        /// A port that exists.
        case port(ID<Port>)
    }

    /// The cards of an instance.
    public init(
        instanceID: String, projectID: String, host: String, cards: [Card],
        securityGroups: [String] = [SecurityGroup.defaultName]
    ) {
        self.instanceID = instanceID
        self.projectID = projectID
        self.host = host
        self.cards = cards
        self.securityGroups = securityGroups
    }
}

extension InstanceBinding {
    /// A new port for a card of this instance.
    func port(on networkID: ID<Network>, address: String? = nil) -> NewPort {
        var port = NewPort(networkID: networkID)
        port.deviceID = instanceID
        port.deviceOwner = DeviceOwner.instance
        port.bindingHost = host
        port.fixedIPs = address.map { [FixedIPInput(address: $0)] }
        port.projectID = projectID
        return port
    }
}

/// An address of an instance, as lists of instances show it.
public struct InstanceAddress: Sendable, Hashable {
    /// The network.
    public let networkID: ID<Network>
    /// The network's name, "" when it has none.
    public let networkName: String
    /// The address.
    public let address: IPAddress
    /// The card's address.
    public let macAddress: MACAddress
    /// Whether it is a floating IP that leads to the card.
    public var isFloating = false
}
