public import Database
public import ServiceCore

/// A disk image that instances can be launched from: the row; the bytes are a file named by the id.
public struct Image: Sendable {
    public let id: ID<Image>
    public var name: String
    public var status: ImageStatus
    public var visibility: ImageVisibility
    public let ownerProjectID: String
    public var diskFormat: ImageFormat
    public var containerFormat: String
    /// Bytes of the file; nil until it has been stored.
    public var size: Int64?
    /// Bytes a guest sees; nil until stored, and for formats that are not disks.
    public var virtualSize: Int64?
    public var minDiskGiB: Int
    public var minRAMMiB: Int
    /// MD5 of the file in hexadecimal, Glance's `checksum`.
    public var checksum: String?
    /// SHA-512 of the file in hexadecimal, Glance's `os_hash_value`.
    public var sha512: String?
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    /// A protected image cannot be deleted.
    public var protected: Bool
    public var properties: [String: String]

    /// The virtual size, rounded up.
    public var virtualSizeGiB: Int {
        let gibibyte: Int64 = 1 << 30
        return Int(((virtualSize ?? 0) + gibibyte - 1) / gibibyte)
    }

    /// The text Horizon shows as "Description".
    public var description: String { properties["description"] ?? "" }
    /// Whether a host can make a disk of it now.
    public var isLaunchable: Bool { status == .active && diskFormat.hostFormat != nil }
}

/// Where an image is in its life (Image API v2, "Image status values").
public enum ImageStatus: String, Sendable, CaseIterable, DatabaseValue {
    /// The row exists, bytes have not come yet.
    case queued
    /// Bytes are coming.
    case saving
    /// The bytes are there and were found good.
    case active
    /// The bytes did not arrive whole, or were refused.
    case killed
}

/// Who sees an image (Image API v2, "Image visibility").
public enum ImageVisibility: String, Sendable, CaseIterable, DatabaseValue {
    case `public`, `private`, shared, community
}
