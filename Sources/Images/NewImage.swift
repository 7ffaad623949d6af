/// What is asked for when an image is created. Nothing in it has been checked.
public struct NewImage: Sendable {
    public var name: String
    /// Glance's name of the disk format.
    public var diskFormat: String
    /// Empty: the one that goes with the disk format.
    public var containerFormat = ""
    public var minDiskGiB = 0
    public var minRAMMiB = 0
    public var visibility = ImageVisibility.private
    public var protected = false
    /// Free key-value pairs; Horizon keeps the description here.
    public var properties: [String: String] = [:]

    public init(name: String, diskFormat: String) {
        self.name = name
        self.diskFormat = diskFormat
    }

    /// Glance's limit on names.
    public static let nameLimit = 255
}

/// A change of an image's row; nil leaves a field alone.
public struct ImageUpdate: Sendable {
    public var name: String?
    public var diskFormat: String?
    public var minDiskGiB: Int?
    public var minRAMMiB: Int?
    public var visibility: ImageVisibility?
    public var protected: Bool?
    /// Sets these properties; an empty value removes one.
    public var properties: [String: String] = [:]

    public init() {}
}

/// What a list of images is narrowed to. Every field that is set must match.
public struct ImageFilter: Sendable {
    /// Part of the name, without regard to case.
    public var name: String?
    public var status: ImageStatus?
    public var visibility: ImageVisibility?
    public var diskFormat: ImageFormat?
    public var protected: Bool?
    /// Only what a host can make a disk of now.
    public var launchable = false

    public init() {}
}
