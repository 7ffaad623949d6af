public import ServiceCore

/// A group of hosts with metadata. One with the key `availability_zone` makes its hosts that zone.
public struct Aggregate: Sendable, Hashable {
    /// The number nova's API knows it by.
    public let id: Int
    /// Beside the number, as newer clients expect it.
    public let uuid: String
    /// Unique, whatever the case of its letters.
    public var name: String
    /// In the order of their names.
    public var hosts: [String]
    /// Free keys and values, `availability_zone` among them.
    public var metadata: [String: String]
    /// When it was made.
    public let createdAt: Timestamp
    /// When it, its hosts or its metadata last changed.
    public var updatedAt: Timestamp

    /// The zone its hosts are in; nil when it makes none.
    public var availabilityZone: String? { metadata[Self.zoneKey] }

    /// nova keeps the zone among the metadata.
    public static let zoneKey = "availability_zone"
}

/// A zone that can be asked for at a launch, and what is in it.
public struct AvailabilityZone: Sendable, Hashable {
    /// `nova`, unless an aggregate says otherwise.
    public let name: String
    /// In the order of their names.
    public let hosts: [Host]
    /// Whether at least one service in it is enabled and up.
    public var isAvailable: Bool { hosts.contains { $0.services.contains { $0.isEnabled && $0.isUp } } }

    /// One host of a zone.
    public struct Host: Sendable, Hashable {
        /// As in `Instance.host`.
        public let name: String
        /// What runs on it.
        public let services: [ServiceRecord]
        /// Whether all of it is up.
        public var isUp: Bool { services.allSatisfy(\.isUp) }
    }

    /// The zone of the controllers (nova: internal_service_availability_zone). Nothing is launched in it.
    public static let `internal` = "internal"
}
