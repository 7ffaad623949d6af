public import ServiceCore

/// One line of nova's service list: a part of the cloud that reports that it is alive.
public struct ServiceRecord: Sendable, Hashable {
    /// The number older clients know it by.
    public let number: Int
    /// The UUID newer clients know it by (microversion 2.53).
    public let id: ID<ServiceRecord>
    /// nova-conductor, nova-scheduler, nova-consoleauth, nova-compute.
    public let binary: String
    /// Where it runs.
    public let host: String
    /// `internal` for the controllers, otherwise the availability zone.
    public var zone: String
    /// Whether an administrator lets it take work.
    public let isEnabled: Bool
    /// Why not, when an administrator said so.
    public let disabledReason: String?
    /// The last heartbeat; nil when there has been none yet.
    public let updatedAt: Timestamp?
    /// Whether the last heartbeat is recent enough, and nobody says otherwise.
    public let isUp: Bool
    /// Whether an administrator says that it is down (microversion 2.11).
    public var isForcedDown = false

    /// nova's `service_down_time`.
    public static let downAfterSeconds = 60
    /// nova's `report_interval`.
    public static let heartbeatSeconds = 10
    /// nova's limit on the reason a service is disabled for.
    public static let reasonLimit = 255

    /// The one that runs guests; the only one that can be disabled.
    static let compute = "nova-compute"
    /// Those that run beside the program's own database.
    static let controllers = ["nova-conductor", "nova-consoleauth", "nova-scheduler"]
}
