public import ServiceCore

/// What a list of instances is narrowed to. Every field that is set must match.
public struct InstanceFilter: Sendable {
    /// Part of the name, without regard to case.
    public var name: String?
    public var id: String?
    public var status: InstanceStatus?
    public var imageID: String?
    public var imageName: String?
    public var flavorID: String?
    public var flavorName: String?
    public var keyName: String?
    public var availabilityZone: String?
    public var host: String?
    /// A project to look at; only for administrators together with `allProjects`.
    public var projectID: String?
    /// Every project's instances, for administrators.
    public var allProjects = false
    /// Instances that changed at or after this time; includes deleted ones, as nova's `changes-since` does.
    public var changesSince: Timestamp?

    public init() {}
}
