public import ServiceCore

/// A plug on a network: one MAC address, some IP addresses, and whoever is plugged in.
public struct Port: Sendable, Hashable {
    public let id: ID<Port>
    public let networkID: ID<Network>
    /// The network's name, "" when it has none.
    public let networkName: String
    /// The network's MTU in bytes.
    public let mtu: Int
    public let projectID: String
    public var name: String
    public var description: String
    public var macAddress: MACAddress
    public var adminStateUp: Bool
    public var status: PortStatus
    /// Who is plugged in: an instance's id, or "dhcp…".
    public var deviceID: String
    /// What is plugged in: "compute:nova", "network:dhcp", "" for nothing.
    public var deviceOwner: String
    public var fixedIPs: [FixedIP]
    /// The host it is bound to, "" when it is not.
    public var bindingHost: String
    public var vnicType: String
    public var portSecurityEnabled: Bool
    /// The card's place in its instance, from 0; nil when no instance of this cloud's Compute uses the port.
    public private(set) var nicIndex: Int?
    public var revision: Int
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    /// The name, or Horizon's stand-in for an unnamed port.
    public var displayName: String { name.isEmpty ? "(\(id.text.prefix(13)))" : name }
}

extension Port {
    /// This port as a card of an instance.
    func plugged(into binding: InstanceBinding, card: Int, at now: Timestamp) -> Port {
        var port = changed(at: now)
        port.deviceID = binding.instanceID
        port.deviceOwner = DeviceOwner.instance
        port.bindingHost = binding.host
        port.status = .active
        port.nicIndex = card
        return port
    }

    /// This port as nobody's.
    func unplugged(at now: Timestamp) -> Port {
        var port = changed(at: now)
        port.deviceID = ""
        port.deviceOwner = ""
        port.bindingHost = ""
        port.status = .down
        port.nicIndex = nil
        return port
    }

    private func changed(at now: Timestamp) -> Port {
        var port = self
        port.revision += 1
        port.updatedAt = now
        return port
    }
}

/// An address of a port.
public struct FixedIP: Sendable, Hashable {
    public let subnetID: ID<Subnet>
    public let address: IPAddress

    public init(subnetID: ID<Subnet>, address: IPAddress) {
        self.subnetID = subnetID
        self.address = address
    }
}

/// Neutron's port states.
public enum PortStatus: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case build = "BUILD"
    case down = "DOWN"
    case error = "ERROR"
}

/// The device owners this cloud gives out itself.
public enum DeviceOwner {
    public static let instance = "compute:nova"
    public static let dhcp = "network:dhcp"
}
