public import ComputeHost
public import Database
public import ServiceCore

/// A disk image that instances can be launched from: the row; the bytes are a file named by the id.
public struct Image: Sendable {
    /// A UUID; the name of its file.
    public let id: ID<Image>
    /// Not unique; empty when it has none.
    public var name: String
    /// Where it is in its life.
    public var status: ImageStatus
    /// Who sees it.
    public var visibility: ImageVisibility
    /// Whose it is.
    public var ownerProjectID: String
    /// What its bytes are, declared by the owner and held against the bytes; nil until somebody says it.
    public var diskFormat: ImageFormat?
    /// Glance's container format: `bare` unless it comes in one; nil until somebody says it.
    public var containerFormat: String?
    /// Bytes of the file; nil until it has been stored.
    public var size: Int64?
    /// Bytes a guest sees; nil until stored, and for formats that are not disks.
    public var virtualSize: Int64?
    /// The smallest root disk in GiB it can be launched with.
    public var minDiskGiB: Int
    /// The smallest memory in MiB it can be launched with.
    public var minRAMMiB: Int
    /// MD5 of the file in hexadecimal, Glance's `checksum`.
    public var checksum: String?
    /// SHA-512 of the file in hexadecimal, Glance's `os_hash_value`.
    public var sha512: String?
    /// When its row was made.
    public let createdAt: Timestamp
    /// When its row last changed.
    public var updatedAt: Timestamp
    /// A protected image cannot be deleted.
    public var protected: Bool
    /// Glance's `os_hidden`: left out of lists that do not ask for it, and usable all the same.
    public var isHidden = false
    /// Free key-value pairs; Horizon keeps the description here. Those that begin with `os_glance_` are the service's own.
    public var properties: [String: String]
    /// In the order of their letters, each once.
    public var tags: [String] = []

    /// The virtual size, rounded up.
    public var virtualSizeGiB: Int {
        let gibibyte: Int64 = 1 << 30
        return Int(((virtualSize ?? 0) + gibibyte - 1) / gibibyte)
    }

    /// What it is called in lists: by its identifier when it has no name, as in Horizon.
    public var title: String { name.isEmpty ? id.text : name }
    /// The text Horizon shows as "Description".
    public var description: String { properties["description"] ?? "" }
    /// What a host reads its file as; nil when none can make a disk of it.
    public var hostFormat: DiskFormat? { diskFormat?.hostFormat }
    /// Whether a host can make a disk of it now.
    public var isLaunchable: Bool { status == .active && hostFormat != nil }
}

/// Where an image is in its life (Image API v2, "Image status values").
public enum ImageStatus: String, Sendable, CaseIterable, DatabaseValue {
    /// The row exists, bytes have not come yet.
    case queued
    /// Bytes are coming.
    case saving
    /// Bytes are coming, or have come, to be imported.
    case uploading
    /// An import is at work.
    case importing
    /// The bytes are there and were found good.
    case active
    /// The bytes are there and nobody but an administrator gets them.
    case deactivated
    /// The bytes did not arrive whole, or were refused; written by earlier versions.
    case killed

    /// Whether there are bytes.
    public var hasData: Bool { self == .active || self == .deactivated }
    /// Whether somebody works on it, so that it will be another one soon.
    public var isTransient: Bool { self == .saving || self == .uploading || self == .importing }
}

/// Who sees an image (Image API v2, "Image visibility").
public enum ImageVisibility: String, Sendable, CaseIterable, DatabaseValue {
    case `public`, `private`, shared, community
}
