/// What is asked for when an image is created. Nothing in it has been checked.
public struct NewImage: Sendable {
    /// 1 to 255 characters; not unique.
    public var name: String
    /// Glance's name of the disk format.
    public var diskFormat: String
    /// Empty: the one that goes with the disk format.
    public var containerFormat = ""
    /// The smallest root disk in GiB it can be launched with.
    public var minDiskGiB = 0
    /// The smallest memory in MiB it can be launched with.
    public var minRAMMiB = 0
    /// Who shall see it; public is for administrators.
    public var visibility = ImageVisibility.private
    /// Whether it shall be safe from deletion.
    public var protected = false
    /// Free key-value pairs; Horizon keeps the description here.
    public var properties: [String: String] = [:]

    /// Makes a request for a private image.
    public init(name: String, diskFormat: String) {
        self.name = name
        self.diskFormat = diskFormat
    }

    /// Glance's limit on names.
    public static let nameLimit = 255
}

/// A change of an image's row; nil leaves a field alone.
public struct ImageUpdate: Sendable {
    /// As in `NewImage`.
    public var name: String?
    /// Glance's name; only while there is no data.
    public var diskFormat: String?
    /// As in `NewImage`, in GiB.
    public var minDiskGiB: Int?
    /// As in `NewImage`, in MiB.
    public var minRAMMiB: Int?
    /// As in `NewImage`.
    public var visibility: ImageVisibility?
    /// As in `NewImage`.
    public var protected: Bool?
    /// Sets these properties; an empty value removes one.
    public var properties: [String: String] = [:]

    /// No change.
    public init() {}
}

/// What a list of images is narrowed to. Every field that is set must match.
public struct ImageFilter: Sendable {
    /// Part of the name, without regard to case.
    public var name: String?
    /// Where it is in its life.
    public var status: ImageStatus?
    /// Who sees it.
    public var visibility: ImageVisibility?
    /// What its bytes are.
    public var diskFormat: ImageFormat?
    /// Whether it is safe from deletion.
    public var protected: Bool?
    /// Only what a host can make a disk of now.
    public var launchable = false

    /// Everything.
    public init() {}
}
