public import ServiceCore

/// One line of neutron's agent list: a part of a host's network that reports that it works.
public struct NetworkAgent: Sendable, Hashable {
    /// Its identifier.
    public let id: ID<NetworkAgent>
    /// What it does.
    public let kind: Kind
    /// Where it runs.
    public let host: String
    /// Whether an administrator lets it take work.
    public let adminStateUp: Bool
    /// When it first reported.
    public let createdAt: Timestamp
    /// When it last reported.
    public let updatedAt: Timestamp
    /// Whether that is recent enough.
    public let isAlive: Bool
    /// What an administrator says of it; nil while nobody did.
    public let description: String?

    /// What an agent does; the raw value is neutron's `agent_type`.
    public enum Kind: String, Sendable, CaseIterable {
        case bridge = "Linux bridge agent"
        case dhcp = "DHCP agent"
        case layer3 = "L3 agent"
        case metadata = "Metadata agent"

        /// Neutron's program of this name.
        public var binary: String {
            switch self {
            case .bridge: "neutron-linuxbridge-agent"
            case .dhcp: "neutron-dhcp-agent"
            case .layer3: "neutron-l3-agent"
            case .metadata: "neutron-metadata-agent"
            }
        }

        /// The zone it serves; the other two serve their host.
        public var availabilityZone: String? { self == .dhcp || self == .layer3 ? "nova" : nil }
    }

    /// Neutron's `agent_down_time`.
    public static let downAfterSeconds = 75
    /// Neutron's `report_interval`.
    public static let heartbeatSeconds = 30
}
