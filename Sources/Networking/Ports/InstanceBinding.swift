public import ServiceCore

/// The cards an instance wants, for Compute.
public struct InstanceBinding: Sendable {
    /// The instance's id.
    public let instanceID: String
    public let projectID: String
    /// The host it runs on; "" while none is chosen.
    public let host: String
    /// In the order of the cards: the place in this list is the card's index.
    public let cards: [Card]

    /// What one card is plugged into.
    public enum Card: Sendable, Hashable {
        /// A new port, with an address of the service's choice.
        case network(ID<Network>)
        /// A new port with this address.
        case address(ID<Network>, String)
        /// A port that exists.
        case port(ID<Port>)
    }

    public init(instanceID: String, projectID: String, host: String, cards: [Card]) {
        self.instanceID = instanceID
        self.projectID = projectID
        self.host = host
        self.cards = cards
    }
}

/// An address of an instance, as lists of instances show it.
public struct InstanceAddress: Sendable, Hashable {
    public let networkID: ID<Network>
    public let networkName: String
    public let address: IPAddress
    public let macAddress: MACAddress
}
