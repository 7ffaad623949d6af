/// Keeps the files of the instances on one host: base files, disks, config drives and console logs.
///
/// Nothing here returns a path: another machine could not use it. Every verb makes something so and may be repeated;
/// a call interrupted half-way leaves nothing that a repeat does not overwrite.
public protocol DiskBackend: Sendable {
    /// Makes sure that the host has a raw copy of the image, fetched once however many ask at the same time.
    func fetchBase(_ image: ImageSpec) throws(HostError) -> BaseFile

    /// Removes the base files that no disk here lies over and nobody has asked for lately, except those of the images
    /// in `imageIDs`. To be repeated now and then.
    /// - Returns: the names of the files that were removed.
    @discardableResult
    func removeUnusedBases(keeping imageIDs: Set<String>) throws(HostError) -> [String]

    /// Creates the instance's root disk over its base file. A disk that is there already is left alone.
    func createDisk(_ disk: DiskSpec) throws(HostError)

    /// Makes the root disk larger; the guest must be off. A disk of that size already is a success, and a larger one
    /// fails: what lies beyond the end would be lost.
    func growDisk(of instanceID: String, toGiB size: Int) throws(HostError)

    /// Removes the root disk, for a rebuild or while an instance is shelved. Everything else stays. Absent is a success.
    func deleteDisk(of instanceID: String) throws(HostError)

    /// Keeps a copy of the root disk as it is now, for a resize that may be reverted; the guest must be off. A copy that
    /// is kept already stays as it is.
    func keepDisk(of instanceID: String) throws(HostError)

    /// Puts the kept copy in the place of the root disk; the guest must be off. No copy is a success.
    func restoreKeptDisk(of instanceID: String) throws(HostError)

    /// Removes the kept copy. Absent is a success.
    func dropKeptDisk(of instanceID: String) throws(HostError)

    /// Creates the disk that a rescue boots from (`DomainSpec.rescueImageID`) over its image's base file. One that is
    /// there already is left alone.
    func createRescueDisk(_ disk: DiskSpec) throws(HostError)

    /// Removes the rescue disk. Absent is a success.
    func deleteRescueDisk(of instanceID: String) throws(HostError)

    /// Copies what the root disk shows now, whether its guest runs, is paused or is off, into the file of a new image:
    /// compressed qcow2 without a backing file. The disk and its base file stay as they are. A file that is there
    /// already is replaced.
    ///
    /// Throws `.failed` when the image's format is not qcow2, `.notFound` when there is no disk.
    func snapshotDisk(of instanceID: String, to image: ImageSpec) throws(HostError) -> ImageInformation

    /// Writes the config drive (label `config-2`). One that is there already is replaced.
    func createConfigDrive(_ drive: ConfigDriveSpec) throws(HostError)

    /// Removes everything the host keeps for the instance. Absent is a success.
    func deleteInstance(_ instanceID: String) throws(HostError)

    /// The ids of the instances that have files here.
    func instances() throws(HostError) -> [String]

    /// The last `tail` lines of what the guest wrote to its serial port (nil: as much as the host is willing to read).
    /// A guest that never started gives an empty log.
    func consoleLog(of instanceID: String, tail: Int?) throws(HostError) -> [UInt8]

    /// Facts about the root disk, or nil when there is none.
    func diskInformation(of instanceID: String) throws(HostError) -> DiskInformation?
}

/// Looks at an uploaded image before anything trusts it.
public protocol ImageInspector: Sendable {
    /// Reads the local file `path` as `format` and as nothing else: the content never decides.
    ///
    /// Throws `.failed` when the file is not of that format or refers to another file (a backing file or an external
    /// data file would let an upload read files of the host).
    func inspect(path: String, format: DiskFormat) throws(HostError) -> ImageInformation
}
