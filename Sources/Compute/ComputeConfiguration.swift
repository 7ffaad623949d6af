import Cryptography

/// What can be set about Compute.
public struct ComputeConfiguration: Sendable {
    /// A new project's limits.
    public var limits: ComputeResources = .defaultLimits
    /// How far hosts may be promised away.
    public var ratios = AllocationRatios()
    /// The name under which the controllers appear in the service list.
    public var controllerName = "linux-node1"
    /// The availability zone of every compute host.
    public var availabilityZone = "nova"
    /// How long a guest may take to shut down before its power is cut, in seconds (nova: shutdown_timeout).
    public var shutdownSeconds = 60
    /// How often a guest that is shutting down is looked at, in milliseconds; its own event mostly comes first.
    public var shutdownPollMilliseconds = 1_000

    /// The program's secret: what guests shall have as passwords is sealed with it until they have them. Until it is set,
    /// no other program can open what this one has sealed.
    public var secretKey: [UInt8] = Random.bytes(32)

    /// Nova's defaults.
    public init() {}
}
