public import ServiceCore

/// A plug on a network: one MAC address, some IP addresses, and whoever is plugged in.
public struct Port: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<Port>
    /// The network it is on.
    public let networkID: ID<Network>
    /// The network's name, "" when it has none.
    public let networkName: String
    /// The network's MTU in bytes.
    public let mtu: Int
    /// Whose it is.
    public let projectID: String
    /// May be empty.
    public var name: String
    /// May be empty.
    public var description: String
    /// Unique on its network.
    public var macAddress: MACAddress
    /// Whether its owner wants it to carry traffic.
    public var adminStateUp: Bool
    /// Whether it does.
    public var status: PortStatus
    /// Who is plugged in: an instance's id, or "dhcp…".
    public var deviceID: String
    /// What is plugged in: "compute:nova", "network:dhcp", "" for nothing.
    public var deviceOwner: String
    /// IPv4 first, in ascending order.
    public var fixedIPs: [FixedIP]
    /// The host it is bound to, "" when it is not.
    public var bindingHost: String
    /// "normal" for everything this cloud plugs in itself.
    public var vnicType: String
    /// Whether it is guarded against spoofed addresses.
    public var portSecurityEnabled: Bool
    /// The groups whose rules it has.
    public var securityGroupIDs: [ID<SecurityGroup>] = []
    /// Further addresses that it may use.
    public var allowedAddressPairs: [AddressPair] = []
    /// What its guest is told by DHCP beside what its subnets say.
    public var extraDHCPOptions: [ExtraDHCPOption] = []
    /// Neutron's `binding:profile`, a JSON object for whoever plugs the port in; administrators only.
    public var bindingProfile = "{}"
    /// The card's place in its instance, from 0; nil when no instance of this cloud's Compute uses the port.
    public private(set) var nicIndex: Int?
    /// Grows with every change.
    public var revision: Int
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was last changed.
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

    /// This port with other addresses, which it has been given or lost.
    func having(_ fixedIPs: [FixedIP], at now: Timestamp) -> Port {
        var port = changed(at: now)
        port.fixedIPs = fixedIPs.sorted { $0.address < $1.address }
        return port
    }

    /// Makes this port one of the cloud's own, which is not guarded.
    mutating func becomeOwn(_ owner: String, of device: String, on host: String, at now: Timestamp) {
        self = changed(at: now)
        deviceOwner = owner
        deviceID = device
        bindingHost = host
        status = host.isEmpty ? .down : .active
        portSecurityEnabled = false
        securityGroupIDs = []
        allowedAddressPairs = []
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
    /// The subnet it is of.
    public let subnetID: ID<Subnet>
    /// The address.
    public let address: IPAddress

    /// An address of a subnet.
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
    /// An instance of Compute.
    public static let instance = "compute:nova"
    /// The network's DHCP server.
    public static let dhcp = "network:dhcp"
    /// A router's port on a network inside.
    public static let routerInterface = "network:router_interface"
    /// A router's port on an external network.
    public static let routerGateway = "network:router_gateway"
    /// The holder of a floating IP's address.
    public static let floatingIP = "network:floatingip"

    /// The owners of ports that only this service makes.
    static let reserved: Set<String> = [dhcp, routerInterface, routerGateway, floatingIP]

    /// Ports of the cloud's own, which need no guarding.
    static func isTrusted(_ owner: String) -> Bool { owner.hasPrefix("network:") }
}
