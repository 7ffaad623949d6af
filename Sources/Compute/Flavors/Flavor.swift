/// A size instances can have.
public struct Flavor: Sendable, Hashable {
    /// Text, as in nova: `0` is a flavor's id as well as a UUID is.
    public let id: String
    /// Unique.
    public let name: String
    /// Virtual processors.
    public let vcpus: Int
    /// Memory in MiB.
    public let memoryMiB: Int
    /// Size of the root disk; 0 means as large as the image.
    public let diskGiB: Int
    /// Whether every project may use it; otherwise those that were given access.
    public let isPublic: Bool
    /// Size of a swap disk.
    public var swapMiB = 0
    /// Size of a second disk that is empty at first.
    public var ephemeralGiB = 0
    /// nova's `rxtx_factor`, which no driver heeds any more.
    public var rxtxFactor = 1.0
    /// Free text; nil when there is none.
    public var description: String?
    /// What hosts must be like, as nova's scheduler reads it: `aggregate_instance_extra_specs:<key>` is held against the
    /// metadata of host aggregates.
    public var extraSpecs: [String: String] = [:]

    /// The flavors of a new cloud: nova's classical ones with their classical ids, and a small one. Not m1.nano, which
    /// tutorials have their readers create.
    static let seeds = [
        Flavor(id: "42", name: "m1.micro", vcpus: 1, memoryMiB: 128, diskGiB: 1, isPublic: true),
        Flavor(id: "1", name: "m1.tiny", vcpus: 1, memoryMiB: 512, diskGiB: 1, isPublic: true),
        Flavor(id: "2", name: "m1.small", vcpus: 1, memoryMiB: 2048, diskGiB: 20, isPublic: true),
        Flavor(id: "3", name: "m1.medium", vcpus: 2, memoryMiB: 4096, diskGiB: 40, isPublic: true),
        Flavor(id: "4", name: "m1.large", vcpus: 4, memoryMiB: 8192, diskGiB: 80, isPublic: true),
    ]
}

/// What is asked for when a flavor is made. Nothing in it has been checked.
public struct NewFlavor: Sendable {
    /// 1 to 255 characters, unique.
    public var name: String
    /// 1 to 255 letters, digits, spaces and the characters . _ -; nil or `auto` for a new UUID.
    public var id: String?
    /// At least 1.
    public var vcpus: Int
    /// MiB, at least 1.
    public var memoryMiB: Int
    /// GiB; 0 for as large as the image.
    public var diskGiB: Int
    /// MiB.
    public var swapMiB = 0
    /// GiB.
    public var ephemeralGiB = 0
    /// More than 0.
    public var rxtxFactor = 1.0
    /// Whether every project may use it.
    public var isPublic = true
    /// At most 65,535 characters.
    public var description: String?

    /// A flavor with a root disk and nothing else.
    public init(name: String, id: String? = nil, vcpus: Int, memoryMiB: Int, diskGiB: Int) {
        self.name = name
        self.id = id
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.diskGiB = diskGiB
    }
}

/// What a list of flavors is narrowed to; nil means any.
public struct FlavorFilter: Sendable {
    /// Public ones or others; heeded for administrators only.
    public var isPublic: Bool?
    /// At least this much memory, in MiB.
    public var minMemoryMiB: Int?
    /// A root disk of at least this size, in GiB.
    public var minDiskGiB: Int?
    /// With a name that has this in it.
    public var name: NamePattern?

    /// Every flavor that the caller may use.
    public init() {}
}
