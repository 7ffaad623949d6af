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

    /// Instances that changed at or before this time.
    public var changesBefore: Timestamp?
    /// What a regular expression finds in the name; as nova's filter `name`.
    public var namePattern: NamePattern?
    /// One of these; empty for any.
    public var statuses: [InstanceStatus] = []
    /// Only these; nil for any.
    public var ids: [String]?
    /// With an IPv4 address that has this in it.
    public var ip: String?
    /// With an IPv6 address that has this in it.
    public var ip6: String?
    /// In this vm_state.
    public var vmState: VMState?
    /// With this task_state, by nova's name; "" for none.
    public var taskState: String?
    /// With this power_state, by nova's number.
    public var powerState: Int?
    /// Launched by this user.
    public var userID: String?
    /// Made by this launch.
    public var reservationID: String?
    /// Locked, or not.
    public var isLocked: Bool?
    /// With a config drive, or without.
    public var hasConfigDrive: Bool?
    /// With this in the description.
    public var description: String?
    /// At this place of its launch.
    public var launchIndex: Int?
    /// With this host name.
    public var hostname: String?
    /// With these addresses shown.
    public var accessIPv4: String?
    /// With these addresses shown.
    public var accessIPv6: String?
    /// With all of these tags.
    public var tags: [String] = []
    /// With one of these tags.
    public var tagsAny: [String] = []
    /// Without all of these tags.
    public var notTags: [String] = []
    /// Without any of these tags.
    public var notTagsAny: [String] = []
    /// Only deleted ones; heeded for administrators.
    public var deleted = false
    /// Whether a marker that names nothing is a fault, as in nova, and not the end of the list.
    public var requiresMarker = false
    /// In this order; empty for the newest first.
    public var order: [InstanceOrder] = []

    /// Everything.
    public init() {}
}

/// What a list of instances is sorted by, with nova's names (Compute API, "List Servers": `sort_key`).
public struct InstanceOrder: Sendable, Hashable {
    /// A column.
    public enum Key: String, Sendable, CaseIterable {
        case accessIPv4 = "access_ip_v4"
        case accessIPv6 = "access_ip_v6"
        case diskConfig = "auto_disk_config"
        case availabilityZone = "availability_zone"
        case configDrive = "config_drive"
        case createdAt = "created_at"
        case description = "display_description"
        case name = "display_name"
        case host
        case hostname
        case image = "image_ref"
        case flavor = "instance_type_id"
        case keyName = "key_name"
        case launchIndex = "launch_index"
        case launchedAt = "launched_at"
        case lockedBy = "locked_by"
        case locked
        case node
        case powerState = "power_state"
        case projectID = "project_id"
        case taskState = "task_state"
        case terminatedAt = "terminated_at"
        case updatedAt = "updated_at"
        case userID = "user_id"
        case uuid
        case vmState = "vm_state"
    }

    /// The column.
    public let key: Key
    /// Whether the smallest comes first.
    public let isAscending: Bool

    /// An order.
    public init(_ key: Key, isAscending: Bool) {
        self.key = key
        self.isAscending = isAscending
    }
}
