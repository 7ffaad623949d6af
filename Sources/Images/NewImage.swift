/// What is asked for when an image is created. Nothing in it has been checked.
public struct NewImage: Sendable {
    /// A UUID that the caller has chosen; nil for a random one.
    public var id: String?
    /// At most 255 characters; not unique. Empty: none.
    public var name: String
    /// Glance's name of the disk format; nil: said later.
    public var diskFormat: String?
    /// Glance's name of the container format; nil: said later.
    public var containerFormat: String?
    /// The smallest root disk in GiB it can be launched with.
    public var minDiskGiB = 0
    /// The smallest memory in MiB it can be launched with.
    public var minRAMMiB = 0
    /// Who shall see it; public is for administrators.
    public var visibility = ImageVisibility.private
    /// Whether it shall be safe from deletion.
    public var protected = false
    /// Whether it shall be left out of lists that do not ask for it.
    public var isHidden = false
    /// Whose it shall be; nil: the caller's project's. Others are for administrators.
    public var ownerProjectID: String?
    /// Free key-value pairs; Horizon keeps the description here.
    public var properties: [String: String] = [:]
    /// In any order.
    public var tags: [String] = []

    /// Makes a request for a private image, in the container that goes with the format.
    public init(name: String, diskFormat: String) {
        self.name = name
        self.diskFormat = diskFormat
        containerFormat = ImageFormat(rawValue: diskFormat)?.defaultContainer
    }

    /// Makes a request for a shared image of which nothing is said yet: Glance's defaults.
    public init() {
        name = ""
        visibility = .shared
    }

    /// Glance's limit on names.
    public static let nameLimit = 255
}

/// A change of an image's row; nil leaves a field alone.
public struct ImageUpdate: Sendable {
    /// As in `NewImage`; an empty one removes it.
    public var name: String?
    /// Glance's name; only while there is no data. An empty one removes it.
    public var diskFormat: String?
    /// Glance's name; only while there is no data. An empty one removes it.
    public var containerFormat: String?
    /// As in `NewImage`, in GiB.
    public var minDiskGiB: Int?
    /// As in `NewImage`, in MiB.
    public var minRAMMiB: Int?
    /// As in `NewImage`.
    public var visibility: ImageVisibility?
    /// As in `NewImage`.
    public var protected: Bool?
    /// As in `NewImage`.
    public var isHidden: Bool?
    /// As in `NewImage`.
    public var ownerProjectID: String?
    /// All tags it shall have.
    public var tags: [String]?
    /// Sets these properties; nil removes one.
    public var properties: [String: String?] = [:]

    /// No change.
    public init() {}
}

/// One step of a change, as a JSON patch has it (Image API v2, "Update image"). The steps are taken in their order, all
/// of them or none.
public enum ImageChange: Sendable {
    /// Sets attributes and properties, whatever there was.
    case set(ImageUpdate)
    /// Adds a property that must not be there yet, as the older form of the patch demands.
    case insert(property: String, value: String)
    /// Changes a property that must be there.
    case replace(property: String, value: String)
    /// Removes a property that must be there.
    case remove(property: String)
}
