/// The formats an image's file can have, by OpenStack's names (Image API, `disk_format`).
public enum DiskFormat: String, Codable, Hashable, Sendable, CaseIterable {
    case raw
    case qcow2
    case vmdk
    case vdi
    case vhd
    case vhdx
    case iso
}

/// An image as a host must have it.
public struct ImageSpec: Codable, Hashable, Sendable {
    /// The image's UUID.
    public var id: String
    /// The format the image was accepted with. The file is read as this and as nothing else.
    public var format: DiskFormat

    /// Takes each value as it is.
    public init(id: String, format: DiskFormat) {
        self.id = id
        self.format = format
    }
}

/// A raw copy of an image that disks are laid over.
public struct BaseFile: Codable, Hashable, Sendable {
    /// The SHA-1 of the image's id in hexadecimal, nova's name for it in `instances/_base`.
    public var name: String
    /// Bytes the guest sees.
    public var virtualSize: Int64

    /// Takes each value as it is.
    public init(name: String, virtualSize: Int64) {
        self.name = name
        self.virtualSize = virtualSize
    }
}

/// What an inspection of an image's file found.
public struct ImageInformation: Codable, Hashable, Sendable {
    /// The format it was read as.
    public var format: DiskFormat
    /// Bytes a guest would see.
    public var virtualSize: Int64
    /// Bytes the file takes.
    public var actualSize: Int64

    /// Takes each value as it is.
    public init(format: DiskFormat, virtualSize: Int64, actualSize: Int64) {
        self.format = format
        self.virtualSize = virtualSize
        self.actualSize = actualSize
    }
}
