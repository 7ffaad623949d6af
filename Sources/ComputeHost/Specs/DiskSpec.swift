/// The root disk of an instance.
public struct DiskSpec: Codable, Hashable, Sendable {
    /// The instance's UUID, lower case.
    public var instanceID: String
    /// The image that the disk begins as.
    public var imageID: String
    /// The flavor's size; 0 means as large as the image.
    public var sizeGiB: Int

    /// Takes each value as it is.
    public init(instanceID: String, imageID: String, sizeGiB: Int) {
        self.instanceID = instanceID
        self.imageID = imageID
        self.sizeGiB = sizeGiB
    }

    /// Bytes a guest sees of the disk when it lies over `base`.
    public func virtualSize(over base: BaseFile) -> Int64 {
        sizeGiB > 0 ? Int64(sizeGiB) << 30 : base.virtualSize
    }
}

/// Facts about an instance's root disk.
public struct DiskInformation: Codable, Hashable, Sendable {
    /// Bytes the guest sees.
    public var virtualSize: Int64
    /// Bytes the host spends.
    public var actualSize: Int64
    /// `qcow2`.
    public var format: String
    /// The name of the base file in `_base`.
    public var backingFile: String?

    /// Takes each value as it is.
    public init(virtualSize: Int64, actualSize: Int64, format: String, backingFile: String?) {
        self.virtualSize = virtualSize
        self.actualSize = actualSize
        self.format = format
        self.backingFile = backingFile
    }
}
