public import ServiceCore

/// What a list of instances is narrowed to. Every field that is set must match.
public struct InstanceFilter: Sendable {
    /// Part of the name, without regard to case.
    public var name: String?
    /// Exactly this instance.
    public var id: String?
    /// nova's status, as lists show it.
    public var status: InstanceStatus?
    /// Launched from this image.
    public var imageID: String?
    /// Launched from an image of this name.
    public var imageName: String?
    /// Launched with this flavor.
    public var flavorID: String?
    /// Launched with a flavor of this name.
    public var flavorName: String?
    /// Launched with a keypair of this name.
    public var keyName: String?
    /// In this zone.
    public var availabilityZone: String?
    /// On this host.
    public var host: String?
    /// A project to look at; only for administrators together with `allProjects`.
    public var projectID: String?
    /// Every project's instances, for administrators.
    public var allProjects = false
    /// Instances that changed at or after this time; includes deleted ones, as nova's `changes-since` does.
    public var changesSince: Timestamp?

    /// Everything.
    public init() {}
}
