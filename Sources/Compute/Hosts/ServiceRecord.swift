public import ServiceCore

/// One line of nova's service list: a part of the cloud that reports that it is alive.
public struct ServiceRecord: Sendable, Hashable {
    /// nova-conductor, nova-scheduler, nova-consoleauth, nova-compute.
    public let binary: String
    /// Where it runs.
    public let host: String
    /// `internal` for the controllers, otherwise the availability zone.
    public let zone: String
    /// Nil when enabled; otherwise why not.
    public let disabledReason: String?
    /// The last heartbeat.
    public let updatedAt: Timestamp
    /// Whether the last heartbeat is recent enough.
    public let isUp: Bool

    /// Whether an administrator lets it take work.
    public var isEnabled: Bool { disabledReason == nil }

    /// nova's `service_down_time`.
    public static let downAfterSeconds = 60
    /// nova's `report_interval`.
    public static let heartbeatSeconds = 10
}
